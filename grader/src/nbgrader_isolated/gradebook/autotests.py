"""Test cells that nbgrader writes when it releases: the source has a line ``### AUTOTEST f(3)``, the gradebook the test.

`nbgrader generate_assignment` runs the expression on the instructor's answers, and keeps the cell with the tests that come of it,
hidden ones included, in the gradebook. From there `nbgrader autograde` takes it, and so does the engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import InstantiateTests
from traitlets.config import Config

from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.notebook.gradable import require_gradable
from nbgrader_isolated.notebook.pristine import read_pristine
from nbgrader_isolated.notebook.roles import role


def gradable_tests(
    source: Path, assignment: str, notebooks: Iterable[str], db_url: str, config: Config
) -> dict[str, dict[str, str]]:
    """The tests that nbgrader has written: notebook → grade id → the cell, hidden tests included.

    Args:
        source: the instructor's folder of the assignment.
        assignment: its name.
        notebooks: names of its notebooks.
        db_url: where the gradebook is.
        config: nbgrader's settings, which say what an AUTOTEST line looks like.

    Raises:
        BadArgumentError: a test has not been written yet, or was written for another source, or a test cell is one that the
            examiner cannot run.
        NotAvailableError: a notebook cannot be read.
    """
    delimiter = InstantiateTests(config=config).autotest_delimiter
    found = {}
    for name in notebooks:
        pristine = read_pristine(source, name)
        found[name] = _written(pristine, delimiter, assignment, name, db_url)
        require_gradable(read_pristine(source, name, found[name]))
    return found


def _written(pristine: list[dict], delimiter: str, assignment: str, name: str, db_url: str) -> dict[str, str]:
    sources = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["source"]
        for cell in pristine
        if cell["cell_type"] == "code" and role(cell) in ("test", "locked") and _lines(cell["source"], delimiter)
    }
    if not sources:
        return {}
    with Gradebook(db_url) as book:
        try:
            saved = {cell.name: cell.source for cell in book.find_notebook(name, assignment).source_cells}
        except MissingEntry:
            saved = {}
    for grade_id, source in sources.items():
        line = _lines(source, delimiter)[0]
        fix = f"Run: nbgrader generate_assignment {assignment}"
        if grade_id not in saved or _lines(saved[grade_id] or "", delimiter):
            raise BadArgumentError(
                f"In line {line} of the test cell {grade_id!r} of {name}.ipynb stands an {delimiter}, and the gradebook has no "
                f"test written for it. {fix}"
            )
        if not _comes_from(saved[grade_id], source, delimiter):
            raise BadArgumentError(
                f"The test cell {grade_id!r} of {name}.ipynb has changed since the tests for its {delimiter} lines were written. "
                f"{fix}"
            )
    return {grade_id: saved[grade_id] for grade_id in sources}


def _lines(source: str, delimiter: str) -> list[int]:
    """Numbers of the lines that nbgrader puts tests in place of, from 1."""
    return [
        number
        for number, line in enumerate(source.split("\n"), start=1)
        if delimiter in line and line.strip().startswith("#")
    ]


def _comes_from(written: str, source: str, delimiter: str) -> bool:
    """Whether a cell can have been written for a source: all its other lines are there, in order, and every expression."""
    directives = {number - 1 for number in _lines(source, delimiter)}
    left = iter(written.split("\n"))
    for number, line in enumerate(source.split("\n")):
        if number in directives:
            expressions = line[line.find(delimiter) + len(delimiter) :].split(";")
            if not all(expression.strip() in written for expression in expressions):
                return False
        elif line not in left:  # goes on from where the last one was found
            return False
    return True
