"""What a test found, criterion by criterion: a check says it here, and the grader keeps it for the item analysis.

In a student's notebook nothing is kept. A test of plain ``assert`` statements need not say anything.
"""

from __future__ import annotations

_noted: list[dict] | None = None


def note(title: str, share: float, finding: str = "") -> None:
    """Says how one criterion of the test that is running came out.

    Args:
        title: what the criterion is about, in a few words.
        share: its share of the test's points, 0 to 1.
        finding: what is not right yet, in a sentence or two; empty where the criterion is met.
    """
    if _noted is not None:
        _noted.append({"title": str(title), "share": float(share), "finding": str(finding)})


def collect() -> list[dict]:
    """Begins to keep what :func:`note` is told in this process; returns the list that grows."""
    global _noted
    _noted = []
    return _noted
