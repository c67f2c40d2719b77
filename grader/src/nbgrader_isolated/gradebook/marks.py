"""Writes records into nbgrader's gradebook, as `nbgrader autograde` would have: one writer, one submission at a time."""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
import warnings
from datetime import datetime
from pathlib import Path

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, SAWarning
from traitlets.config import Config

from nbgrader_isolated.closed import make_folder, writing
from nbgrader_isolated.errors import NotAvailableError
from nbgrader_isolated.gradebook.neighbours import put_neighbours
from nbgrader_isolated.notebook.plain_text import markdown_text
from nbgrader_isolated.notebook.roles import grade_id
from nbgrader_isolated.outcomes import Outcome, Record
from nbgrader_isolated.run.attachments import Attachments

_ZONE = re.compile(r"(?![/:])[\w+:/-]*")
_KEYS = (("submitted_notebook", "assignment_id"), ("grade", "notebook_id"), ("comment", "notebook_id"))


LONGEST_NOTE = 400
"""Characters of a note above a graded notebook."""


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
            if self.notebooks:
                add_indexes(book)
        if not self.notebooks:
            raise NotAvailableError(
                f"The gradebook has no notebooks for {assignment!r}. Run: nbgrader generate_assignment {assignment}"
            )

    def _gradebook(self) -> Gradebook:
        return Gradebook(self._course.db_url, self._course.course_id)

    def students(self) -> set[str]:
        """The ids of everybody on the roster."""
        with self._gradebook() as book:
            return {student.id for student in book.students}

    def write(
        self,
        student: str,
        records: list[Record],
        submitted: Path | None = None,
        attachments: Attachments | None = None,
    ) -> None:
        """Writes one submission: all its notebooks, or, when something fails, none of their marks.

        Args:
            student: the student's id.
            records: one per notebook of the assignment.
            submitted: the folder that was handed in; it may hold nbgrader's receipts, see :func:`keep_receipts`.
            attachments: what is to lie next to the graded notebooks; by default what lies there stays.
        """
        with warnings.catch_warnings():
            # nbgrader's own way of adding a submission makes SQLAlchemy warn; the rows are as they should be.
            warnings.simplefilter("ignore", SAWarning)
            self._write(student, records, submitted, attachments)

    def _write(
        self, student: str, records: list[Record], submitted: Path | None, attachments: Attachments | None
    ) -> None:
        folder = Path(self._course.format_path(self._course.autograded_directory, student, self._assignment))
        make_folder(folder)
        timestamp = None
        if submitted is not None:
            timestamp = read_timestamp(submitted)
            keep_receipts(submitted, folder)
        if attachments is not None:
            put_neighbours(attachments, folder, self._course.ignore)
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
            marked = marked_by_hand(book, self._assignment, student, record.notebook)
        resources = {"nbgrader": self._names(student, record.notebook)}
        SaveAutoGrades(config=self._config, parent=None).preprocess(notebook, resources)
        unchanged = same_cells(folder / f"{record.notebook}.ipynb", notebook)
        with self._gradebook() as book:
            settle(record, book, self._assignment, student, seen=marked & unchanged)
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


def add_indexes(book: Gradebook) -> None:
    """Lets SQLite go from a submission to its notebooks, marks and comments without passing everybody else's.

    nbgrader declares these three foreign keys without an index, so SQLite comes to one mark by way of every mark that its
    cell has got in the class, for each graded cell again. With the indexes nbgrader gets the same rows, only faster, in
    formgrader and its commands too. Their names are ours, so that none that nbgrader may add one day is taken.

    Args:
        book: the open gradebook. One that cannot be written to just now stays as it is; the next run tries again. One in
            another database is left alone: those know from statistics how well the keys that nbgrader has will serve.
    """
    if book.engine.dialect.name != "sqlite":
        return
    with contextlib.suppress(OperationalError):
        for table, key in _KEYS:
            book.db.execute(text(f"CREATE INDEX IF NOT EXISTS nbgrader_isolated_{table}_{key} ON {table} ({key})"))
        book.db.commit()


def as_notebook(record: Record, book: Gradebook, assignment: str) -> nbformat.NotebookNode:
    """The executed notebook of a record as nbgrader expects it: with its checksums, and the outcome on top."""
    notebook = nbformat.from_dict(record.cells)
    for cell in notebook.cells:
        flags = cell.metadata.get("nbgrader")
        if flags:
            # From the checksum nbgrader sees that an answer was left as it was handed out.
            with contextlib.suppress(MissingEntry):
                known = book.find_source_cell(flags["grade_id"], record.notebook, assignment)
                flags["checksum"], flags["cell_type"] = known.checksum, known.cell_type
    if record.outcome is not Outcome.GRADED or record.notes or not record.sandboxed:
        notebook.cells.insert(0, _banner(record))
    return notebook


def marked_by_hand(book: Gradebook, assignment: str, student: str, notebook: str) -> set[str]:
    """The grade ids of the cells that an instructor has marked by hand, and that no longer need manual review."""
    with contextlib.suppress(MissingEntry):
        grades = book.find_submission_notebook(notebook, assignment, student).grades
        return {grade.name for grade in grades if grade.manual_score is not None and not grade.needs_manual_grade}
    return set()


def same_cells(written: Path, notebook: nbformat.NotebookNode) -> set[str]:
    """The grade ids of the cells that look as they did when the notebook was last written; none when it was not.

    Args:
        written: the graded notebook of an earlier run.
        notebook: what is about to take its place.
    """
    try:
        before = _looks(nbformat.read(written, as_version=4))
    except (OSError, ValueError, nbformat.ValidationError):
        return set()
    now = _looks(nbformat.reads(nbformat.writes(notebook), as_version=4))
    return {name for name, look in now.items() if before.get(name) == look}


def _looks(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """What whoever marks sees of each cell, by grade id."""
    return {
        cell.metadata.nbgrader.grade_id: json.dumps(
            [cell.source, cell.get("outputs"), cell.get("attachments")], sort_keys=True
        )
        for cell in notebook.cells
        if grade_id(cell)
    }


def settle(
    record: Record, book: Gradebook, assignment: str, student: str, *, seen: set[str] | frozenset[str] = frozenset()
) -> None:
    """Writes what outputs cannot say: a mark that needs manual review, and the zeros of something that is no notebook.

    Args:
        record: of the notebook.
        book: the open gradebook.
        assignment: the assignment's name.
        student: the student's id.
        seen: grade ids that an instructor has marked as they are now; nbgrader would ask for all of them again.
    """
    points = {mark.grade_id: mark.points for mark in record.marks}
    for grade in book.find_submission_notebook(record.notebook, assignment, student).grades:
        if grade.name in points and points[grade.name] is None:
            grade.auto_score, grade.needs_manual_grade = None, True
        elif record.outcome is Outcome.NOT_A_NOTEBOOK:
            grade.auto_score, grade.needs_manual_grade = 0.0, grade.manual_score is not None
        if grade.name in seen and grade.manual_score is not None:
            grade.needs_manual_grade = False
    book.db.commit()


def read_timestamp(folder: Path) -> datetime | None:
    """When a submission was handed in, as the collecting command wrote it down; None where it says nothing usable."""
    raw = _small(folder / "timestamp.txt")
    with contextlib.suppress(ValueError, OverflowError, TypeError):
        said = (raw or b"").decode("ascii").strip()
        # dateutil would look for the time zone's rules in any file that is named in its place.
        if said and all(map(_ZONE.fullmatch, said.split(" ")[2:])):
            return utils.parse_utc(said)
    return None


def says_no_time(folder: Path) -> bool:
    """Whether there is a ``timestamp.txt`` with words that are no time: nobody knows when that was handed in."""
    return bool((_small(folder / "timestamp.txt") or b"").strip()) and read_timestamp(folder) is None


def keep_receipts(submitted: Path, graded: Path) -> None:
    """Copies the two files that nbgrader puts into what it collects to where it looks for them when it gives feedback.

    From the time nbgrader sees whether something newer has been handed in, and the secret becomes the name under which a
    feedback page is released. Both come from a student: links, pipes, and whatever is not what ``nbgrader submit`` writes
    stay where they are, and one that an earlier submission had left next to the graded notebook goes. An empty time says
    nothing, and is kept as nbgrader keeps it.

    Args:
        submitted: the folder that was handed in.
        graded: the folder with the graded notebooks.
    """
    kept = {name: _small(submitted / name) for name in ("timestamp.txt", "submission_secret.txt")}
    if kept["timestamp.txt"] and not read_timestamp(submitted):
        kept["timestamp.txt"] = None
    if kept["submission_secret.txt"] and not re.fullmatch(rb"[0-9A-Za-z]+\s*", kept["submission_secret.txt"]):
        kept["submission_secret.txt"] = None  # one that cannot be read as text would end the release for everybody
    for name, raw in kept.items():
        if raw is None:
            (graded / name).unlink(missing_ok=True)
        else:
            with writing(graded / name) as temporary:
                temporary.write_bytes(raw)


def _small(path: Path, *, most: int = 200) -> bytes | None:
    """A regular file of fewer than ``most`` bytes that has no other name; None for anything else, without waiting."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_nlink == 1 and status.st_size < most:
                return file.read(most)
    return None


def _banner(record: Record) -> nbformat.NotebookNode:
    """The outcome as the first cell, so that feedback and formgrader say it. A note may quote a student's words."""
    lines = [f"**{str(record.outcome).capitalize()}.** {record.outcome.meaning}"]
    if not record.sandboxed:
        lines.append(
            "**Graded without a sandbox:** this notebook's code could read and change whatever the grader could."
        )
    notes = [f"- {markdown_text(note, LONGEST_NOTE)}" for note in dict.fromkeys(record.notes[:50])]
    cell = nbformat.v4.new_markdown_cell("\n\n".join([*lines, "\n".join(notes)]))
    cell.id = "outcome"
    return cell
