"""What a late submission costs."""

from __future__ import annotations

import math
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import BasePlugin
from traitlets import Float, Unicode
from traitlets.config import Config

from nbgrader_isolated.gradebook.decisions import EXTENSIONS, extra_days

SECONDS_PER_DAY = 24 * 60 * 60


def penalty(score: float, seconds_late: float, *, per_day: float, at_most: float, grace: float) -> float:
    """The points that a late submission loses.

    The loss is a share of the points earned: whoever did the work keeps more than half of it, however late, and nobody
    falls below zero. A day counts when it has started, once the grace period is over.

    Args:
        score: points earned, before the penalty.
        seconds_late: seconds between the due date and the submission.
        per_day: share of the score lost per started day, 0 to 1.
        at_most: largest share that can be lost, 0 to 1.
        grace: seconds after the due date that cost nothing.

    Returns:
        Points to take off, between 0 and ``at_most * score``.
    """
    if seconds_late <= grace:
        return 0.0
    days = math.ceil(seconds_late / SECONDS_PER_DAY)
    return score * min(at_most, per_day * days)


class LatePenalty(BasePlugin):
    """nbgrader's plugin: set in ``nbgrader_config.py`` as ``AssignLatePenalties.plugin_class``."""

    per_day = Float(0.10, min=0, max=1, help="Share of the earned points lost per started day.").tag(config=True)
    at_most = Float(0.50, min=0, max=1, help="Largest share of the earned points that can be lost.").tag(config=True)
    grace_minutes = Float(15, min=0, help="Minutes after the due date that cost nothing.").tag(config=True)

    extensions = Unicode(
        EXTENSIONS, help="The table of extensions (assignment,student,days); in the course's folder, unless a path."
    ).tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Called by nbgrader for each notebook that came late; see :func:`penalty`.

        nbgrader passes no assignment along; the preprocessor that made this plugin, its parent, knows which it is.
        """
        return self.points_off(getattr(self.parent, "assignment_id", ""), student_id, score, total_seconds_late)

    def points_off(self, assignment: str, student: str, score: float, seconds_late: float) -> float:
        """The points that somebody loses in an assignment, extensions taken into account; see :func:`penalty`."""
        own = extra_days(Path(self.extensions), assignment)
        return penalty(
            score,
            seconds_late - SECONDS_PER_DAY * own.get(student, 0.0),
            per_day=self.per_day,
            at_most=self.at_most,
            grace=60 * self.grace_minutes,
        )


def out_of_date(book: Gradebook, assignment: str, config: Config) -> list[str]:
    """Students whose late penalty is not what their points come to now: somebody has marked since it was computed.

    Where a course sets another plugin than :class:`LatePenalty`, nobody is named.
    """
    if config.AssignLatePenalties.plugin_class != f"{LatePenalty.__module__}.{LatePenalty.__name__}":
        return []
    plugin = LatePenalty(config=config)
    return [
        one.student.id
        for one in book.find_assignment(assignment).submissions
        if any(
            abs(
                plugin.points_off(assignment, one.student.id, notebook.score, one.total_seconds_late)
                - (notebook.late_submission_penalty or 0.0)
            )
            > 1e-6
            for notebook in one.notebooks
        )
    ]
