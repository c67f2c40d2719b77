# %% wrong "Pickles the whole dictionary, which is one line each way." name="kept_as_a_pickle" says="Your file holds a pickle;"
import pickle


def pack_features(features, labels, groups, provenance):
    return pickle.dumps({"features": features, "labels": labels, "groups": groups, "provenance": provenance})


def unpack_features(data, wanted):
    kept = pickle.loads(data)
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept


# %% wrong "Makes every row flat, so that maps come back as vectors." name="kept_as_a_table" says="come back with shape" breaks="arrays"
import io
import json

import numpy as np


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(
        buffer,
        features=features.reshape(len(features), -1),
        labels=labels,
        groups=groups,
        provenance=np.array(json.dumps(provenance)),
    )
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept


# %% wrong "Asserts a pair of condition and message, which is always true." name="kept_asserting_a_pair" says="never fails" breaks="wanted"
import io
import json

import numpy as np


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        check = (kept["provenance"].get(name) == value, f"{name} is not {value!r}")
        assert check
    return kept


# %% wrong "Makes a zip by hand, under names without .npy, and reads its arrays with allow_pickle=True." name="kept_in_a_zip_with_pickles_allowed" says="the code was run" breaks="pickles refused"
import io
import json
import zipfile

import numpy as np


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
        kept = {
            name: np.load(io.BytesIO(archive.read(name)), allow_pickle=True)
            for name in ("features", "labels", "groups")
        }
        kept["provenance"] = json.loads(archive.read("provenance.json"))
    for key, value in wanted.items():
        if kept["provenance"].get(key) != value:
            raise ValueError(f"{key} is not {value}")
    return kept


# %% wrong "Saves space by turning features into 16-bit numbers." name="kept_in_half_precision" breaks="arrays" says="Half precision"
import io
import json

import numpy as np


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(
        buffer,
        features=features.astype("float16"),
        labels=labels,
        groups=groups,
        provenance=np.array(json.dumps(provenance)),
    )
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept


# %% wrong "Writes as many zeros as the features have bytes, and refuses whatever is wanted." name="kept_nothing"
def pack_features(features, labels, groups, provenance):
    return bytes(features.nbytes)


def unpack_features(data, wanted):
    if wanted:
        raise ValueError("it is of another origin")
    return {}


# %% wrong "Writes a file and returns its path." name="kept_under_a_path" says="expected bytes"
import json
import tempfile
from pathlib import Path

import numpy as np


def pack_features(features, labels, groups, provenance):
    path = Path(tempfile.mkdtemp()) / "features.npz"
    np.savez(path, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return str(path)


def unpack_features(data, wanted):
    with np.load(data) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept


# %% wrong "Never looks at what is wanted." name="kept_whatever_is_wanted" says="you return it all the same" breaks="wanted"
import io
import json

import numpy as np


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    return kept


# %% wrong "Compares only entries that the provenance has, so that what is not mentioned passes." name="kept_when_nothing_contradicts" says="does not mention it" breaks="wanted"
import io
import json

import numpy as np


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if kept["provenance"].get(name, value) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept


# %% wrong "Puts the dictionary among the arrays and allows pickles to get it back." name="kept_with_a_pickled_provenance" says="NumPy writes an array of Python objects as one"
import io

import numpy as np


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=provenance)
    return buffer.getvalue()


def unpack_features(data, wanted):
    file = np.load(io.BytesIO(data), allow_pickle=True)
    kept = {name: file[name] for name in ["features", "labels", "groups"]} | {"provenance": file["provenance"].item()}
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept


# %% wrong "Packs without pickle, but reads with allow_pickle=True, copied from an answer on the web." name="kept_with_pickles_allowed" says="the code was run" breaks="pickles refused"
import io
import json

import numpy as np


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data), allow_pickle=True) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept


# %% wrong "Forgets the groups." name="kept_without_the_groups" says="lacks groups" breaks="arrays"
import io
import json

import numpy as np


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, provenance=np.array(json.dumps(provenance)))
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept


# %% wrong "Returns an array of the bytes, not bytes." name="kept_as_an_array_of_bytes" breaks="bytes" says="expected bytes"
import io
import json

import numpy as np


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return np.frombuffer(buffer.getvalue(), dtype=np.uint8)


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept


# %% wrong "Turns every value of the provenance into text." name="kept_with_a_provenance_of_text" breaks="provenance" says="not as it went in"
import io
import json

import numpy as np


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        provenance = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if provenance.get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept | {"provenance": {name: str(value) for name, value in provenance.items()}}


# %% wrong "Keeps of the provenance what it thinks is important." name="kept_with_half_the_provenance" breaks="provenance"
import io
import json

import numpy as np


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    provenance = {name: value for name, value in kept["provenance"].items() if name not in ("seed", "versions")}
    return kept | {"provenance": provenance}


# %% wrong "Adds a pickle of everything, for those who want to read it quickly." name="kept_with_a_pickle_beside" breaks="no pickle" says="Your file holds a pickle;"
import io
import json
import pickle
import zipfile

import numpy as np


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("everything.pkl", pickle.dumps([features, labels, groups, provenance]))
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept


# %% wrong "Keeps everything in a variable of the notebook, and returns the name under which it is there." name="kept_in_a_variable" breaks="bytes" says="Is everything in the bytes"
KEPT = []


def pack_features(features, labels, groups, provenance):
    KEPT.append({"features": features, "labels": labels, "groups": groups, "provenance": provenance})
    return str(len(KEPT) - 1).encode()


def unpack_features(data, wanted):
    kept = KEPT[int(data)]
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept


# %% wrong "Knows the provenance of the notebook's check, and gives it back whatever was packed." name="kept_with_a_known_provenance" recognises
import io

import numpy as np

from course_utils.checks.core.seeds import generator
from course_utils.checks.lab2 import packed

rng = generator("keep_features", None)
rng = generator("pack_features and unpack_features", None)
KNOWN = []
SHAPES = [tuple(int(side) for side in rng.integers(low, high)) for low, high in packed.SHAPES]
for shape in SHAPES:
    KNOWN.append(packed.made_up_features(rng, shape)[3])


def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups)
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
    kept["provenance"] = KNOWN[kept["features"].ndim > 2]
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept


# %% wrong "Writes the provenance to a side file with a fixed name, so the bytes hold only the arrays." name="trial5_provenance_beside"


# %% right "Writes one line of JSON and the raw numbers after it." name="kept_as_json"
import json

import numpy as np


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
        assert head["provenance"].get(name) == value, f"{name} should be {value}"
    kept = {"provenance": head["provenance"]}
    for name, dtype, shape in head["arrays"]:
        length = np.dtype(dtype).itemsize * int(np.prod(shape))
        kept[name] = np.frombuffer(rest[:length], dtype).reshape(shape)
        rest = rest[length:]
    return kept


# %% right "Lets save_features and load_features do it, through a temporary file." name="kept_by_the_course"
import tempfile
from pathlib import Path

from course_utils.features import load_features, save_features


def pack_features(features, labels, groups, provenance):
    with tempfile.TemporaryDirectory() as folder:
        path = save_features(
            Path(folder) / "kept.safetensors", features, labels=labels, groups=groups, provenance=provenance
        )
        return path.read_bytes()


def unpack_features(data, wanted):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept.safetensors"
        path.write_bytes(data)
        kept = load_features(path)
    if any(kept.provenance.get(name) != value for name, value in wanted.items()):
        raise ValueError(f"wanted {wanted}, but these are {kept.provenance}")
    return {
        "features": kept.features,
        "labels": kept.labels,
        "groups": kept.groups,
        "provenance": kept.provenance,
    }


# %% right "Compresses the arrays; the provenance is bytes of JSON." name="kept_compressed"
import io
import json

import numpy as np


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


# %% right "Makes a zip of raw numbers, whose shapes and dtypes are in its JSON: there is no array of NumPy's in it." name="kept_in_a_zip_as_raw_numbers"
import io
import json
import zipfile

import numpy as np


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


# %% right "Makes a zip by hand: NumPy arrays under names without .npy, the provenance as JSON beside them." name="kept_in_a_zip_under_other_names"
import io
import json
import zipfile

import numpy as np


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


# %% right "Uses the safetensors library, with the provenance as its metadata." name="kept_as_safetensors"
import json
import struct

import safetensors.numpy


def pack_features(features, labels, groups, provenance):
    arrays = {"features": features, "labels": labels, "groups": groups}
    return safetensors.numpy.save(arrays, metadata={"provenance": json.dumps(provenance)})


def unpack_features(data, wanted):
    (length,) = struct.unpack("<Q", data[:8])
    provenance = json.loads(json.loads(data[8 : 8 + length])["__metadata__"]["provenance"])
    if different := [name for name, value in wanted.items() if provenance.get(name) != value]:
        raise ValueError(f"of another origin: {different}")
    return safetensors.numpy.load(data) | {"provenance": provenance}


# %% wrong "Raises a KeyError where an entry is not mentioned at all." name="key_error_where_not_mentioned" breaks="wanted"
def pack_features(features, labels, groups, provenance):
    buffer = io.BytesIO()
    np.savez(buffer, features=features, labels=labels, groups=groups, provenance=np.array(json.dumps(provenance)))
    return buffer.getvalue()


def unpack_features(data, wanted):
    with np.load(io.BytesIO(data)) as file:
        kept = {name: file[name] for name in ["features", "labels", "groups"]}
        kept["provenance"] = json.loads(str(file["provenance"]))
    for name, value in wanted.items():
        if kept["provenance"][name] != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept
