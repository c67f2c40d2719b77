"""Puts the dictionary among the arrays and allows pickles to get it back."""

import io

import numpy as np

REPLACES = "keep-features"
MUST_FAIL = ("test-keep-features",)
HINT = "NumPy writes an array of Python objects as one"


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=provenance)
    return buffer.getvalue()


def unpack_features(data, wanted):
    file = np.load(io.BytesIO(data), allow_pickle=True)
    kept = {name: file[name] for name in ["features", "labels", "groups"]} | {"provenance": file["provenance"].item()}
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept
