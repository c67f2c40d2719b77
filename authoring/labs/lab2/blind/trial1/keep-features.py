# %% wrong "Compares only entries that the provenance has, so something wanted that is missing there passes." name="trial1_missing_passes" breaks="wanted"
def pack_features(features, labels, groups, provenance):
    file = io.BytesIO()
    np.savez(file, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return file.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        content = {name: file[name] for name in ("features", "labels", "groups")}
        content["provenance"] = json.loads(str(file["provenance"]))
    for name, value in content["provenance"].items():
        if name in wanted and wanted[name] != value:
            raise ValueError(f"{name} is {value!r}, wanted {wanted[name]!r}")
    return content


# %% wrong "Allows pickles while it reads, and raises its error about them only after they have run." name="trial1_refused_too_late" breaks="pickles refused"
def pack_features(features, labels, groups, provenance):
    file = io.BytesIO()
    np.savez(file, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return file.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data), allow_pickle=True) as file:
        arrays = {name: file[name] for name in file.files}
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype.hasobject:
            raise ValueError(f"{name} is a pickle: refused")
    provenance = json.loads(str(arrays["provenance"]))
    for name, value in wanted.items():
        if name not in provenance or provenance[name] != value:
            raise ValueError(f"{name} is {provenance.get(name)!r}, wanted {value!r}")
    return {
        "features": arrays["features"],
        "labels": arrays["labels"],
        "groups": arrays["groups"],
        "provenance": provenance,
    }


# %% right "A safetensors file with the provenance as JSON in its metadata, read back from the header by hand." name="trial1_safetensors_header"
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors


def pack_features(features, labels, groups, provenance):
    tensors = {"features": features, "labels": labels, "groups": groups}
    return save_tensors(
        {name: np.ascontiguousarray(array) for name, array in tensors.items()},
        metadata={"provenance": json.dumps(provenance)},
    )


def unpack_features(data, wanted):
    tensors = load_tensors(data)
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length].decode("utf-8"))
    provenance = json.loads(header["__metadata__"]["provenance"])
    differing = [name for name in wanted if name not in provenance or provenance[name] != wanted[name]]
    if differing:
        raise ValueError(f"not what is wanted: {', '.join(map(str, differing))}")
    return {**{name: tensors[name] for name in ("features", "labels", "groups")}, "provenance": provenance}
