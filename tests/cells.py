"""Cells of the notebooks that tests write, as nbgrader marks them, and the tests of the course's own."""

from __future__ import annotations

import json
from pathlib import Path


def cell(source: str, name: str, *, grade: bool) -> dict:
    """A code cell as JSON: a locked test of one point where ``grade``, else an answer."""
    flags = {
        "grade_id": name,
        "grade": grade,
        "solution": not grade,
        "locked": grade,
        "schema_version": 3,
        "task": False,
    }
    flags |= {"cell_type": "code"} | ({"points": 1} if grade else {})
    made = {"cell_type": "code", "id": name, "source": source, "metadata": {"nbgrader": flags}}
    return {**made, "outputs": [], "execution_count": None}


def points_of_tests(notebook: Path) -> dict[str, float]:
    """Test cell → points of a notebook of the course, so that a test follows where an exercise is added."""
    flags = [cell["metadata"].get("nbgrader", {}) for cell in json.loads(notebook.read_text("utf-8"))["cells"]]
    return {one["grade_id"]: one["points"] for one in flags if one.get("grade") and not one["solution"]}
