"""Compresses the arrays; the provenance is bytes of JSON."""

import io
import json

import numpy as np

REPLACES = "keep-features"


def pack_features(features, labels, groups, provenance):
    file = io.BytesIO()
    text = np.frombuffer(json.dumps(provenance).encode(), "uint8")
    np.savez_compressed(file, f=features, l=labels.astype("int32"), g=groups.astype("int32"), about=text)
    return file.getvalue()


def unpack_features(data, wanted):
    file = np.load(io.BytesIO(data))
    about = json.loads(bytes(file["about"]))
    if not wanted.items() <= {key: value for key, value in about.items() if key in wanted}.items():
        raise ValueError("these are other features")
    return dict(features=file["f"], labels=file["l"], groups=file["g"], provenance=about)
