# %% wrong "Pickles the whole dictionary, which is one line each way." name="kept_as_a_pickle" breaks="no pickle" says="Your file holds a pickle;" marks=11.25
import pickle


def pack_features(features, labels, groups, provenance):
    return pickle.dumps({"features": features, "labels": labels, "groups": groups, "provenance": provenance})


def unpack_features(data, wanted):
    kept = pickle.loads(data)
    for name, value in wanted.items():
        if kept["provenance"].get(name) != value:
            raise ValueError(f"{name} is not {value!r}")
    return kept


# %% wrong "Makes every row flat, so that maps come back as vectors." name="kept_as_a_table" breaks="everything comes back" says="come back with shape"
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


# %% wrong "Asserts a pair of condition and message, which is always true." name="kept_asserting_a_pair" breaks="features of other origin are refused" says="never fails" marks=11.25
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


# %% wrong "Makes a zip by hand, under names without .npy, and reads its arrays with allow_pickle=True." name="kept_in_a_zip_with_pickles_allowed" breaks="no pickle" says="the code was run"
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


# %% wrong "Saves space by turning features into 16-bit numbers." name="kept_in_half_precision" breaks="everything comes back" says="Half-precision"
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


# %% wrong "Writes as many zeros as the features have bytes, and refuses whatever is wanted." name="kept_nothing" breaks="everything comes back" marks=2.25
def pack_features(features, labels, groups, provenance):
    return bytes(features.nbytes)


def unpack_features(data, wanted):
    if wanted:
        raise ValueError("it is of another origin")
    return {}


# %% wrong "Writes a file and returns its path." name="kept_under_a_path" breaks="bytes to write into a file" says="expected bytes" marks=0
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


# %% wrong "Never looks at what is wanted." name="kept_whatever_is_wanted" breaks="features of other origin are refused" says="you return it all the same" marks=11.25
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


# %% wrong "Compares only entries that the provenance has, so that what is not mentioned passes." name="kept_when_nothing_contradicts" breaks="features of other origin are refused" says="does not mention it"
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


# %% wrong "Puts the dictionary among the arrays and allows pickles to get it back." name="kept_with_a_pickled_provenance" breaks="no pickle" says="NumPy writes an array of Python objects as one"
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


# %% wrong "Packs without pickle, but reads with allow_pickle=True, copied from an answer on the web." name="kept_with_pickles_allowed" breaks="no pickle" says="the code was run"
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


# %% wrong "Forgets the groups." name="kept_without_the_groups" breaks="everything comes back" says="lacks groups"
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
        assert head["provenance"][name] == value, f"{name} should be {value}"
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
