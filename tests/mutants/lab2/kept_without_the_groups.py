"""Forgets the groups."""

import io
import json

import numpy as np

REPLACES = "keep-features"
MUST_FAIL = ("test-keep-features",)
HINT = "lacks groups"


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, provenance=np.array(json.dumps(provenance)))
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept
