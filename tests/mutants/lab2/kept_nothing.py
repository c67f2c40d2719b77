"""Writes as many zeros as the features have bytes, and refuses whatever is wanted."""

REPLACES = "keep-features"
MUST_FAIL = ("test-keep-features",)
MARKS = 2.25


def pack_features(features, labels, groups, provenance):
    return bytes(features.nbytes)


def unpack_features(data, wanted):
    if wanted:
        raise ValueError("it is of another origin")
    return {}
