"""Makes a zip by hand: NumPy arrays under names without .npy, the provenance as JSON beside them."""

import io
import json
import zipfile

import numpy as np

REPLACES = "keep-features"


def pack_features(features, labels, groups, provenance):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in {"features": features, "labels": labels, "groups": groups}.items():
            with archive.open(name, "w") as member:
                np.save(member, array)
        archive.writestr("provenance.json", json.dumps(provenance))
    return file.getvalue()


def unpack_features(data, wanted):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        kept = {name: np.load(io.BytesIO(archive.read(name))) for name in ("features", "labels", "groups")}
        kept["provenance"] = json.loads(archive.read("provenance.json"))
    for key, value in wanted.items():
        if kept["provenance"].get(key) != value:
            raise ValueError(f"{key} is not {value}")
    return kept
