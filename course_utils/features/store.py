"""Where computed features are kept: whole entries that prove themselves on reading, or nothing.

An entry is a folder named by its key (64 hexadecimal digits) with ``features.npy`` and ``about.json``. The second
holds the checksum of the first, so a truncated or altered entry is noticed, removed, and computed again.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import math
import os
import re
import shutil
import time
import uuid
from pathlib import Path

import numpy as np

from course_utils.storage import cache_root, writing_folder

FEATURES = "features.npy"
ABOUT = "about.json"
STALE_SECONDS = 24 * 3600
"""A half-written folder this old belongs to a writer that was killed: no extraction leaves one alone so long."""

_KEY = re.compile(r"[0-9a-f]{64}")


@dataclasses.dataclass(frozen=True)
class StoredFeatures:
    """What ``list_store`` says of one entry.

    Attributes:
        key: the entry's folder name, 64 hexadecimal digits.
        base: name of the base, as ``base.name`` gives it.
        cut: name of the layer whose output the features are.
        shape: shape of the features, ``(N, …)``.
        precision: ``"float32"`` or ``"bfloat16"``.
        megabytes: size on disk, in millions of bytes.
        written: when, ISO 8601 in UTC.
    """

    key: str
    base: str
    cut: str
    shape: tuple[int, ...]
    precision: str
    megabytes: float
    written: str


def store_folder(store: str | os.PathLike | None = None) -> Path:
    """Returns the folder a store lives in: the one given, or ``features`` in the course's cache."""
    return cache_root() / "features" if store is None else Path(store).expanduser().absolute()


def read_entry(folder: Path, key: str) -> np.ndarray | None:
    """Returns the features stored under a key, or None when there are none that can be trusted.

    An entry that is incomplete or whose bytes differ from their checksum is removed if the folder allows it.
    """
    entry = folder / key
    try:
        about = json.loads((entry / ABOUT).read_text(encoding="utf-8"))
        with open(entry / FEATURES, "rb") as file:
            # The size is looked at before the bytes, so that a file that has grown cannot fill the memory.
            if about["key"] != key or os.fstat(file.fileno()).st_size != about["bytes"]:
                raise ValueError("entry does not match its own description")
            data = np.fromfile(file, dtype=np.uint8)
        if _checksum(key, data) != about["sha256"]:
            raise ValueError("checksum differs")
        return parse_npy(data)
    except PermissionError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        if entry.exists():
            _discard(entry)
        return None


def write_entry(folder: Path, key: str, features: np.ndarray, about: dict) -> None:
    """Stores features under a key, complete or not at all.

    Args:
        folder: the store.
        key: 64 hexadecimal digits that stand for everything that decided the result.
        features: a C-contiguous array of numbers.
        about: provenance, written beside the features as JSON.

    Raises:
        StoreError: the folder is read-only, or the disk is full.
    """
    remove_stale(folder)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(features))
    parts = [header.getvalue(), memoryview(features).cast("B")]
    record = {
        "key": key,
        "bytes": sum(memoryview(part).nbytes for part in parts),
        "sha256": _checksum(key, *parts),
        "shape": list(features.shape),
        "dtype": str(features.dtype),
        **about,
    }
    # No fsync: an entry that a power cut left short fails its checksum and is computed again.
    with writing_folder(folder / key) as entry:
        with open(entry / FEATURES, "wb") as file:
            for part in parts:
                file.write(part)
        (entry / ABOUT).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def remove_stale(folder: Path) -> None:
    """Removes what killed writers left in the store more than a day ago."""
    for leftover in folder.glob(".*.partial"):
        try:
            if time.time() - leftover.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(leftover, ignore_errors=True)
        except FileNotFoundError:
            pass  # its writer has just finished


def list_store(store: str | os.PathLike | None = None) -> list[StoredFeatures]:
    """Lists what a store holds, the newest entry first.

    Args:
        store: the folder; None means the course's own store.

    Returns:
        One record per readable entry. Entries are not verified here; ``extract`` does that when it reads one.
    """
    found = []
    for entry in _entries(store_folder(store)):
        try:
            about = json.loads((entry / ABOUT).read_text(encoding="utf-8"))
            size = sum(file.stat().st_size for file in entry.iterdir())
            found.append(
                StoredFeatures(
                    key=entry.name,
                    base=about["base"],
                    cut=about["cut"],
                    shape=tuple(about["shape"]),
                    precision=about["precision"],
                    megabytes=size / 1e6,
                    written=about["written"],
                )
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return sorted(found, key=lambda record: record.written, reverse=True)


def clear_store(store: str | os.PathLike | None = None) -> int:
    """Removes every stored entry, and nothing else that may lie in the folder.

    Args:
        store: the folder; None means the course's own store.

    Returns:
        How many entries were removed.
    """
    return sum(_discard(entry) for entry in _entries(store_folder(store)))


def parse_npy(data: np.ndarray) -> np.ndarray:
    """Reads the bytes of an ``.npy`` file without pickle and without trusting its header.

    Args:
        data: the whole file as uint8, shape ``(bytes,)``.

    Returns:
        The array, sharing memory with ``data``.

    Raises:
        ValueError: it is not an ``.npy`` file, it holds Python objects, or its header promises another size.
    """
    start = io.BytesIO(data[:65536].tobytes())
    version = np.lib.format.read_magic(start)
    if version == (1, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(start)
    elif version == (2, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_2_0(start)
    else:
        raise ValueError(f".npy version {version} is not one this course writes")
    if dtype.hasobject:
        raise ValueError("it holds Python objects, which can run code when they are loaded")
    body = data[start.tell() :]
    if math.prod(shape) * dtype.itemsize != body.nbytes:
        raise ValueError(f"its header promises shape {shape} of {dtype}, but {body.nbytes} bytes follow")
    flat = np.frombuffer(body, dtype=dtype) if body.nbytes else np.empty(0, dtype)
    return flat.reshape(shape[::-1]).T if fortran else flat.reshape(shape)


def _checksum(key: str, *parts) -> str:
    # The key goes in too: an entry moved under another name proves nothing there.
    digest = hashlib.sha256(key.encode())
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _entries(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [entry for entry in folder.iterdir() if entry.is_dir() and _KEY.fullmatch(entry.name)]


def _discard(entry: Path) -> bool:
    # Renamed first: another process must never meet an entry that is half removed.
    doomed = entry.with_name(f".{entry.name}.{uuid.uuid4().hex}.partial")
    try:
        os.rename(entry, doomed)
    except OSError:
        return False
    shutil.rmtree(doomed, ignore_errors=True)
    return True
