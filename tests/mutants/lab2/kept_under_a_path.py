"""Writes a file and returns its path."""

import json
import tempfile
from pathlib import Path

import numpy as np

REPLACES = "keep-features"
MUST_FAIL = ("test-keep-features",)
HINT = "expected bytes"
MARKS = 0


def pack_features(features, labels, groups, provenance):
    path = Path(tempfile.mkdtemp()) / "features.npz"
    np.savez(path, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return str(path)


def unpack_features(data, wanted):
    with np.load(data) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept
