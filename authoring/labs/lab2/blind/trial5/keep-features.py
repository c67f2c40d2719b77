# %% wrong "Writes the provenance to a side file with a fixed name, so the bytes hold only the arrays." name="trial5_provenance_beside" breaks="bytes"
def pack_features(features, labels, groups, provenance):
    side = Path(tempfile.gettempdir()) / "features_provenance.json"
    side.write_text(json.dumps(provenance), encoding="utf-8")
    file = io.BytesIO()
    np.savez(file, features=features, labels=labels, groups=groups)
    return file.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
    side = Path(tempfile.gettempdir()) / "features_provenance.json"
    provenance = json.loads(side.read_text(encoding="utf-8"))
    for key, value in wanted.items():
        if key not in provenance or provenance[key] != value:
            raise ValueError(f"{key}: wanted {value!r}, found {provenance.get(key)!r}")
    return {**kept, "provenance": provenance}


# %% wrong "Loads with pickles allowed and refuses object arrays only afterwards, when the code has run." name="trial5_refuses_too_late" breaks="pickles refused"
def pack_features(features, labels, groups, provenance):
    file = io.BytesIO()
    np.savez(file, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return file.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data), allow_pickle=True) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups", "provenance"]}
    for name, array in kept.items():
        if array.dtype == object:
            raise ValueError(f"{name} is a pickle")
    kept["provenance"] = json.loads(str(kept["provenance"]))
    for key, value in wanted.items():
        if key not in kept["provenance"] or kept["provenance"][key] != value:
            raise ValueError(f"{key}: wanted {value!r}, found {kept['provenance'].get(key)!r}")
    return kept


# %% right "Writes four plain npy arrays one after another into one stream, the provenance as UTF-8 numbers." name="trial5_npy_stream"
def pack_features(features, labels, groups, provenance):
    text = np.frombuffer(json.dumps(provenance).encode("utf-8"), dtype=np.uint8)
    stream = io.BytesIO()
    for array in (text, features, labels, groups):
        np.save(stream, np.asarray(array), allow_pickle=False)
    return stream.getvalue()


def unpack_features(data, wanted):
    stream = io.BytesIO(data)
    arrays = []
    while len(arrays) < 4:
        array = np.load(stream, allow_pickle=False)
        if not isinstance(array, np.ndarray):
            raise ValueError("these bytes are not four arrays")
        arrays.append(array)
    text, features, labels, groups = arrays
    provenance = json.loads(text.tobytes().decode("utf-8"))
    # what is wanted changes nothing exactly where all of it is there already
    if {**provenance, **wanted} != provenance:
        raise ValueError(f"wanted {wanted}, but these features have {provenance}")
    return dict(features=features, labels=labels, groups=groups, provenance=provenance)
