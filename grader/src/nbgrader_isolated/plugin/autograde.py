"""The engine behind `nbgrader autograde` and the formgrader's button.

nbgrader reads a submission through the exporter, which here repairs it, and executes it with a preprocessor, which here
is the engine. So both ways of grading give the same marks from the same records.
"""

from __future__ import annotations

import fnmatch
import glob
import os
from datetime import datetime
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.gradebook import receipts
from nbgrader_isolated.gradebook.autotests import gradable_tests
from nbgrader_isolated.gradebook.marks import as_notebook, keep_receipts, read_timestamp, says_no_time, settle
from nbgrader_isolated.gradebook.neighbours import put_neighbours
from nbgrader_isolated.notebook.executed import blank
from nbgrader_isolated.notebook.handed_in import may_hold
from nbgrader_isolated.notebook.plain_text import printable
from nbgrader_isolated.notebook.pristine import read_pristine
from nbgrader_isolated.notebook.roles import grade_id
from nbgrader_isolated.outcomes import Record
from nbgrader_isolated.plugin.configuration import GradingEngine
from nbgrader_isolated.plugin.preflight import require_closed, require_known_names, require_out_of_sight
from nbgrader_isolated.plugin.unexecuted import SAID, as_handed_in
from nbgrader_isolated.run.jobs import Job
from nbgrader_isolated.run.submission import attachments_of, grade_submission
from nbgrader_isolated.sandbox.bubblewrap import leave_keyring, require


def _places(converter, names: dict) -> tuple[Path, Path]:
    """The folder handed in and the instructor's."""
    course = converter.coursedir
    submitted = course.format_path(course.submitted_directory, names["student"], names["assignment"])
    return Path(submitted), Path(course.format_path(course.source_directory, ".", names["assignment"]))


class SubmittedFolders(CourseDirectory):
    """The course's folders, of which nbgrader copies nothing but notebooks, and in which it follows no link.

    Before it asks an exporter, nbgrader copies what lies next to a notebook: it follows links, waits for pipes, and fills the
    disk from a device. The engine looks at a submission's files itself, and puts them there.
    """

    def __init__(self, known: CourseDirectory) -> None:
        """Takes over the settings of ``known``, which the formgrader's server goes on using."""
        super().__init__(parent=known.parent, config=known.config)
        for name in self.class_trait_names(config=True):
            self.set_trait(name, getattr(known, name))
        self.ignored, self.ignore = self.ignore, ["*"]

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """When something was handed in; nothing but a small regular file is read."""
        if says_no_time(Path(dest_path)):
            raise NbGraderException(
                f"Expected a time in {printable(os.path.join(dest_path, 'timestamp.txt'), most=300)}, and found other words, so "
                "nobody can tell whether this was late. Write the time into it, as nbgrader does, or remove it."
            )
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
        if not engine.executes():
            self.parent.log.warning(SAID)
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

        The engine finds a notebook under another name, and says of a file what it is in its place, so each submission gets the
        marks that ``grade`` gives it. As in nbgrader, a notebook of which there is no trace has no points and no page, and an
        empty folder is no submission.
        """
        chosen = [name for name in notebooks if fnmatch.fnmatchcase(name, course.notebook_id)]
        pattern = course.format_path(course.submitted_directory, course.student_id, course.assignment_id)
        folders = {folder for folder in glob.glob(pattern) if os.path.isdir(folder) and not os.path.islink(folder)}
        if not chosen:
            return
        for folder in folders | {*self.parent.assignments}:
            if os.listdir(folder):
                there = [name for name in chosen if may_hold(Path(folder), name, notebooks)] or chosen
                self.parent.assignments[folder] = [os.path.join(folder, f"{name}.ipynb") for name in there]

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
        unexecuted = None if engine.executes() else as_handed_in(job, names["notebook"])
        record, resources["outputs_handed_in"] = unexecuted or (Record.from_plain(grade_submission(job)[0]), {})
        resources["grading_record"] = record
        # What the grader failed at, and no submission: for the instructor alone.
        for reason in filter(None, (record.failed, *record.warnings)):
            self.log.error(f"{names['student']}: {reason}")
        if record.handed_in_as:
            self.log.warning(
                f"{printable(names['student'])} handed in {record.notebook}.ipynb as {printable(record.handed_in_as)}."
            )
        graded = Path(resources["metadata"]["path"])
        keep_receipts(submitted, graded)
        receipts.note(evidence.parent, names["student"], submitted, "folder")
        put_neighbours(attachments_of(job), graded, converter.coursedir.ignored)
        with Gradebook(names["db_url"]) as book:
            return as_notebook(record, book, names["assignment"]), resources


class Settle(NbGraderPreprocessor):
    """Set after ``SaveAutoGrades``: asks for manual review where the engine does."""

    def preprocess(self, nb, resources):
        """Returns the notebook, with outputs of tests that nbgrader was not to read marks from.

        Raises:
            NbGraderException: the grader failed, so that the command's exit status says so and the next run grades it again.
        """
        names, record = resources["nbgrader"], resources["grading_record"]
        with Gradebook(names["db_url"]) as book:
            settle(record, book, names["assignment"], names["student"])
        for cell in nb.cells:
            outputs = resources["outputs_handed_in"].get(grade_id(cell))
            if outputs:
                cell.outputs = [nbformat.from_dict(output) for output in outputs]
        if record.failed:
            raise NbGraderException(f"The grader failed on {printable(names['student'])}'s {record.notebook}.ipynb.")
        return nb, resources
