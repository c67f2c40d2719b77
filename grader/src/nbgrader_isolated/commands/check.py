"""``nbgrader-isolated check NOTEBOOK --released FILE``: how each exercise of a student's notebook stands, before handing in.

The tests are the visible ones. They are taken from the released notebook, so that a test that was changed or deleted by
accident is run all the same. The notebook runs in a temporary copy of its folder, and the folder stays as it is.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbgrader_isolated.notebook.roles import role
from nbgrader_isolated.text_table import columns
from nbgrader_isolated.validate import cells
from nbgrader_isolated.validate.execute import run_in_a_copy
from nbgrader_isolated.validate.statuses import MARKS, ExerciseStatus, status_of


@dataclass(frozen=True)
class Checked:
    """What is known of a notebook that was run."""

    statuses: list[ExerciseStatus]  # one per automatic exercise, in order
    faults: list[str]  # sentences about what is wrong with the file, such as cells that are missing or doubled
    advice: list[str]  # sentences about its name and the files in its folder
    receipt: str  # of the file as it was when it was read: it may be saved again while it runs

    @property
    def all_right(self) -> bool:
        """Whether nothing is wrong with the file and every exercise is right."""
        return not self.faults and all(status.outcome == "right" for status in self.statuses)


def check(
    path: Path, released: Path, *, notebook=None, copy_from: str = "", verdicts: Mapping[str, str] | None = None
) -> Checked:
    """Runs a student's notebook from top to bottom in a fresh kernel, and reads what the released tests say.

    Args:
        path: the student's file.
        released: the notebook as students got it.
        notebook: the student's notebook, where it has been read.
        copy_from: what students call the released notebook; by default its path.
        verdicts: for tests that print a verdict: how it begins → one of the outcomes of
            :data:`~nbgrader_isolated.validate.statuses.MARKS`. Any other test gives its points as nbgrader does.

    Raises:
        BadArgumentError: one of the files is no notebook.
        NotAvailableError: the folder could not be copied, or the kernel died.
    """
    notebook = cells.read_notebook(path) if notebook is None else notebook
    line = receipt(path)
    original = cells.read_notebook(released, expected="the released notebook")
    faults, remarks = cells.under_another_name(path, original, released.name)
    faults = cells.faults(notebook, original, copy_from=copy_from or str(released)) + faults
    merged = cells.with_released_cells(notebook, original)
    advice = remarks + run_in_a_copy(merged, path.resolve().parent)
    statuses = [status_of(cell, verdicts or {}) for cell in merged.cells if role(cell) == "test"]
    return Checked(statuses, faults, advice, line)


def table(statuses: list[ExerciseStatus]) -> str:
    """Returns the exercises as a table: name, outcome and points."""
    rows = [(f"{MARKS[s.outcome]} {s.test}", s.outcome, f"{s.earned:g} of {s.points:g}") for s in statuses]
    total = f"{sum(s.earned for s in statuses):g} of {sum(s.points for s in statuses):g}"
    return columns([*rows, ("  together", "", total)], right=[2])


def receipt(path: Path) -> str:
    """A line with the time now, a file's name, and the SHA-256 of its bytes, as the receipts of what was collected have it."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return f"Receipt, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC. Hand in this file: {path.name}  sha256 {digest}"


def show(checked: Checked) -> None:
    """Prints what the tests say, what is wrong with the file, and the table."""
    for status in checked.statuses:
        if status.outcome not in ("right", "not attempted"):
            print(f"{status.said}\n")
    for sentence in checked.faults + checked.advice:
        print(f"! {sentence}")
    print(table(checked.statuses))


def main(argv: list[str]) -> int:
    """The ``check`` command; returns 0 when every exercise is right, 1 when one is not."""
    parser = argparse.ArgumentParser(
        prog="nbgrader-isolated check", description="Run a student's notebook and its visible tests."
    )
    parser.add_argument("notebook", type=Path, help="for example ps1/problem1.ipynb")
    parser.add_argument("--released", type=Path, required=True, metavar="FILE", help="the notebook as students got it")
    options = parser.parse_args(argv)
    checked = check(options.notebook, options.released)
    show(checked)
    print(checked.receipt)
    return int(not checked.all_right)
