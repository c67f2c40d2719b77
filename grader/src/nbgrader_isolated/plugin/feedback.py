"""Feedback pages: made in closed folders, and with words where there is no mark yet."""

from __future__ import annotations

from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook
from nbgrader.preprocessors import GetGrades

from nbgrader_isolated.closed import make_folder, share
from nbgrader_isolated.plugin.configuration import GradingEngine
from nbgrader_isolated.plugin.preflight import private_places


class _Words(str):
    """What a page says in place of a number; see ``FeedbackPage``."""


OPEN = _Words("not marked yet")


class Scores(GetGrades):
    """Set in ``GenerateFeedback.preprocessors`` in place of ``GetGrades``, for which what nobody has marked has 0 points."""

    def preprocess(self, nb, resources):
        """Returns the notebook with marks and comments; a sum in which marks are missing says so."""
        nb, resources = super().preprocess(nb, resources)
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as book:
            found = book.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
            waiting = {
                grade.name
                for grade in found.grades
                if grade.needs_manual_grade and grade.manual_score is None and grade.auto_score is None
            }
        for cell in nb.cells:
            flags = cell.metadata.get("nbgrader", {})
            if flags.get("grade_id") in waiting and "score" in flags:
                flags["score"] = OPEN
        if waiting:
            names["score"] = _Words(f"{round(float(names['score']), 2)} so far")
        return nb, resources


class FeedbackPage(HTMLExporter):
    """Set as ``GenerateFeedback.exporter_class``: the folder of feedback is closed before anything is put there."""

    def __init__(self, config=None, **kwargs):
        """Closes the course's folders, as far as they are one's own."""
        super().__init__(config=config, **kwargs)
        for name in ("float", "round"):  # nbgrader's template makes a number of every score
            self.register_filter(name, _past_words(self.environment.filters[name]))
        if self.parent is not None and not GradingEngine(config=self.config).allow_open:
            private_places(self.parent.coursedir, GradingEngine(config=self.config)).close()

    def from_filename(self, filename, resources=None, **kwargs):
        """Returns the page. Another instructor who shares the course can replace it."""
        course, names = self.parent.coursedir, resources["nbgrader"]
        folder = Path(course.format_path(course.feedback_directory, names["student"], names["assignment"])).parent
        make_folder(folder)  # nbgrader has made it where it had a file to copy
        share(folder)
        return super().from_filename(filename, resources=resources, **kwargs)


def _past_words(number_filter):
    """A filter of Jinja's for numbers, which leaves words as they are."""

    def filtered(value, *arguments, **named):
        return value if isinstance(value, _Words) else number_filter(value, *arguments, **named)

    return filtered
