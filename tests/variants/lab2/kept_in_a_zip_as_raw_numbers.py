"""Makes a zip of raw numbers, whose shapes and dtypes are in its JSON: there is no array of NumPy's in it."""

import io
import json
import zipfile

import numpy as np

REPLACES = "keep-features"


def pack_features(features, labels, groups, provenance):
    file, arrays = io.BytesIO(), {"features": features, "labels": labels, "groups": groups}
    forms = {name: [array.dtype.str, array.shape] for name, array in arrays.items()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about", json.dumps([provenance, forms]))
        for name, array in arrays.items():
            archive.writestr(name, array.tobytes())
    return file.getvalue()


def unpack_features(data, wanted):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        provenance, forms = json.loads(archive.read("about"))
        kept = {name: np.frombuffer(archive.read(name), form[0]).reshape(form[1]) for name, form in forms.items()}
    for key, value in wanted.items():
        if provenance.get(key) != value:
            raise ValueError(f"{key} is not {value}")
    return {**kept, "provenance": provenance}
