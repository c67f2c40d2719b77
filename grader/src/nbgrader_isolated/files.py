"""The one way a file gets to its place: whole, or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from nbgrader_isolated.errors import CannotWriteError


def why_not_written(error: OSError, target: Path) -> str:
    """Says in words why a file could not be written; empty for an error that has other causes.

    Args:
        error: what the system said.
        target: the file.
    """
    if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        free = shutil.disk_usage(_existing_parent(target)).free
        return (
            f"The disk is full: {target.name} could not be written to {target.parent} ({free / 1e6:.0f} MB free). "
            "Nothing half-written is left."
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST):
        return f"{target.parent} cannot be written to ({error.strerror}), so {target.name} was not stored."
    return ""


def _explained(error: OSError, target: Path) -> OSError | None:
    said = why_not_written(error, target)
    return CannotWriteError(f"{said} Free some space, or have the folder's owner run this.") if said else None


@contextlib.contextmanager
def writing(
    target: str | os.PathLike,
    *,
    mode: int = 0o644,
    explain: Callable[[OSError, Path], OSError | None] = _explained,
) -> Iterator[Path]:
    """Gives a temporary path next to ``target`` and renames it to ``target`` when the block ends well.

    The rename is atomic, so another process sees the old file, or the whole new one, never a part. When the block
    raises, the temporary file is removed and ``target`` is as it was. The temporary name is unique, so two
    processes that write the same target do no harm: the last rename wins with a whole file.

    Args:
        target: the final path; missing parent folders are created.
        mode: the file's, from the moment it has anything in it.
        explain: gives the error to raise in place of the system's, or None to leave that as it is.

    Yields:
        The temporary path, an existing empty file in the same folder.

    Raises:
        CannotWriteError: the folder is read-only, or the disk is full.
    """
    target, temporary = Path(target), None
    try:
        with _explaining(target, explain):
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent)
            os.close(handle)
            temporary = Path(name)
            os.chmod(temporary, mode)  # mkstemp gives 0600, but a folder may be shared by a class
            yield temporary
            _flush(temporary)
            os.replace(temporary, target)
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def writing_folder(
    target: str | os.PathLike, *, explain: Callable[[OSError, Path], OSError | None] = _explained
) -> Iterator[Path]:
    """Like ``writing``, for a folder of several files; where another process was faster, its folder is kept."""
    target, temporary = Path(target), None
    try:
        with _explaining(target, explain):
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent))
            os.chmod(temporary, 0o755)
            yield temporary
            _put(temporary, target)
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


@contextlib.contextmanager
def _explaining(target: Path, explain: Callable[[OSError, Path], OSError | None]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        explained = explain(error, target)
        if explained is None:
            raise
        raise explained from error


def _put(temporary: Path, target: Path, *, attempts: int = 10) -> None:
    """Renames a folder to ``target``, and keeps one that is there already."""
    for attempt in range(1, attempts + 1):
        try:
            os.rename(temporary, target)
            return
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
            if target.is_dir():
                return
            if attempt == attempts:  # else another process has removed it since, and the place is free
                raise


def _flush(path: Path) -> None:
    # Without fsync a crash after the rename can leave a whole name on an empty file.
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _existing_parent(path: Path) -> Path:
    while not path.exists() and path != path.parent:
        path = path.parent
    return path
