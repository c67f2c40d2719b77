"""The engine behind `nbgrader autograde` and the formgrader's button; ``configure`` sets it up.

nbgrader reads a submission through the exporter, which here repairs it, and executes it with a preprocessor, which here
is the engine. So both ways of grading give the same marks from the same records.
"""

from __future__ import annotations

import contextlib
import csv
import fnmatch
import glob
import os
from datetime import datetime
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy import event
from sqlalchemy.engine import Engine
from traitlets.config import Config

from nbgrader_isolated.closed import open_file, share
from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.gradebook import receipts
from nbgrader_isolated.gradebook.autotests import gradable_tests
from nbgrader_isolated.gradebook.decisions import EXTENSIONS
from nbgrader_isolated.gradebook.marks import as_notebook, keep_receipts, read_timestamp, settle
from nbgrader_isolated.gradebook.spreadsheet import guarded, number
from nbgrader_isolated.notebook.executed import blank
from nbgrader_isolated.notebook.plain_text import printable
from nbgrader_isolated.notebook.pristine import read_pristine
from nbgrader_isolated.outcomes import Record
from nbgrader_isolated.plugin.configuration import GradingEngine
from nbgrader_isolated.plugin.preflight import (
    private_places,
    require_closed,
    require_known_names,
    require_out_of_sight,
)
from nbgrader_isolated.run.jobs import Job
from nbgrader_isolated.run.submission import grade_submission
from nbgrader_isolated.sandbox.bubblewrap import leave_keyring, require


def configure(config: Config) -> None:
    """Makes `nbgrader autograde` and the formgrader's button grade through the engine; for ``nbgrader_config.py``.

    And has feedback and the formgrader's pages show students' work without what acts in a browser; and has the gradebook, the
    exported marks and the folders of feedback made closed to other users.
    """
    if not event.contains(Engine, "do_connect", _closed_database):
        event.listen(Engine, "do_connect", _closed_database)
    if "root" in config.CourseDirectory and "extensions" not in config.LatePenalty:
        config.LatePenalty.extensions = str(Path(config.CourseDirectory.root) / EXTENSIONS)
    config.ExportApp.plugin_class = f"{__name__}.ClosedCsv"
    config.GenerateFeedback.exporter_class = f"{__name__}.FeedbackPage"
    config.HTMLExporter.preprocessors = ["nbgrader_isolated.notebook.page.CleanHTML"]
    config.Autograde.exporter_class = f"{__name__}.SubmittedNotebook"
    config.Autograde.autograde_preprocessors = [
        f"{__name__}.SplitExecute",
        "nbgrader.preprocessors.SaveAutoGrades",
        f"{__name__}.Settle",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]


def _closed_database(dialect, record, arguments: list, named: dict) -> None:
    """Makes an SQLite file before SQLite does, which would let everybody read it; its journals get the same mode."""
    if dialect.name == "sqlite" and arguments and os.path.isabs(arguments[0]) and not os.path.exists(arguments[0]):
        with contextlib.suppress(OSError):  # SQLite says better what is wrong with the place
            os.close(open_file(Path(arguments[0]), os.O_RDWR))


_TEXTS = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"]
_NUMBERS = ["raw_score", "late_submission_penalty", "score", "max_score"]


class ClosedCsv(CsvExportPlugin):
    """Set as ``ExportApp.plugin_class``: the columns of nbgrader's own export, in a file that no other user can read.

    nbgrader writes names as they are, so that a comma moves the columns and ``=`` begins a formula, and points with all the
    digits that a sum of them leaves.
    """

    def export(self, gradebook):
        """Writes the marks to ``to``, by default ``grades.csv``."""
        handle = open_file(Path(self.to or "grades.csv").absolute(), os.O_WRONLY)
        with contextlib.suppress(PermissionError), os.fdopen(handle):  # a co-instructor's stays as it is
            os.fchmod(handle, os.fstat(handle).st_mode & 0o770)
        with open(self.to or "grades.csv", "w", newline="", encoding="utf-8", errors="backslashreplace") as file:
            writer = csv.writer(file)
            writer.writerow([*_TEXTS, *_NUMBERS])
            for assignment in gradebook.assignments:
                for student in gradebook.students:
                    if (assignment.name in self.assignment or not self.assignment) and (
                        student.id in map(str, self.student) or not self.student
                    ):
                        writer.writerow(_exported(gradebook, assignment, student))
        self.log.info("Exported the marks to %s", self.to or "grades.csv")


def _exported(gradebook: Gradebook, assignment, student) -> list[object]:
    """A line of nbgrader's own export: who handed in nothing has 0 points."""
    handed_in, raw, late = "", 0.0, 0.0
    with contextlib.suppress(MissingEntry):
        found = gradebook.find_submission(assignment.name, student.id)
        handed_in, raw, late = found.timestamp, found.score, found.late_submission_penalty or 0.0
    texts = assignment.name, assignment.duedate, handed_in, student.id, student.last_name, student.first_name
    numbers = raw, late, max(0.0, raw - late), assignment.max_score
    return [*("" if text is None else guarded(str(text)) for text in (*texts, student.email)), *map(number, numbers)]


class FeedbackPage(HTMLExporter):
    """Set as ``GenerateFeedback.exporter_class``: the folder of feedback is closed before anything is put there."""

    def __init__(self, config=None, **kwargs):
        """Closes the course's folders, as far as they are one's own."""
        super().__init__(config=config, **kwargs)
        if self.parent is not None and not GradingEngine(config=self.config).allow_open:
            private_places(self.parent.coursedir, GradingEngine(config=self.config)).close()

    def from_filename(self, filename, resources=None, **kwargs):
        """Returns the page. Another instructor who shares the course can replace it."""
        course, names = self.parent.coursedir, resources["nbgrader"]
        share(Path(course.format_path(course.feedback_directory, names["student"], names["assignment"])).parent)
        return super().from_filename(filename, resources=resources, **kwargs)


def _places(converter, names: dict) -> tuple[Path, Path]:
    """The folder handed in and the instructor's."""
    course = converter.coursedir
    submitted = course.format_path(course.submitted_directory, names["student"], names["assignment"])
    return Path(submitted), Path(course.format_path(course.source_directory, ".", names["assignment"]))


class SubmittedFolders(CourseDirectory):
    """The course's folders, of which nbgrader copies nothing but notebooks, and in which it follows no link.

    Before it asks an exporter, nbgrader copies what lies next to a notebook: it follows links, waits for pipes, and fills the
    disk from a device. The engine gets a submission's files itself, so there is nothing to copy.
    """

    def __init__(self, known: CourseDirectory) -> None:
        """Takes over the settings of ``known``, which the formgrader's server goes on using."""
        super().__init__(parent=known.parent, config=known.config)
        for name in self.class_trait_names(config=True):
            self.set_trait(name, getattr(known, name))
        self.ignore = ["*"]

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """When something was handed in; nothing but a small regular file is read."""
        return read_timestamp(Path(dest_path))


class SubmittedNotebook(NotebookExporter):
    """Set as ``Autograde.exporter_class``: no file that a student hands in can make nbgrader give up on the class."""

    export_from_notebook = "Notebook, as handed in"

    def __init__(self, config=None, **kwargs):
        """Refuses before the first submission is touched where students' code cannot be shut in."""
        super().__init__(config=config, **kwargs)
        leave_keyring()
        try:
            engine = GradingEngine(config=self.config)
            sandboxed = require(engine.settings("").student).available
            course = self.parent.coursedir
            require_out_of_sight(course, engine)
            said = require_closed(course, engine)
            notebooks = self._notebooks(course)
            self.tests = self._tests(course, notebooks)
            require_known_names(course, self.parent.coursedir.assignment_id)
        except (NotAvailableError, BadArgumentError) as error:
            self.parent.log.error(str(error))
            raise NbGraderException(str(error)) from None
        for line in said:
            self.parent.log.warning(line)
        if not sandboxed:
            self.parent.log.warning(
                "WITHOUT A SANDBOX: students' code runs with your rights (c.GradingEngine.consent_to_no_sandbox)."
            )
        self._expect(course, notebooks)
        self.parent.coursedir = SubmittedFolders(self.parent.coursedir)

    def _notebooks(self, course: CourseDirectory) -> list[str]:
        """The assignment's notebooks; none where nbgrader itself will say that there is no such assignment."""
        with Gradebook(course.db_url, course.course_id) as book:
            try:
                return [notebook.name for notebook in book.find_assignment(course.assignment_id).notebooks]
            except MissingEntry:
                return []

    def _tests(self, course: CourseDirectory, notebooks: list[str]) -> dict[str, dict[str, str]]:
        source = Path(course.format_path(course.source_directory, ".", course.assignment_id))
        return gradable_tests(source, course.assignment_id, notebooks, course.db_url, self.config) if notebooks else {}

    def _expect(self, course: CourseDirectory, notebooks: list[str]) -> None:
        """Has nbgrader go through the assignment's notebooks in place of the files that are called like notebooks.

        The engine finds a notebook under another name, and says of one that is not there that it is not, so each submission
        gets the marks that ``grade`` gives it.
        """
        chosen = [f"{name}.ipynb" for name in notebooks if fnmatch.fnmatchcase(name, course.notebook_id)]
        pattern = course.format_path(course.submitted_directory, course.student_id, course.assignment_id)
        folders = {folder for folder in glob.glob(pattern) if os.path.isdir(folder) and not os.path.islink(folder)}
        if chosen:
            self.parent.assignments = {
                folder: [os.path.join(folder, name) for name in chosen]
                for folder in folders | {*self.parent.assignments}
            }

    def from_filename(self, filename, resources=None, **kwargs):
        """Gives nbgrader's sanitisers a clean notebook in place of what was handed in; the engine reads the file itself."""
        names = resources["nbgrader"]
        submitted, source = _places(self.parent, names)
        if Path(filename).parent != submitted:
            return super().from_filename(filename, resources=resources, **kwargs)
        tests = self.tests.get(names["notebook"])
        notebook = nbformat.from_dict(blank(read_pristine(source, names["notebook"], tests)))
        return self.from_notebook_node(notebook, resources=resources, **kwargs)


class SplitExecute(NbGraderPreprocessor):
    """Set in ``Autograde.autograde_preprocessors`` in place of ``Execute``: grades through split kernels."""

    def preprocess(self, nb, resources):
        """Returns the notebook as the engine executed it, without hidden tests."""
        names, converter = resources["nbgrader"], self.parent.parent
        engine = GradingEngine(config=self.config)
        settings = engine.settings(names["assignment"])
        require(settings.student)
        submitted, source = _places(converter, names)
        evidence = Path(converter.coursedir.root) / engine.evidence_directory / names["assignment"] / names["student"]
        job = Job(
            student=names["student"],
            folder=str(submitted),
            source=str(source),
            notebooks=(names["notebook"],),
            evidence=str(evidence),
            settings=settings,
            force=True,  # whoever presses the button wants it graded now
            tests=self.parent.tests,
        )
        record = Record.from_plain(grade_submission(job)[0])
        resources["grading_record"] = record
        # What the grader failed at, and no submission: for the instructor alone.
        for reason in filter(None, (record.failed, *record.warnings)):
            self.log.error(f"{names['student']}: {reason}")
        if record.handed_in_as:
            self.log.warning(
                f"{printable(names['student'])} handed in {record.notebook}.ipynb as {printable(record.handed_in_as)}."
            )
        keep_receipts(submitted, Path(resources["metadata"]["path"]))
        receipts.note(evidence.parent, names["student"], submitted, "folder")
        with Gradebook(names["db_url"]) as book:
            return as_notebook(record, book, names["assignment"]), resources


class Settle(NbGraderPreprocessor):
    """Set after ``SaveAutoGrades``: asks for manual review where the engine does."""

    def preprocess(self, nb, resources):
        """Returns the notebook as it is."""
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as book:
            settle(resources["grading_record"], book, names["assignment"], names["student"])
        return nb, resources
