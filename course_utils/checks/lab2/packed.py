"""Whether features survive being packed into bytes, and whether a packed file can do no harm."""

import io
import operator
import pickle
import zipfile
from collections.abc import Callable

import numpy as np

from course_utils.checks import Incorrect, as_array, check_shape, describe
from course_utils.checks.lab2.extractors import BASE, CUT

_ARRAY = b"\x93NUMPY"
"""How a file of ``np.save`` begins; it says what a member of a zip is, which its name does not."""


SHAPES = (((100, 30), (140, 60)), ((9, 2, 2, 5), (15, 5, 5, 11)))
"""Smallest and largest shape of two kinds of features that are packed: vectors and maps."""


def made_up_features(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple:
    """Features of this shape with labels, groups and provenance, none of which compress or repeat."""
    features = rng.normal(size=shape).astype(np.float32)
    labels, groups = rng.integers(6, size=shape[0]), rng.integers(10**6, size=shape[0])
    provenance = {
        "base": BASE,
        "cut": CUT,
        "preprocess": BASE,
        "images": f"scenes “{rng.integers(10**6)}”, größer",
        "size": [int(rng.integers(32, 224)), int(rng.integers(32, 224)), 3],
        "seed": int(rng.integers(10**6)),
        "versions": {"keras": f"3.{rng.integers(99)}"},
    }
    return features, labels, groups, provenance


def read_bytes(value: object) -> bytes:
    """What a student packed as bytes, where it is another row of bytes too; complains about anything else."""
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if isinstance(value, np.ndarray) and (value.dtype.kind in "SV" or value.dtype == np.uint8):
        return value.tobytes()
    look = "buffer.getvalue() gives the bytes of an io.BytesIO, path.read_bytes() those of a file."
    raise Incorrect(f"pack_features returns {describe(value)};", "expected bytes.", look)


def check_some_returned(value: object, kept: tuple) -> None:
    """Complains unless features come back at all: a file that holds nothing holds no pickle, and nothing of other origin."""
    features = value.get("features") if isinstance(value, dict) else None
    if np.shape(features) != kept[0].shape:
        raise Incorrect("Nothing comes back that could be the features;", f"expected them, of shape {kept[0].shape}.")


def check_arrays(value: object, kept: tuple) -> None:
    """Complains unless the three arrays that were packed have come back as they were."""
    if not isinstance(value, dict):
        raise Incorrect(f"unpack_features returns {describe(value)};", "expected a dictionary.")
    names = ("features", "labels", "groups")
    if missing := [name for name in names if name not in value]:
        raise Incorrect(f"The dictionary of unpack_features lacks {', '.join(missing)};", "expected all three arrays.")
    for name, expected in zip(names, kept, strict=False):
        array = as_array(value[name], f"what comes back as {name}")
        check_shape(array, expected.shape, f"Your {name} come back with shape")
        if array.dtype.kind != expected.dtype.kind:
            raise Incorrect(f"{name} of dtype {expected.dtype} come back as {array.dtype};", "expected the same.")
        if not np.array_equal(array, expected):
            differ = "Half precision loses digits." if np.allclose(array, expected, atol=1e-2) else ""
            raise Incorrect(f"{name} come back with other numbers;", "expected exactly those that went in.", differ)


def refused(read: Callable, data: bytes, wanted: dict) -> tuple[bool, BaseException | None]:
    """Whether a file was accepted, and if not, the exception that refused it."""
    try:
        read(data, wanted)
    except Incorrect as finding:
        return False, finding.__context__
    return True, None


class _Code:
    """What a stranger could put into a pickle: here it only divides by zero, which shows that it was run."""

    def __reduce__(self):
        return operator.truediv, (1, 0)


def with_code(data: bytes) -> bytes | None:
    """A file of the same form as a student's, with code in place of each array of NumPy's, whatever its name.

    Returns:
        The file; None for a zip without such arrays: what is no pickle (see ``check_no_pickle``) and no array runs no code.
    """
    array = io.BytesIO()
    np.save(array, np.array([_Code()], dtype=object), allow_pickle=True)
    if data.startswith(_ARRAY):
        return array.getvalue()
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return pickle.dumps({"features": _Code()})
    changed, planted = io.BytesIO(), False
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(changed, "w") as copy:
        for member in archive.infolist()[:20]:
            content = archive.open(member).read(100_000)
            planted |= content.startswith(_ARRAY)
            copy.writestr(member.filename, array.getvalue() if content.startswith(_ARRAY) else content)
    return changed.getvalue() if planted else None


def check_no_code(read: Callable, data: bytes) -> None:
    """Complains about a reader that runs the code in a file, or takes a file with objects in place of its arrays."""
    file = with_code(data)
    if file is None:
        return
    accepted, error = refused(read, file, {})
    look = "np.load refuses such files unless allow_pickle=True tells it not to."
    if isinstance(error, ZeroDivisionError):
        raise Incorrect(
            "A file with Python code in it was unpacked, and the code was run;", "expected an error instead.", look
        )
    if accepted:
        raise Incorrect(
            "A file with Python objects in place of numbers was unpacked without an error;", "expected one.", look
        )


def check_no_pickle(data: bytes) -> None:
    """Looks at the beginnings of what is in a file; nothing of it is loaded."""
    beginnings = [data[:300]]
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            beginnings = [archive.open(member).read(300) for member in archive.infolist()[:20]]
    for beginning in beginnings:
        objects = beginning.startswith(_ARRAY) and b"'|O'" in beginning
        if objects or (beginning[:1] == b"\x80" and beginning[1:2] in b"\x02\x03\x04\x05"):
            raise Incorrect(
                "Your file holds a pickle" + (": NumPy writes an array of Python objects as one;" if objects else ";"),
                "expected numbers and text only.",
                "A dictionary becomes text with json.dumps, and text can stand in an array of its own.",
            )
