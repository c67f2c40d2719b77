"""The file weights are kept in: an uncompressed ``.npz`` of named arrays that carries its own checksum.

NumPy's ``np.load`` can open it. It is read here without it, so that nothing can be unpickled, no array can be larger
than the file, and any change of a single bit is noticed.
"""

from __future__ import annotations

import hashlib
import io
import math
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from course_utils.errors import StoreError


def checksum(tensors: Mapping[str, np.ndarray]) -> str:
    """Returns the SHA-256 of named arrays, whatever file they came in.

    What is hashed, for each array in the alphabetical order of names: name, dtype and shape as one line of UTF-8 text,
    then the elements in C order, little-endian.

    Args:
        tensors: name → array.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for name in sorted(tensors):
        array = np.asarray(tensors[name])
        array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).reshape(array.shape)
        digest.update(f"{name} {array.dtype.str} {'x'.join(map(str, array.shape))}\n".encode())
        digest.update(array.reshape(-1).view(np.uint8))
    return digest.hexdigest()


def write_tensors(path: str | os.PathLike, tensors: Mapping[str, np.ndarray]) -> str:
    """Writes named arrays to ``path`` and returns their checksum, which the file carries too."""
    digest = checksum(tensors)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = digest.encode()
        for name in sorted(tensors):
            # A ZipInfo of its own has a fixed date, so that equal tensors give equal files.
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(tensors[name]), version=(1, 0), allow_pickle=False)
    return digest


def tensor_names(path: str | os.PathLike) -> set[str]:
    """Returns the names of the arrays in a file without reading the arrays.

    Raises:
        StoreError: the file is truncated, or not of this kind.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {name.removesuffix(".npy") for name in archive.namelist()}
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
        raise _damaged(path, error) from error


def read_tensors(path: str | os.PathLike, *, expected: str | None = None) -> dict[str, np.ndarray]:
    """Reads and verifies a file written by ``write_tensors``.

    Args:
        path: the file.
        expected: the checksum it must have, beside the one that the file carries.

    Returns:
        Name → read-only array.

    Raises:
        StoreError: the file is truncated, altered, or not of this kind.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > os.path.getsize(path):
                raise ValueError("its arrays claim to be larger than the file")
            tensors = {member.filename.removesuffix(".npy"): _array(archive, member) for member in members}
            carried = archive.comment.decode("ascii", "replace")
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _damaged(path, error) from error
    found = checksum(tensors)
    for wanted in (carried, expected or carried):
        if found != wanted:
            raise _damaged(path, f"checksum {found[:12]}… instead of {wanted[:12] or 'none'}…")
    return tensors


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    if member.compress_type != zipfile.ZIP_STORED or not member.filename.endswith(".npy"):
        raise ValueError(f"unexpected entry {member.filename!r}")
    raw = archive.read(member)
    header = io.BytesIO(raw)
    if np.lib.format.read_magic(header) != (1, 0):
        raise ValueError(f"unknown version of {member.filename!r}")
    shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(header)
    start = header.tell()
    if dtype.kind not in "fiu" or fortran_order or math.prod(shape) * dtype.itemsize != len(raw) - start:
        raise ValueError(f"{member.filename!r} is not a plain array of numbers")
    return np.frombuffer(raw, dtype=dtype, offset=start).reshape(shape)


def _damaged(path: str | os.PathLike, reason: object) -> StoreError:
    return StoreError(f"{Path(path).name} is damaged or not a file of course weights ({reason}).")
