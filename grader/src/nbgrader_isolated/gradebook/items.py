"""Item analysis: how hard each test and each of its criteria was, how well it tells strong work from weak, and what was found.

Classical test theory, on the records of an assignment. Only what a test measured counts: files that were no notebook, marks that
need manual review and tests that were not run say nothing of a criterion.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from dataclasses import dataclass, field

from nbgrader_isolated.gradebook.known_mistakes import KnownMistake
from nbgrader_isolated.gradebook.spreadsheet import number
from nbgrader_isolated.outcomes import Mark, Outcome, Record

FEWEST = 5
"""Students without whom a correlation says nothing."""
LONGEST = 1000
"""Characters of a finding that are compared."""
_VARIES = re.compile(
    r"""(?<!\w)(?: '[^']*' | "[^"]*" | “[^”]*” )(?!\w) | \[[^\[\]]*\] | \([^()]*\d[^()]*\)
    | (?<![\w.])-?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?""",
    re.VERBOSE,
)
"""What differs between two students with the same mistake: quoted names, shapes, numbers."""


@dataclass(frozen=True)
class Item:
    """One test, or one criterion of it.

    Attributes:
        test: the grade id of the test cell.
        criterion: its title; empty for the whole test.
        students: how many were measured.
        difficulty: mean share of the points that they earned, 0 to 1: the higher, the easier.
        full: how many have it in full.
        waiting: marks that need manual review.
        discrimination: correlation with the points of all other tests, -1 to 1; None where fewer than ``FEWEST`` students, or
            equal ones, were measured.
        seconds: median time that the test took; None for a criterion.
        slowest: the longest time; None for a criterion.
        maximum: points of the test.
    """

    test: str
    criterion: str
    students: int
    difficulty: float | None
    full: int
    waiting: int
    discrimination: float | None
    seconds: float | None
    slowest: float | None
    maximum: float


@dataclass
class Finding:
    """One thing that a test says of wrong answers, and whose answers it says it of.

    Attributes:
        test: the grade id of the test cell.
        criteria: titles of those that it was said of; none for a test that names none.
        said: the sentence, with … for what differs between students.
        example: the sentence that one student got.
        students: who.
        of: how many were measured.
        mistakes: the known wrong answers that behave so → how many of these students.
    """

    test: str
    said: str
    example: str
    of: int
    criteria: dict[str, None] = field(default_factory=dict)
    students: list[str] = field(default_factory=list)
    mistakes: Counter = field(default_factory=Counter)


def measured(graded: dict[str, list[Record]]) -> dict[str, dict[str, Mark]]:
    """Student → test → mark, of every test; two notebooks of an assignment do not share a grade id."""
    return {
        student: {mark.grade_id: mark for mark in marks}
        for student, records in graded.items()
        if (marks := [mark for one in records if one.outcome is not Outcome.NOT_A_NOTEBOOK for mark in one.marks])
    }


def items(graded: dict[str, list[Record]]) -> list[Item]:
    """Every test, in the order of the notebook, each followed by its criteria."""
    found = measured(graded)
    totals = {student: sum(mark.points or 0.0 for mark in marks.values()) for student, marks in found.items()}
    listed = []
    for test in _in_order(found):
        marks = {student: given[test] for student, given in found.items() if test in given}
        points = {student: mark.points for student, mark in marks.items() if mark.points is not None}
        maximum = next(iter(marks.values())).maximum
        rest = {student: totals[student] - points[student] for student in points}
        spent = [mark.seconds for mark in marks.values() if mark.seconds]
        listed.append(
            Item(
                test,
                "",
                len(points),
                statistics.mean(points.values()) / maximum if points and maximum else None,
                sum(value == maximum for value in points.values()),
                len(marks) - len(points),
                correlation([(points[student], rest[student]) for student in points]),
                statistics.median(spent) if spent else None,
                max(spent, default=None),
                maximum,
            )
        )
        for title in dict.fromkeys(one["title"] for mark in marks.values() for one in mark.criteria if one["title"]):
            met = {
                student: not one["finding"]
                for student, mark in marks.items()
                for one in mark.criteria
                if one["title"] == title and student in points
            }
            shares = [(float(met[student]), rest[student]) for student in met]
            share = statistics.mean(met.values()) if met else None
            listed.append(
                Item(test, title, len(met), share, sum(met.values()), 0, correlation(shares), None, None, maximum)
            )
    return listed


def _in_order(found: dict[str, dict[str, Mark]]) -> list[str]:
    return list(dict.fromkeys(test for marks in found.values() for test in marks))


def correlation(pairs: list[tuple[float, float]]) -> float | None:
    """Pearson's correlation; None for fewer than ``FEWEST`` pairs, or where one side does not vary."""
    if len(pairs) < FEWEST or any(len(set(side)) == 1 for side in zip(*pairs, strict=True)):
        return None
    return statistics.correlation(*map(list, zip(*pairs, strict=True)))


def findings(graded: dict[str, list[Record]], known: dict[str, list[KnownMistake]]) -> list[Finding]:
    """What tests say of wrong answers, the most frequent first within each test.

    Args:
        graded: student → records.
        known: test → wrong answers whose behaviour is known.
    """
    found = measured(graded)
    order = _in_order(found)
    groups: dict[tuple[str, str], Finding] = {}
    for student, marks in found.items():
        for test, mark in marks.items():
            if mark.points is None or mark.points == mark.maximum:
                continue
            of = sum(test in other and other[test].points is not None for other in found.values())
            alike = [one.label for one in known.get(test, ()) if one.behaves_like(mark)]
            own: dict[str, None] = {}
            for title, said in said_of(mark):
                general = _VARIES.sub("…", said)
                group = groups.setdefault((test, general), Finding(test, general, said, of))
                group.criteria |= {title: None} if title else {}
                own[general] = None
            for general in own:  # one sentence may be said of several criteria
                groups[test, general].students.append(student)
                groups[test, general].mistakes.update(alike)
    return sorted(groups.values(), key=lambda one: (order.index(one.test), -len(one.students), one.said))


def said_of(mark: Mark) -> list[tuple[str, str]]:
    """(criterion, sentence) for all that a test found wrong; for a test that notes no criteria, its message alone."""
    noted = [(one["title"], one["finding"]) for one in mark.criteria if one["finding"]]
    if noted:
        return noted
    words = mark.message.strip() or mark.printed.strip().partition("\n")[0]
    return [("", " ".join(words[:LONGEST].split()) or "Points were lost without a message.")]


ITEM_HEADS = ("test", "criterion", "students", "difficulty", "in full", "open", "discrimination")
ITEM_HEADS += ("median s", "slowest s", "points")
FINDING_HEADS = ("test", "criteria", "students", "of", "finding", "wrong answers that behave so", "example", "whose")


def item_cells(one: Item, decimals: int = 6) -> list[str]:
    """A row, a cell for each of ``ITEM_HEADS``; what was not measured is empty."""
    return [
        one.test,
        one.criterion,
        str(one.students),
        _said(one.difficulty, decimals),
        str(one.full),
        str(one.waiting) if not one.criterion else "",
        _said(one.discrimination, decimals),
        _said(one.seconds, min(decimals, 3)),
        _said(one.slowest, min(decimals, 3)),
        number(one.maximum) if not one.criterion else "",
    ]


def _said(value: float | None, decimals: int) -> str:
    return "" if value is None else number(value, decimals)


def finding_cells(one: Finding) -> list[str]:
    """A row, a cell for each of ``FINDING_HEADS``."""
    mistakes = "; ".join(f"{name} ({count})" for name, count in one.mistakes.most_common())
    students = ", ".join(one.students)
    return [
        one.test,
        "; ".join(one.criteria),
        str(len(one.students)),
        str(one.of),
        one.said,
        mistakes,
        one.example,
        students,
    ]
