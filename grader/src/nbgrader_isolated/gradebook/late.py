"""What a late submission costs."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection

from nbgrader.plugins import BasePlugin
from traitlets import Dict, Float, Unicode

from nbgrader_isolated.notebook.plain_text import plain_text

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


def misnamed(
    extra_days: dict[str, dict[str, float]], assignment: str, *, assignments: Collection[str], students: Collection[str]
) -> list[str]:
    """Says which extensions can help nobody, since their assignment or student is not known.

    Args:
        extra_days: as in :class:`LatePenalty`.
        assignment: whose students are looked at.
        assignments: the known ones.
        students: the known ids.

    Returns:
        A sentence for each, with the nearest known name.
    """
    said = [("the assignment", name, assignments) for name in extra_days if name not in assignments]
    said += [("the student", name, students) for name in extra_days.get(assignment, {}) if name not in students]
    return [
        f"Error: an extension (c.LatePenalty.extra_days) is for {what} {plain_text(name)!r}, which the gradebook does not "
        f"have. {_nearest(name, known)}"
        for what, name, known in said
    ]


def _nearest(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"Is it {plain_text(near[0])!r}?" if near else "Correct it, or take it out."


class LatePenalty(BasePlugin):
    """nbgrader's plugin: set in ``nbgrader_config.py`` as ``AssignLatePenalties.plugin_class``."""

    per_day = Float(0.10, min=0, max=1, help="Share of the earned points lost per started day.").tag(config=True)
    at_most = Float(0.50, min=0, max=1, help="Largest share of the earned points that can be lost.").tag(config=True)
    grace_minutes = Float(15, min=0, help="Minutes after the due date that cost nothing.").tag(config=True)

    extra_days = Dict(
        key_trait=Unicode(),
        value_trait=Dict(key_trait=Unicode(), value_trait=Float(min=0)),
        help="Extensions: assignment → student's id → days after the due date that cost nothing.",
    ).tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Called by nbgrader for each notebook that came late; see :func:`penalty`.

        nbgrader passes no assignment along; the preprocessor that made this plugin, its parent, knows which it is.
        """
        own = self.extra_days.get(getattr(self.parent, "assignment_id", ""), {})
        return penalty(
            score,
            total_seconds_late - SECONDS_PER_DAY * own.get(student_id, 0.0),
            per_day=self.per_day,
            at_most=self.at_most,
            grace=60 * self.grace_minutes,
        )
