"""Where computed features are kept: whole entries that are verified on reading, or nothing.

An entry is a folder named by its key (64 hexadecimal digits) with ``features.npy`` and ``about.json``. The second
holds the checksum of the first, so a truncated or altered entry is noticed, removed, and computed again.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import time
import uuid
from pathlib import Path

import numpy as np

from course_utils.storage import cache_root, writing_folder

FEATURES = "features.npy"
ABOUT = "about.json"
STALE_SECONDS = 24 * 3600
"""A half-written folder this old belongs to a writer that was killed: none takes that long."""


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
            # The size comes first, so that a file that has grown is not read.
            if about["key"] != key or os.fstat(file.fileno()).st_size != about["bytes"]:
                raise ValueError("entry does not match its own description")
            if hashlib.file_digest(file, lambda: _digest(key)).hexdigest() != about["sha256"]:
                raise ValueError("checksum differs")
            file.seek(0)
            return np.load(file, allow_pickle=False)
    except PermissionError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        _discard(entry)
        return None


def write_entry(folder: Path, key: str, features: np.ndarray, about: dict) -> None:
    """Stores features, a C-contiguous array, and what ``about`` says, whole or not at all, or raises ``StoreError``."""
    remove_stale(folder)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(features))
    parts = [header.getvalue(), memoryview(features).cast("B")]
    digest = _digest(key)
    for part in parts:
        digest.update(part)
    record = {
        "key": key,
        "bytes": sum(map(len, parts)),
        "sha256": digest.hexdigest(),
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
        with contextlib.suppress(FileNotFoundError):  # its writer has just finished
            if time.time() - leftover.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(leftover, ignore_errors=True)


def _digest(key: str):
    # The key goes in too: an entry moved under another name must not be accepted there.
    return hashlib.sha256(key.encode())


def _discard(entry: Path) -> None:
    # Renamed first: another process must never meet an entry that is half removed.
    removed = entry.with_name(f".{entry.name}.{uuid.uuid4().hex}.partial")
    with contextlib.suppress(OSError):
        os.rename(entry, removed)
        shutil.rmtree(removed, ignore_errors=True)
