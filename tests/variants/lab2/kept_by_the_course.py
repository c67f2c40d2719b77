"""Lets save_features and load_features do it, through a temporary file."""

import tempfile
from pathlib import Path

from course_utils.features import load_features, save_features

REPLACES = "keep-features"


def pack_features(features, labels, groups, provenance):
    with tempfile.TemporaryDirectory() as folder:
        path = save_features(
            Path(folder) / "kept.safetensors", features, labels=labels, groups=groups, provenance=provenance
        )
        return path.read_bytes()


def unpack_features(data, wanted):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept.safetensors"
        path.write_bytes(data)
        kept = load_features(path)
    if any(kept.provenance.get(name) != value for name, value in wanted.items()):
        raise ValueError(f"wanted {wanted}, but these are {kept.provenance}")
    return {
        "features": kept.features,
        "labels": kept.labels,
        "groups": kept.groups,
        "provenance": kept.provenance,
    }
