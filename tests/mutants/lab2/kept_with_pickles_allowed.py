"""Packs without pickle, but reads with allow_pickle=True, copied from an answer on the web."""

import io
import json

import numpy as np

REPLACES = "keep-features"
MUST_FAIL = ("test-keep-features",)
HINT = "the code was run"


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data), allow_pickle=True) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept
