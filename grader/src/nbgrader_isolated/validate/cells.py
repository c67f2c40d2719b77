"""A student's notebook compared with the released one: what is wrong with the file, and its cells with the released tests."""

from __future__ import annotations

import collections
import warnings
from pathlib import Path

from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.notebook.handed_in import locate
from nbgrader_isolated.notebook.intake import NotANotebook
from nbgrader_isolated.notebook.plain_text import plain_text
from nbgrader_isolated.notebook.roles import grade_id, is_answer, role

ANSWER_MISSING = (
    "The answer cell {name!r} is missing. Copy it from {released}, or start from a fresh copy and paste yours in."
)
TWICE = "The cell {name!r} is there {count} times. Delete the copies and keep the one with your answer."
RENAMED = "The file is called {found}; the grader takes it as {expected}, and says so."
NOT_TAKEN = "The file is called {found}; it must be {expected} when you hand it in: {why}"


def read_notebook(path: Path, *, expected: str = "a notebook of yours, such as ps1/problem1.ipynb"):
    """Returns a notebook as nbformat reads it.

    Args:
        path: the file.
        expected: what it should be, for the message.

    Raises:
        BadArgumentError: there is no such file, or it is no notebook.
    """
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # doubled cell ids and the like: nbformat fixes them in what it returns
            return nbformat.read(path, as_version=4)
    except OSError as error:
        raise BadArgumentError(
            f"Expected {expected}; {path} could not be read ({error.strerror or error}). Check the path."
        ) from None
    except Exception:
        raise BadArgumentError(
            f"Expected a notebook; {path} is none, or was cut off. JupyterLab keeps the last saved version under "
            "File → Revert Notebook to Checkpoint."
        ) from None


def names(notebook) -> list[str]:
    """Returns the grade ids of a notebook's cells, in order."""
    return [name for cell in notebook.cells if (name := grade_id(cell))]


def faults(notebook, released, *, copy_from: str) -> list[str]:
    """Says which cells a grader would find doubled, and which answer cells it would miss.

    Args:
        notebook: the student's.
        released: the released one.
        copy_from: where a student finds the released notebook, for the message.
    """
    counts = collections.Counter(names(notebook))
    said = [TWICE.format(name=name, count=count) for name, count in counts.items() if count > 1]
    answers = [grade_id(cell) for cell in released.cells if is_answer(cell)]
    return said + [ANSWER_MISSING.format(name=name, released=copy_from) for name in answers if not counts[name]]


def under_another_name(path: Path, released, expected: str) -> tuple[list[str], list[str]]:
    """Says what a file's name means, as the grader finds the file in its folder.

    Args:
        path: the student's file.
        released: the released notebook.
        expected: the released notebook's file name.

    Returns:
        Faults, where the grader would not take this file; and remarks, where it would under another name.
    """
    if path.name == expected:
        return [], []
    name = Path(expected).stem
    taken = locate(path.parent, {name: released.cells})[name]
    called = {"found": plain_text(path.name), "expected": expected}
    if taken == path:
        return [], [RENAMED.format(**called)]
    why = plain_text(taken) if isinstance(taken, NotANotebook) else f"{taken.name} is there too."
    return [NOT_TAKEN.format(**called, why=why)], []


def with_released_cells(notebook, released):
    """Returns the student's cells with the released locked cells and tests; a deleted test comes back at the end."""
    import nbformat

    pristine = {name: cell for cell in released.cells if (name := grade_id(cell)) and not is_answer(cell)}
    cells, seen = [], set()
    for cell in notebook.cells:
        name = grade_id(cell)
        if name not in seen:
            cells.append(pristine.get(name, cell))
        if name in pristine:
            seen.add(name)
    deleted = [cell for name, cell in pristine.items() if name not in seen]
    setup, tests = ([cell for cell in deleted if (role(cell) == "test") == wanted] for wanted in (False, True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # cells without an id, from older notebooks: nbformat gives them one
        merged = nbformat.v4.new_notebook(cells=[*setup, *cells, *tests])
    merged.metadata = released.metadata
    return merged
