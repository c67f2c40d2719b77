"""Lab 2's exercise about a file: whether features survive being packed into bytes, and whether it can do no harm."""

import base64
import bz2
import contextlib
import copy
import functools
import io
import lzma
import operator
import pickle
import pickletools
import zipfile
import zlib

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, NotAttempted, as_array, check_shape, describe, exercise, once
from course_utils.checks.lab2.extractors import BASE, CUT

_ARRAY = b"\x93NUMPY"
"""How a file of ``np.save`` begins; it says what a member of a zip is, which its name does not."""

ARRAYS = ("features", "labels", "groups")

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
        "release": f"{rng.integers(100)}",  # text that could be taken for a number
        "versions": {"keras": f"3.{rng.integers(99)}"},
    }
    return features, labels, groups, provenance


def check_some_returned(value: object, kept: tuple) -> None:
    """Complains unless features come back at all: a file that holds nothing holds no pickle, and nothing of other origin."""
    features = value.get("features") if isinstance(value, dict) else None
    if np.shape(features) != kept[0].shape:
        raise Incorrect("Nothing comes back that could be the features;", f"expected them, of shape {kept[0].shape}.")


class _Code:
    """What a stranger could put into a pickle: here it only divides by zero, which shows that it was run."""

    def __reduce__(self):
        return operator.truediv, (1, 0)


def with_code(data: bytes) -> bytes | None:
    """A file of the same form as a student's, with code in place of each array of NumPy's, whatever its name.

    None for a zip without such arrays: what is no pickle (see ``check_no_pickle``) and no array runs no code.
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


def _is_pickle(data: bytes) -> bool:
    """Whether bytes begin with a pickle of protocol 2 or later; they are read as one, and nothing of it is run."""
    with contextlib.suppress(Exception):  # numbers that happen to begin as one
        return data[:1] == b"\x80" and any(code.name == "STOP" for code, *_ in pickletools.genops(data))
    return False


def _unpacked(data: bytes) -> list[bytes]:
    """Bytes as they are, and the first that they give where they are compressed, or text in base 64."""
    found, limit = [data], 2_000_000
    packers = (zlib.decompressobj(47), bz2.BZ2Decompressor(), lzma.LZMADecompressor())
    for undo in (base64.b64decode, *(functools.partial(packer.decompress, max_length=limit) for packer in packers)):
        with contextlib.suppress(Exception):  # whatever these raise, it was not that
            found.append(undo(data))
    return found


def check_no_pickle(data: bytes) -> None:
    """Looks at the bytes of what is in a file, and of what its arrays hold; nothing of it is unpickled."""
    parts = [data]
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [archive.open(member).read(2_000_000) for member in archive.infolist()[:20]]
    for part in parts:
        objects = part.startswith(_ARRAY) and b"'|O'" in part[:300]
        header = 10 + int.from_bytes(part[8:10], "little") if part.startswith(_ARRAY) else 0
        if objects or any(map(_is_pickle, _unpacked(part[header:]))):
            raise Incorrect(
                "Your file holds a pickle" + (": NumPy writes an array of Python objects as one;" if objects else ";"),
                "expected numbers and text only.",
                "A dictionary becomes text with json.dumps, and text can stand in an array of its own.",
            )


@exercise(name="pack_features and unpack_features")
def keep_features(check: ExerciseCheck, unpack: object) -> None:
    """Checks ``pack_features(features, labels, groups, provenance)`` and ``unpack_features(data, wanted)`` together.

    The first gives the bytes of a file; the second returns a dictionary of what was packed, or refuses.
    """
    reader = ExerciseCheck("unpack_features", unpack)

    def read(data: bytes, wanted: dict) -> object:
        try:
            return reader.call(data, wanted)
        except NotAttempted:
            raise Incorrect("unpack_features is still to be written.") from None

    def refused(data: bytes, wanted: dict) -> tuple[bool, BaseException | None]:
        """Whether a file was accepted, and if not, the exception that refused it."""
        try:
            read(data, wanted)
        except Incorrect as finding:
            return False, finding.__context__
        return True, None

    rng = check.rng
    shapes = [tuple(int(side) for side in rng.integers(low, high)) for low, high in SHAPES]
    kept = [made_up_features(rng, shape) for shape in shapes]
    about = kept[0][3]
    given = once(lambda which: check.call(*copy.deepcopy(kept[which])))

    @once
    def data(which: int) -> bytes:
        """What was packed as bytes, where it is another row of bytes too; complains about anything else."""
        value = given(which)
        if isinstance(value, bytes | bytearray):
            return bytes(value)
        if isinstance(value, np.ndarray) and (value.dtype.kind in "SV" or value.dtype == np.uint8):
            return value.tobytes()
        look = "buffer.getvalue() gives the bytes of an io.BytesIO, path.read_bytes() those of a file."
        raise Incorrect(f"pack_features returns {describe(value)};", "expected bytes.", look)

    back = once(lambda which: read(data(which), {}))
    with check.criterion(0.10, "bytes"):
        if not isinstance(given(0), bytes | bytearray):
            look = "array.tobytes() gives the bytes of an array."
            raise Incorrect(f"pack_features returns {describe(given(0))};", "expected bytes.", look)
        if len(given(0)) < 0.4 * kept[0][0].nbytes:
            raise Incorrect(
                f"You pack {kept[0][0].nbytes:,} bytes of features into {len(given(0)):,};",
                "these numbers cannot be made that small.",
                "Is everything in the bytes that you return?",
            )
    with check.criterion(0.25, "arrays"):
        for which in (1, 0):  # the first was packed before: in between, a variable would hold the second
            if not isinstance(back(which), dict):
                raise Incorrect(f"unpack_features returns {describe(back(which))};", "expected a dictionary.")
            if missing := [name for name in ARRAYS if name not in back(which)]:
                lacks = f"The dictionary of unpack_features lacks {', '.join(missing)};"
                raise Incorrect(lacks, "expected all three arrays.")
            for name, expected in zip(ARRAYS, kept[which], strict=False):
                array = as_array(back(which)[name], f"what comes back as {name}")
                check_shape(array, expected.shape, f"Your {name} come back with shape")
                if array.dtype.kind != expected.dtype.kind:
                    raise Incorrect(
                        f"{name} of dtype {expected.dtype} come back as {array.dtype};", "expected the same."
                    )
                if not np.array_equal(array, expected):
                    look = "Half precision loses digits." if np.allclose(array, expected, atol=1e-2) else ""
                    raise Incorrect(
                        f"{name} come back with other numbers;", "expected exactly those that went in.", look
                    )
    with check.criterion(0.15, "provenance"):
        for which in (0, 1):
            found = back(which).get("provenance") if isinstance(back(which), dict) else None
            if not isinstance(found, dict) or found != kept[which][3]:
                raise Incorrect(
                    f"The provenance comes back as {describe(found)}, and not as it went in;",
                    "expected an equal dictionary.",
                    "json.dumps and json.loads keep text, numbers, lists and dictionaries as they are.",
                )
    with check.criterion(0.10, "no pickle"):
        check_no_pickle(data(0))
        check_some_returned(back(0), kept[0])
    with check.criterion(0.15, "pickles refused"):
        check_some_returned(back(0), kept[0])
        file = with_code(data(0))
        accepted, error = refused(file, {}) if file is not None else (False, None)
        look = "np.load refuses such files unless allow_pickle=True tells it not to."
        if isinstance(error, ZeroDivisionError):
            said = "A file with Python code in it was unpacked, and the code was run;"
            raise Incorrect(said, "expected an error instead.", look)
        if accepted:
            said = "A file with Python objects in place of numbers was unpacked without an error;"
            raise Incorrect(said, "expected one.", look)
    with check.criterion(0.25, "wanted"):
        names = [str(name) for name in rng.permutation(["base", "cut", "preprocess", "size", "seed"])]
        check_some_returned(read(data(0), {name: about[name] for name in names[:2]}), kept[0])
        other = {key: f"other {rng.integers(1000)}" for key in (*names[:3], f"origin {rng.integers(100)}")}
        for key, value in [*other.items(), ("seed", str(about["seed"]))]:  # the text of a number is no number
            accepted, error = refused(data(0), {names[3]: about[names[3]], key: value})
            has = f"has {about[key]!r}" if key in about else "does not mention it"
            if accepted:
                raise Incorrect(
                    f"wanted asks for {key!r} to be {value!r}, the file {has}, and you return it all the same;",
                    "expected a ValueError.",
                    "if …: raise ValueError(…). An assert with brackets around condition and message never fails.",
                )
            if not isinstance(error, ValueError | AssertionError):
                raise Incorrect(
                    f"Where wanted asks for {key!r}, which the file {has}, you raise {type(error).__name__};",
                    "expected a ValueError that says what differs.",
                )
