"""How a submission can end, and what is written down about it. Every submission ends in one of these, by name."""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass, field, fields

LIKE_ANOTHER = "Part of this is the same as, or nearly, in another submission; it needs manual review."
"""Among the notes of a record whose ``alone`` is set."""


class Outcome(enum.StrEnum):
    """The seven ways a submission can end, mildest first; of several that apply, the last is the submission's."""

    GRADED = "graded"
    REPAIRED = "repaired"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    KERNEL_DIED = "kernel died"
    NOT_A_NOTEBOOK = "not a notebook"
    NEEDS_MANUAL_REVIEW = "needs manual review"

    @property
    def meaning(self) -> str:
        """One sentence for the student."""
        return _MEANINGS[self]


_MEANINGS = {
    Outcome.GRADED: "Every cell was run and every check was made.",
    Outcome.REPAIRED: "Some of the released cells, or what marks them, were not as released. They were put back, then everything was graded. "
    "Most often an editor or a merge does this; it costs no points.",
    Outcome.TIMED_OUT: "A cell, the whole notebook, or the reading of a value took longer than allowed and was stopped.",
    Outcome.OUT_OF_MEMORY: "The notebook, or the reading of a value, needed more memory than allowed and was stopped.",
    Outcome.KERNEL_DIED: "The notebook's process ended in the middle.",
    Outcome.NOT_A_NOTEBOOK: "What was handed in could not be read as a notebook.",
    Outcome.NEEDS_MANUAL_REVIEW: "The grader could not decide; it needs manual review.",
}


def worst(outcomes: list[Outcome]) -> Outcome:
    """The outcome of a whole submission from those of its parts."""
    order = list(Outcome)
    return max(outcomes, key=order.index, default=Outcome.GRADED)


class Fault(Exception):
    """The student's process cannot go on; carries the outcome it leads to."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        """The message is a sentence for the student."""
        super().__init__(message)
        self.outcome, self.message = outcome, message


@dataclass
class Mark:
    """What one test cell earned.

    Attributes:
        grade_id: nbgrader's name of the cell.
        points: points earned; None when it needs manual review.
        maximum: points to be had.
        message: what the student reads: the check's own words, never the test's source.
        printed: what the check printed.
        seconds: how long the check took, questions to the student's process included.
        changed: a sentence for each argument of a check's call that the student's code changed in place.
        criteria: what the check noted of each criterion, ``title``, ``share`` and ``finding``, for the instructor alone; see
            :func:`nbgrader_isolated.wire.criteria.note`.
    """

    grade_id: str
    points: float | None
    maximum: float
    message: str = ""
    printed: str = ""
    seconds: float = 0.0
    changed: list[str] = field(default_factory=list)
    criteria: list[dict] = field(default_factory=list)


@dataclass
class Record:
    """What is written down about one notebook of one submission.

    Attributes:
        notebook: its name, without the ending.
        outcome: see :class:`Outcome`.
        notes: sentences about what was found: repaired cells, stopped cells, files that were left out.
        marks: one per automatically graded cell of the source, in its order.
        seconds: how long it all took.
        peak_memory: bytes the student's process used at most, file caches included; 0 where that is not known.
        sandboxed: whether a sandbox was around the student's process.
        cells: the notebook as executed, as nbformat JSON, without hidden tests.
        sketches: of the tensors that are compared between students, see ``similarity.py``.
        alone: the outcome before it was found to be like another submission; empty when it was not.
        failed: what the grader, not the submission, failed at, for the instructor alone; empty when it did not. The next
            run grades such a submission again.
        handed_in_as: the notebook's file, where it has another name than expected; else empty.
        public_seed: whether the hidden inputs came from a seed that everybody can read.
        warnings: further sentences for the instructor alone; they are about the run, and not kept.
    """

    notebook: str
    outcome: Outcome
    notes: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    seconds: float = 0.0
    peak_memory: int = 0
    sandboxed: bool = True
    cells: dict | None = None
    sketches: list[dict] = field(default_factory=list)
    alone: str = ""
    failed: str = ""
    handed_in_as: str = ""
    public_seed: bool = False
    warnings: list[str] = field(default_factory=list)

    def plain(self) -> dict:
        """As JSON."""
        return asdict(self) | {"outcome": str(self.outcome)}

    @classmethod
    def from_plain(cls, plain: dict) -> Record:
        """Back from :meth:`plain`; what only another version of the grader knows is passed over."""
        marks = [Mark(**_known(Mark, mark)) for mark in plain["marks"]]
        return cls(**{**_known(cls, plain), "outcome": Outcome(plain["outcome"]), "marks": marks})


def _known(kind: type, plain: dict) -> dict:
    return {each.name: plain[each.name] for each in fields(kind) if each.name in plain}
