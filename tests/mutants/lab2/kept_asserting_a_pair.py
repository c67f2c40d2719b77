"""Asserts a pair of condition and message, which is always true."""

import io
import json

import numpy as np

REPLACES = "keep-features"
MUST_FAIL = ("test-keep-features",)
HINT = "never fails"
MARKS = 11.25


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        check = (kept["provenance"].get(name) == value, f"{name} is not {value!r}")
        assert check
    return kept
