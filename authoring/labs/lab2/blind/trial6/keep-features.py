# %% wrong "Reads with allow_pickle=True and refuses arrays of objects afterwards, when the pickle has already been run." name="trial6_refuses_too_late" breaks="pickles refused"
def pack_features(features, labels, groups, provenance):
    file = io.BytesIO()
    np.savez(file, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return file.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data), allow_pickle=True) as stored:
        arrays = {name: stored[name] for name in stored.files}
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise ValueError(f"{name} holds Python objects, so it was a pickle")
    provenance = json.loads(str(arrays["provenance"]))
    for name, value in wanted.items():
        if name not in provenance or provenance[name] != value:
            raise ValueError(f"wanted {name}={value!r}, found {provenance.get(name)!r}")
    return {
        "features": arrays["features"],
        "labels": arrays["labels"],
        "groups": arrays["groups"],
        "provenance": provenance,
    }


# %% wrong "Looks each wanted entry up with square brackets, so that one that the provenance lacks raises a KeyError." name="trial6_missing_is_keyerror" breaks="wanted"
def pack_features(features, labels, groups, provenance):
    file = io.BytesIO()
    np.savez_compressed(
        file, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance))
    )
    return file.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        result = {name: stored[name] for name in ["features", "labels", "groups"]}
        provenance = json.loads(str(stored["provenance"]))
    for name, value in wanted.items():
        if provenance[name] != value:
            raise ValueError(f"wanted {name}={value!r}, found {provenance[name]!r}")
    result["provenance"] = provenance
    return result


# %% right "Uses the safetensors format with the provenance as a tensor of UTF-8 bytes, and compares by merging dictionaries." name="trial6_safetensors_bytes"
def pack_features(features, labels, groups, provenance):
    from safetensors.numpy import save

    text = json.dumps(provenance).encode("utf-8")
    tensors = {
        "features": np.ascontiguousarray(features),
        "labels": np.ascontiguousarray(labels),
        "groups": np.ascontiguousarray(groups),
        "provenance": np.array(list(text), dtype=np.uint8),
    }
    return bytes(save(tensors))


def unpack_features(data, wanted):
    from safetensors.numpy import load

    tensors = load(bytes(data))
    provenance = json.loads(tensors.pop("provenance").tobytes().decode("utf-8"))
    if {**provenance, **wanted} != provenance:
        raise ValueError(f"the features come from {provenance}, wanted was {wanted}")
    result = {name: np.array(tensors[name]) for name in ("features", "labels", "groups")}
    return result | {"provenance": provenance}
