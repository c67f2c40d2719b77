"""Writes records into nbgrader's gradebook, as `nbgrader autograde` would have: one writer, one submission at a time."""

from __future__ import annotations

import contextlib
import html
import warnings
from datetime import datetime
from pathlib import Path

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from course_utils.errors import NotAvailableError
from course_utils.grading.outcomes import Outcome, Record
from course_utils.store import writing


class Writer:
    """Puts marks, comments and executed notebooks where nbgrader's feedback, formgrader and export look for them."""

    def __init__(self, course: CourseDirectory, config: Config, assignment: str) -> None:
        """Checks that the assignment is in the gradebook.

        Raises:
            NotAvailableError: it is not; the message names the command that puts it there.
        """
        self._course, self._config, self._assignment = course, config, assignment
        with self._gradebook() as book:
            try:
                self.notebooks = [notebook.name for notebook in book.find_assignment(assignment).notebooks]
            except MissingEntry:
                self.notebooks = []
        if not self.notebooks:
            raise NotAvailableError(
                f"The gradebook has no notebooks for {assignment!r}. Run: nbgrader generate_assignment {assignment}"
            )

    def _gradebook(self) -> Gradebook:
        return Gradebook(self._course.db_url, self._course.course_id)

    def write(self, student: str, records: list[Record], timestamp: datetime | None = None) -> None:
        """Writes one submission: all its notebooks, or, when something fails, none of their marks.

        Args:
            student: the student's id.
            records: one per notebook of the assignment.
            timestamp: when it was handed in, by the collector's clock.
        """
        with warnings.catch_warnings():
            # nbgrader's own way of adding a submission makes SQLAlchemy warn; the rows are as they should be.
            warnings.simplefilter("ignore", SAWarning)
            self._write(student, records, timestamp)

    def _write(self, student: str, records: list[Record], timestamp: datetime | None) -> None:
        folder = Path(self._course.format_path(self._course.autograded_directory, student, self._assignment))
        folder.mkdir(parents=True, exist_ok=True)
        with self._gradebook() as book:
            book.update_or_create_student(student)
            book.update_or_create_submission(
                self._assignment, student, **({"timestamp": timestamp} if timestamp else {})
            )
        for record in records:
            if record.notebook not in self.notebooks:
                continue
            self._save(student, record, folder)
        for record in records:
            if record.notebook in self.notebooks:
                self._penalty(student, record)

    def _save(self, student: str, record: Record, folder: Path) -> None:
        with self._gradebook() as book:
            notebook = as_notebook(record, book, self._assignment)
        resources = {"nbgrader": self._names(student, record.notebook)}
        SaveAutoGrades(config=self._config, parent=None).preprocess(notebook, resources)
        with self._gradebook() as book:
            settle(record, book, self._assignment, student)
        with writing(folder / f"{record.notebook}.ipynb") as temporary:
            nbformat.write(notebook, temporary)

    def _penalty(self, student: str, record: Record) -> None:
        resources = {"nbgrader": self._names(student, record.notebook)}
        AssignLatePenalties(config=self._config, parent=None).preprocess(nbformat.v4.new_notebook(), resources)

    def _names(self, student: str, notebook: str) -> dict:
        return {
            "student": student,
            "assignment": self._assignment,
            "notebook": notebook,
            "db_url": self._course.db_url,
        }


def as_notebook(record: Record, book: Gradebook, assignment: str) -> nbformat.NotebookNode:
    """The executed notebook of a record as nbgrader wants it: with its checksums, and the outcome on top."""
    notebook = nbformat.from_dict(record.cells)
    for cell in notebook.cells:
        flags = cell.metadata.get("nbgrader")
        if flags:
            # From the checksum nbgrader sees that an answer was left as it was handed out.
            with contextlib.suppress(MissingEntry):
                known = book.find_source_cell(flags["grade_id"], record.notebook, assignment)
                flags["checksum"], flags["cell_type"] = known.checksum, known.cell_type
    if record.outcome is not Outcome.GRADED or record.notes:
        notebook.cells.insert(0, _banner(record))
    return notebook


def settle(record: Record, book: Gradebook, assignment: str, student: str) -> None:
    """Writes what outputs cannot say: a mark that a person must give, and the zeros of something that is no notebook."""
    points = {mark.grade_id: mark.points for mark in record.marks}
    for grade in book.find_submission_notebook(record.notebook, assignment, student).grades:
        if grade.name in points and points[grade.name] is None:
            grade.auto_score, grade.needs_manual_grade = None, True
        elif record.outcome is Outcome.NOT_A_NOTEBOOK:
            grade.auto_score, grade.needs_manual_grade = 0.0, grade.manual_score is not None
    book.db.commit()


def read_timestamp(folder: Path) -> datetime | None:
    """When a submission was handed in, as the collecting command wrote it down; None where it says nothing usable."""
    path = folder / "timestamp.txt"
    with contextlib.suppress(OSError, ValueError, OverflowError, TypeError):
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 200:
            return utils.parse_utc(path.read_text(encoding="utf-8").strip())
    return None


def _banner(record: Record) -> nbformat.NotebookNode:
    """The outcome as the first cell, so that feedback and formgrader say it. Everything in it is escaped."""
    lines = [f"**{str(record.outcome).capitalize()}.** {record.outcome.meaning}"]
    lines += [f"- {html.escape(note)}" for note in dict.fromkeys(record.notes[:50])]
    cell = nbformat.v4.new_markdown_cell("\n\n".join(lines[:1]) + "\n\n" + "\n".join(lines[1:]))
    cell.id = "outcome"
    return cell
