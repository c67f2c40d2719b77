"""Writes one line of JSON and the raw numbers after it."""

import json

import numpy as np

REPLACES = "keep-features"


def pack_features(features, labels, groups, provenance):
    arrays = {"features": features, "labels": labels, "groups": groups}
    head = {
        "provenance": provenance,
        "arrays": [[name, array.dtype.str, array.shape] for name, array in arrays.items()],
    }
    return json.dumps(head).encode() + b"\n" + b"".join(array.tobytes() for array in arrays.values())


def unpack_features(data, wanted):
    line, _, rest = data.partition(b"\n")
    head = json.loads(line)
    for name, value in wanted.items():
        assert head["provenance"][name] == value, f"{name} should be {value}"
    kept = {"provenance": head["provenance"]}
    for name, dtype, shape in head["arrays"]:
        length = np.dtype(dtype).itemsize * int(np.prod(shape))
        kept[name] = np.frombuffer(rest[:length], dtype).reshape(shape)
        rest = rest[length:]
    return kept
