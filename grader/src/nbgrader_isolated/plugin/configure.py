"""What an instructor writes into ``nbgrader_config.py``: ``configure``; and the CSV export."""

from __future__ import annotations

import contextlib
import csv
import os
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import CsvExportPlugin
from sqlalchemy import event
from sqlalchemy.engine import Engine
from traitlets.config import Config

from nbgrader_isolated.closed import open_file
from nbgrader_isolated.gradebook.decisions import EXTENSIONS
from nbgrader_isolated.gradebook.spreadsheet import guarded, number

_AUTOGRADE, _FEEDBACK = "nbgrader_isolated.plugin.autograde", "nbgrader_isolated.plugin.feedback"


def configure(config: Config) -> None:
    """Makes `nbgrader autograde` and the formgrader's button grade through the engine; for ``nbgrader_config.py``.

    And has feedback and the formgrader's pages show students' work without what acts in a browser; has the gradebook, the
    exported marks and the folders of feedback made closed to other users; and has feedback say what is not marked yet.
    """
    if not event.contains(Engine, "do_connect", _closed_database):
        event.listen(Engine, "do_connect", _closed_database)
    if "root" in config.CourseDirectory and "extensions" not in config.LatePenalty:
        config.LatePenalty.extensions = str(Path(config.CourseDirectory.root) / EXTENSIONS)
    config.ExportApp.plugin_class = f"{__name__}.ClosedCsv"
    config.GenerateFeedback.exporter_class = f"{_FEEDBACK}.FeedbackPage"
    config.GenerateFeedback.preprocessors = [
        f"{_FEEDBACK}.Scores",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    if "release_feedback" not in config.ExchangeFactory:  # another exchange has its own
        config.ExchangeFactory.release_feedback = "nbgrader_isolated.plugin.exchange.ReleaseFeedback"
    config.HTMLExporter.preprocessors = ["nbgrader_isolated.notebook.page.CleanHTML"]
    config.Autograde.exporter_class = f"{_AUTOGRADE}.SubmittedNotebook"
    config.Autograde.autograde_preprocessors = [
        f"{_AUTOGRADE}.SplitExecute",
        "nbgrader.preprocessors.SaveAutoGrades",
        f"{_AUTOGRADE}.Settle",
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
