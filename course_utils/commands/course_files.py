"""Where the course's notebooks and a student's own copies are: in a clone, or in the installed package and the current folder."""

from pathlib import Path

from course_utils.errors import NotAvailableError
from course_utils.storage import ASSETS

PACKED = ASSETS / "course"
"""The notebooks inside an installed package, laid out as in a clone; a clone has no such folder."""


def find_clone() -> Path | None:
    """Returns the clone (or unpacked bundle) that this package is installed from, or that is the current folder, if any."""
    for folder in (Path(__file__).resolve().parents[2], Path.cwd()):
        if (folder / "requirements.lock").is_file() and (folder / "pyproject.toml").is_file():
            return folder
    return None


def course_root() -> Path:
    """Returns the folder that holds ``work/``: the clone, or without one the current folder."""
    return find_clone() or Path.cwd()


def notebooks_root() -> Path:
    """Returns where lessons, labs and benchmarks' results lie: the clone or the package; or ``NotAvailableError``."""
    for folder in (find_clone(), PACKED):
        if folder and folder.is_dir():
            return folder
    raise NotAvailableError(
        f"The course's notebooks were not found, neither in a clone from {Path.cwd()} nor in {PACKED}. "
        "Change to the folder you cloned, the one with requirements.lock in it, or install the course's wheel again."
    )


def require_clone(command: str) -> Path:
    """Returns the clone, or raises ``NotAvailableError``; the message names the command that needs one."""
    if root := find_clone():
        return root
    raise NotAvailableError(
        f"`{command}` needs a clone of the course; none was found from {Path.cwd()}. "
        "Change to the folder you cloned, the one with requirements.lock in it, and run the command again."
    )
