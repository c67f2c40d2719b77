"""What comes with the course, and where downloads and features are kept; files get there whole, or not at all."""

import contextlib
import csv
import functools
import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from course_utils.errors import NotAvailableError, StoreError
from nbgrader_isolated import files

ASSETS = Path(__file__).resolve().parent / "assets"

ENVIRONMENT_VARIABLE = "COURSE_CACHE"
"""Set it to a folder to keep weights, data sets and features there instead of in the user's cache directory."""


@contextlib.contextmanager
def opening_shipped(name: str) -> Iterator[None]:
    """Turns the system's complaint about ``name`` inside ``course_utils/assets`` into a ``NotAvailableError``."""
    try:
        yield
    except OSError as error:
        raise NotAvailableError(
            f"The file {ASSETS / name} cannot be read ({error}). It comes with the course; restore it with "
            "`git checkout -- course_utils/assets`, or install the package again."
        ) from error


@functools.cache
def shipped_table(name: str) -> tuple[dict[str, str], ...]:
    """Reads a CSV file that comes with the course, ``name`` inside ``course_utils/assets``; one mapping per row."""
    with opening_shipped(name), open(ASSETS / name, newline="", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def cache_root() -> Path:
    """Returns the folder of all that is downloaded or computed: ``COURSE_CACHE``, or the user's cache directory."""
    chosen = os.environ.get(ENVIRONMENT_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return platformdirs.user_cache_path("transfer-learning-course", appauthor=False)


def sha256(path: str | os.PathLike) -> str:
    """Returns the SHA-256 of a file's bytes as 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def writing(target: str | os.PathLike, *, mode: int = 0o644) -> AbstractContextManager[Path]:
    """See :func:`nbgrader_isolated.files.writing`; raises ``StoreError`` for a read-only folder or a full disk."""
    return files.writing(target, mode=mode, explain=explain)


def writing_folder(target: str | os.PathLike) -> AbstractContextManager[Path]:
    """Like ``writing``, for a folder of several files; where another process was faster, its folder is kept."""
    return files.writing_folder(target, explain=explain)


def explain(error: OSError, target: Path) -> StoreError | None:
    """Turns the system's complaint into an error that says what to do, or returns None for other errors."""
    if isinstance(error, StoreError):
        return error
    said = files.why_not_written(error, target)
    advice = f"Free some space, set {ENVIRONMENT_VARIABLE} to a folder of your own, or ask whoever runs this machine."
    return StoreError(f"{said} {advice}") if said else None
