# %% wrong "Compares what is wanted as text, so that the text 96 passes for the number 96." name="trial3_compared_as_text" breaks="wanted"
def pack_features(features, labels, groups, provenance):
    file = io.BytesIO()
    np.savez(file, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return file.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        found = {name: file[name] for name in ("features", "labels", "groups")}
        found["provenance"] = json.loads(str(file["provenance"]))
    for key, value in wanted.items():
        if key not in found["provenance"] or str(found["provenance"][key]) != str(value):
            raise ValueError(f"{key} is {found['provenance'].get(key)!r}, not {value!r}")
    return found


# %% wrong "Loads with pickles allowed and raises an error only when an array of objects has come out, which is after the pickle has run." name="trial3_error_after_running" breaks="pickles refused"
def pack_features(features, labels, groups, provenance):
    file = io.BytesIO()
    np.savez(file, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return file.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data), allow_pickle=True) as file:
        found = {name: file[name] for name in ("features", "labels", "groups", "provenance")}
    for name, array in found.items():
        if array.dtype.hasobject:
            raise ValueError(f"{name} holds a pickle, which is refused")
    found["provenance"] = json.loads(str(found["provenance"]))
    for key, value in wanted.items():
        if key not in found["provenance"] or found["provenance"][key] != value:
            raise ValueError(f"{key} is {found['provenance'].get(key)!r}, not {value!r}")
    return found


# %% wrong "Hides a pickle of the provenance, compressed, in an array of bytes." name="trial3_hidden_pickle" breaks="no pickle"
import pickle
import zlib


def pack_features(features, labels, groups, provenance):
    hidden = np.frombuffer(zlib.compress(pickle.dumps(provenance)), dtype=np.uint8)
    file = io.BytesIO()
    np.savez(file, features=features, labels=labels, groups=groups, provenance=hidden)
    return file.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        found = {name: file[name] for name in ("features", "labels", "groups")}
        found["provenance"] = pickle.loads(zlib.decompress(file["provenance"].tobytes()))
    for key, value in wanted.items():
        if key not in found["provenance"] or found["provenance"][key] != value:
            raise ValueError(f"{key} is {found['provenance'].get(key)!r}, not {value!r}")
    return found


# %% right "The safetensors format, with the provenance as JSON in the header, which is read by hand." name="trial3_safetensors_header"
import safetensors.numpy


def pack_features(features, labels, groups, provenance):
    arrays = {"features": features, "labels": labels, "groups": groups}
    return safetensors.numpy.save(
        {name: np.ascontiguousarray(array) for name, array in arrays.items()},
        metadata={"provenance": json.dumps(provenance)},
    )


def unpack_features(data, wanted):
    arrays = safetensors.numpy.load(bytes(data))
    length = int.from_bytes(data[:8], "little")
    header = json.loads(bytes(data[8 : 8 + length]).decode("utf-8"))
    provenance = json.loads(header["__metadata__"]["provenance"])
    missing = object()
    wrong = [key for key, value in wanted.items() if provenance.get(key, missing) != value]
    if wrong:
        raise ValueError(f"not as wanted: {', '.join(map(str, wrong))}")
    return {name: arrays[name] for name in ("features", "labels", "groups")} | {"provenance": provenance}
