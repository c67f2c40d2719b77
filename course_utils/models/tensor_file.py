"""Named arrays in a safetensors file, with metadata and a checksum in its header.

safetensors holds plain arrays and text: nothing in it can run, and no array is larger than the file. It notices a
truncated file, but not a changed bit, so a SHA-256 of the arrays and the metadata is part of the header.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from course_utils.errors import StoreError

SUFFIX = ".safetensors"
HEADER_KEY = "course_utils"
"""The header's one entry of metadata: a checksum, a space, and the metadata as JSON.

There is one entry because safetensors writes several in an order that changes from run to run.
"""


def checksum(tensors: Mapping[str, np.ndarray]) -> str:
    """Returns the SHA-256 of named arrays, whatever file they came in, as 64 hexadecimal digits.

    What is hashed, for each array in the alphabetical order of names: name, dtype and shape as one line of UTF-8 text,
    then the elements in C order, little-endian.
    """
    digest = hashlib.sha256()
    for name in sorted(tensors):
        array = np.asarray(tensors[name])
        array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).reshape(array.shape)
        digest.update(f"{name} {array.dtype.str} {'x'.join(map(str, array.shape))}\n".encode())
        digest.update(array.reshape(-1).view(np.uint8))
    return digest.hexdigest()


def write_tensors(path: str | os.PathLike, tensors: Mapping[str, np.ndarray], metadata: Mapping | None = None) -> None:
    """Writes named arrays of integers, booleans, or floats of at most 64 bits; the same gives the same bytes.

    ``metadata``, for the header, is whatever JSON can hold.
    """
    text = json.dumps(dict(metadata or {}))
    # safetensors copies an array's memory as it lies, so it must lie in C order.
    arrays = {name: np.asarray(array, order="C") for name, array in tensors.items()}
    header = {HEADER_KEY: f"{_with_metadata(checksum(arrays), text)} {text}"}
    # Not `save_file`, which turns a full disk into an error of its own.
    Path(path).write_bytes(save(arrays, metadata=header))


def read_tensors(path: str | os.PathLike, *, expected: str | None = None) -> dict[str, np.ndarray]:
    """Reads and verifies the arrays of a file; see ``read_with_metadata``."""
    return read_with_metadata(path, expected=expected)[0]


def read_with_metadata(path: str | os.PathLike, *, expected: str | None = None) -> tuple[dict[str, np.ndarray], dict]:
    """Reads and verifies a file written by ``write_tensors``: name → array, yours to change; and the metadata.

    ``expected`` is the ``checksum`` that the arrays must have, besides the one that the file carries. A file that is
    truncated, altered, or not of this kind raises ``StoreError``.
    """
    try:
        with safe_open(os.fspath(path), framework="np") as file:
            carried, _, text = (file.metadata() or {}).get(HEADER_KEY, "").partition(" ")
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no dictionary)
        found = checksum(tensors)
        for wanted, got in ((carried, _with_metadata(found, text)), (expected or found, found)):
            if got != wanted:
                raise ValueError(f"checksum {got[:12]}… instead of {wanted[:12] or 'none'}…")
        metadata = json.loads(text)
        if not isinstance(metadata, dict):
            raise ValueError("its metadata are no dictionary")
    except (SafetensorError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise StoreError(f"{Path(path).name} is damaged or was not written by this course ({error}).") from error
    return tensors, metadata


def _with_metadata(tensors_sha256: str, text: str) -> str:
    return hashlib.sha256(f"{tensors_sha256}\n{text}".encode()).hexdigest()
