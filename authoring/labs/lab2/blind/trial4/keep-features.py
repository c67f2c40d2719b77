# %% wrong "Keeps each entry as a text of its own and decodes whatever looks like JSON, so a text such as 96 comes back as a number." name="trial4_texts_become_numbers" breaks="provenance"
def pack_features(features, labels, groups, provenance):
    """Packs features and where they came from into the bytes of a file, without pickle."""
    texts = {
        f"about_{key}": np.array(value if isinstance(value, str) else json.dumps(value))
        for key, value in provenance.items()
    }
    file = io.BytesIO()
    np.savez(file, features=features, labels=labels, groups=groups, **texts)
    return file.getvalue()


def unpack_features(data, wanted):
    """Reads what pack_features packed."""
    provenance = {}
    with np.load(io.BytesIO(data)) as file:
        arrays = {name: file[name] for name in ["features", "labels", "groups"]}
        for name in file.files:
            if name.startswith("about_"):
                text = str(file[name])
                try:
                    provenance[name.removeprefix("about_")] = json.loads(text)
                except ValueError:
                    provenance[name.removeprefix("about_")] = text
    for key, value in wanted.items():
        if key not in provenance or provenance[key] != value:
            raise ValueError(f"{key} is {provenance.get(key)!r}, not {value!r}")
    return {**arrays, "provenance": provenance}


# %% wrong "Lets NumPy read pickles, and raises an error only when it sees that an array of objects has come out." name="trial4_refused_after_running" breaks="pickles refused"
def pack_features(features, labels, groups, provenance):
    """Packs features and where they came from into the bytes of a file, without pickle."""
    file = io.BytesIO()
    np.savez(file, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return file.getvalue()


def unpack_features(data, wanted):
    """Reads what pack_features packed."""
    with np.load(io.BytesIO(data), allow_pickle=True) as file:
        found = {name: file[name] for name in ["features", "labels", "groups", "provenance"]}
    for name, array in found.items():
        if not isinstance(array, np.ndarray) or array.dtype.hasobject:
            raise ValueError(f"{name} is a pickle, which is refused")
    found["provenance"] = json.loads(str(found["provenance"]))
    for key, value in wanted.items():
        if key not in found["provenance"] or found["provenance"][key] != value:
            raise ValueError(f"{key} is not {value!r}")
    return found


# %% right "The file is compressed JSON in which each array is the base64 text of an .npy file." name="trial4_gzipped_json"
import base64
import gzip


def pack_features(features, labels, groups, provenance):
    """Packs features and where they came from into the bytes of a file, without pickle."""

    def as_text(array):
        file = io.BytesIO()
        np.save(file, np.asarray(array), allow_pickle=False)
        return base64.b64encode(file.getvalue()).decode("ascii")

    document = {
        "arrays": {"features": as_text(features), "labels": as_text(labels), "groups": as_text(groups)},
        "provenance": provenance,
    }
    return gzip.compress(json.dumps(document).encode("utf-8"), compresslevel=1)


def unpack_features(data, wanted):
    """Reads what pack_features packed."""
    document = json.loads(gzip.decompress(data).decode("utf-8"))
    provenance = document["provenance"]
    wrong = [key for key in wanted if key not in provenance or provenance[key] != wanted[key]]
    if wrong:
        raise ValueError("not as wanted: " + ", ".join(f"{key}={provenance.get(key)!r}" for key in wrong))
    result = {"provenance": provenance}
    for name in ("groups", "labels", "features"):
        result[name] = np.load(io.BytesIO(base64.b64decode(document["arrays"][name])), allow_pickle=False)
    return result
