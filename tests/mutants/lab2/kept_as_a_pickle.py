"""Pickles the whole dictionary, which is one line each way."""

import pickle

REPLACES = "keep-features"
MUST_FAIL = ("test-keep-features",)
HINT = "Your file holds a pickle;"
MARKS = 11.25


def pack_features(features, labels, groups, provenance):
    return pickle.dumps({"features": features, "labels": labels, "groups": groups, "provenance": provenance})


def unpack_features(data, wanted):
    kept = pickle.loads(data)
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept
