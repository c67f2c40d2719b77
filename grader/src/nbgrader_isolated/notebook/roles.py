"""What the cells of an instructor's notebook are for, and what students see of them. It imports nothing but ``re``."""

from __future__ import annotations

import re


def flags_of(cell: dict) -> dict:
    """What nbgrader has written into a cell's metadata."""
    return cell["metadata"].get("nbgrader") or {}


def grade_id(cell: dict) -> str | None:
    """The name that nbgrader knows a cell by, or None for a plain cell."""
    return flags_of(cell).get("grade_id")


def is_answer(cell: dict) -> bool:
    """Whether students write into a cell: an answer that is tested, or one that is marked by hand."""
    return bool(flags_of(cell).get("solution"))


def role(cell: dict) -> str:
    """What a cell of the source is for: plain, answer, manual, task, test or locked."""
    flags = flags_of(cell)
    if not flags.get("grade_id"):
        return "plain"
    if flags.get("task"):
        return "task"
    if flags.get("solution"):
        return "manual" if flags.get("grade") else "answer"
    if flags.get("grade"):
        return "test" if cell["cell_type"] == "code" else "manual"
    return "locked" if flags.get("locked") else "plain"


def released(source: str) -> str:
    """A cell of the instructor's as students see it: without hidden tests and mark schemes."""
    for region in ("HIDDEN TESTS", "MARK SCHEME"):
        source = re.sub(rf"^[^\n]*BEGIN {region}.*?END {region}[^\n]*(\n|\Z)", "", source, flags=re.M | re.S)
    return source.rstrip("\n")
