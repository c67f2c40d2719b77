# %% wrong "Also puts a pickle of the provenance into the file, as an array of bytes that nobody reads." name="trial2_pickle_as_backup" breaks="no pickle"
import pickle


def pack_features(features, labels, groups, provenance):
    file = io.BytesIO()
    np.savez(
        file,
        features=features,
        labels=labels,
        groups=groups,
        provenance=json.dumps(provenance),
        backup=np.frombuffer(pickle.dumps(provenance), dtype=np.uint8),
    )
    return file.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        found = {name: file[name] for name in ("features", "labels", "groups")}
        found["provenance"] = json.loads(str(file["provenance"]))
    for key, value in wanted.items():
        if key not in found["provenance"] or found["provenance"][key] != value:
            raise ValueError(f"{key} is not {value!r}")
    return found


# %% wrong "Allows pickles while it reads and complains about arrays of objects afterwards, when the pickle has run." name="trial2_refuses_after_running" breaks="pickles refused"
def pack_features(features, labels, groups, provenance):
    file = io.BytesIO()
    np.savez(file, features=features, labels=labels, groups=groups, provenance=json.dumps(provenance))
    return file.getvalue()


def unpack_features(data, wanted):
    file = np.load(io.BytesIO(data), allow_pickle=True)
    arrays = {name: file[name] for name in file.files}
    for name, array in arrays.items():
        if array.dtype == object:
            raise ValueError(f"{name} is a pickle")
    provenance = json.loads(str(arrays["provenance"]))
    for key, value in wanted.items():
        if key not in provenance or provenance[key] != value:
            raise ValueError(f"{key} is not {value!r}")
    return {
        "features": arrays["features"],
        "labels": arrays["labels"],
        "groups": arrays["groups"],
        "provenance": provenance,
    }


# %% right "The safetensors format with the provenance as JSON in its header." name="trial2_safetensors_with_metadata"
import safetensors.numpy


def pack_features(features, labels, groups, provenance):
    arrays = {"features": features, "labels": labels, "groups": groups}
    arrays = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return bytes(safetensors.numpy.save(arrays, metadata={"provenance": json.dumps(provenance)}))


def unpack_features(data, wanted):
    found = dict(safetensors.numpy.load(bytes(data)))
    length = int.from_bytes(data[:8], "little")
    header = json.loads(bytes(data[8 : 8 + length]).decode("utf-8"))
    found["provenance"] = json.loads(header["__metadata__"]["provenance"])
    missing = [key for key in wanted if key not in found["provenance"] or found["provenance"][key] != wanted[key]]
    if missing:
        raise ValueError(f"not what is wanted: {missing}")
    return found
