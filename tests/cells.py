"""Cells of the notebooks that tests write, as nbgrader marks them."""

from __future__ import annotations


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
