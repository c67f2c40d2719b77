"""Where downloads and features live on disk, and the one way files get there: whole, or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from course_utils.errors import StoreError

ENVIRONMENT_VARIABLE = "COURSE_CACHE"
"""Set it to a folder to keep weights, data sets and features there instead of in the user's cache directory."""


def cache_root() -> Path:
    """Returns the folder that holds everything the course downloads or computes (it need not exist yet).

    The environment variable ``COURSE_CACHE`` wins; otherwise it is the platform's user cache directory.
    """
    chosen = os.environ.get(ENVIRONMENT_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return platformdirs.user_cache_path("transfer-learning-course", appauthor=False)


def sha256(path: str | os.PathLike, *, chunk_bytes: int = 1 << 20) -> str:
    """Returns the SHA-256 of a file's bytes as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(chunk_bytes):
            digest.update(chunk)
    return digest.hexdigest()


@contextlib.contextmanager
def writing(target: str | os.PathLike, *, mode: int = 0o644) -> Iterator[Path]:
    """Gives a temporary path beside ``target`` and renames it to ``target`` when the block ends well.

    The rename is atomic, so another process sees the old file, or the whole new one, never a part. When the block
    raises, the temporary file is removed and ``target`` is as it was. The temporary name is unique, so two
    processes that write the same target do no harm: the last rename wins with a whole file.

    Args:
        target: the final path; missing parent folders are created.
        mode: the file's, from the moment it has anything in it.

    Yields:
        The temporary path, an existing empty file in the same folder.

    Raises:
        StoreError: the folder is read-only, or the disk is full.
    """
    target = Path(target)
    temporary = None
    try:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent)
            os.close(handle)
            temporary = Path(name)
            os.chmod(temporary, mode)  # mkstemp gives 0600, but a store may be shared by a class
            yield temporary
            _flush(temporary)
            os.replace(temporary, target)
        except OSError as error:
            explained = explain(error, target)
            if explained is None:
                raise
            raise explained from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    # Without fsync a crash after the rename can leave a whole name on an empty file.
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


@contextlib.contextmanager
def writing_folder(target: str | os.PathLike) -> Iterator[Path]:
    """Like ``writing``, for a folder of several files: it appears under ``target`` complete, or not at all.

    When ``target`` exists by the time the block ends, because another process was faster, the other's is kept.
    """
    target = Path(target)
    temporary = None
    try:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent))
            os.chmod(temporary, 0o755)
            yield temporary
            _put(temporary, target)
        except OSError as error:
            explained = explain(error, target)
            if explained is None:
                raise
            raise explained from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _put(temporary: Path, target: Path, *, attempts: int = 10) -> None:
    """Renames a folder; one that is there already is kept, and one that was there and is gone again does no harm."""
    for attempt in range(1, attempts + 1):
        try:
            os.rename(temporary, target)
            return
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
            if target.is_dir():
                return
            # Another process has taken it away since, a damaged one perhaps: the place is free.
            if attempt == attempts:
                raise


def explain(error: OSError, target: Path) -> StoreError | None:
    """Turns the operating system's complaint into words a student can act on, or returns None for other errors."""
    if isinstance(error, StoreError):
        return error
    if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        free = shutil.disk_usage(_existing_parent(target)).free
        return StoreError(
            f"The disk is full: {target.name} could not be written to {target.parent} ({free / 1e6:.0f} MB free). "
            f"Free some space, or set {ENVIRONMENT_VARIABLE} to a folder on another disk. Nothing half-written is left."
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST):
        return StoreError(
            f"{target.parent} cannot be written to ({error.strerror}), so {target.name} was not stored. "
            f"Set {ENVIRONMENT_VARIABLE} to a folder of your own, or ask whoever runs this machine to fetch it."
        )
    return None


def _existing_parent(path: Path) -> Path:
    while not path.exists() and path != path.parent:
        path = path.parent
    return path
