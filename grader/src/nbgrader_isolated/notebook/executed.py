"""What was executed, as a notebook of nbformat: the form in which feedback, formgrader and nbgrader's marks read it."""

from __future__ import annotations

from nbgrader_isolated.notebook.budget import Budget
from nbgrader_isolated.notebook.roles import released, role
from nbgrader_isolated.outcomes import Mark


def blank(pristine: list[dict], outputs: dict[str, list[dict]] | None = None) -> dict:
    """A notebook of the source's marked cells with empty answers; the instructor's own answers are not in it."""
    made = []
    for cell in pristine:
        kind, flags = role(cell), cell["metadata"].get("nbgrader")
        if kind != "plain":
            source = "" if kind in ("answer", "manual") else cell["source"]
            own = (outputs or {}).get(flags["grade_id"], [])
            made.append(as_cell({"cell_type": cell["cell_type"], "source": source, "role": kind}, own, flags))
    return notebook(made)


def outputs_of(mark: Mark) -> list[dict]:
    """A mark as a cell's outputs, such that nbgrader reads the same points from them."""
    outputs: list[dict] = []
    if mark.printed:
        outputs.append({"output_type": "stream", "name": "stdout", "text": mark.printed})
    if mark.message:
        outputs.append(error("Check", mark.message))
    elif mark.points is not None and mark.points != mark.maximum:
        data = {"text/plain": repr(float(mark.points))}
        outputs.append({"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None})
    return outputs


def error(name: str, message: str) -> dict:
    """An output that says what went wrong, and nothing of where in the grader it did."""
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}


def as_cell(cell: dict, outputs: list[dict], flags: dict | None) -> dict:
    """One cell, from intake's form to nbformat's; ``flags`` are nbgrader's for it, None for a cell of the student's."""
    # A locked cell keeps its mark scheme, for whoever marks; a test cell shows what students were given.
    source = released(cell["source"]) if cell["role"] == "test" else cell["source"]
    made = {"cell_type": cell["cell_type"], "metadata": {}, "source": source}
    if flags is not None:
        made["metadata"] = {
            "nbgrader": dict(flags),
            "editable": cell["role"] not in ("test", "locked"),
            "deletable": False,
        }
    if cell.get("attachments"):
        made["attachments"] = cell["attachments"]
    if cell["cell_type"] == "code":
        made |= {"outputs": outputs, "execution_count": None}
    return made


def notebook(cells: list[dict]) -> dict:
    """The cells as a notebook, with ids of its own, and with as many outputs as a page shows.

    Whatever reads a notebook looks at each of its outputs a dozen times, however small: forty thousand take a minute.
    """
    left = Budget.outputs
    for index, cell in enumerate(cells):
        cell["id"] = f"cell-{index}"
        outputs = cell.get("outputs", [])
        if len(outputs) > left and cell["metadata"].get("nbgrader", {}).get("points") is None:
            said = f"[{len(outputs) - left:,} more outputs are not shown.]\n"
            cell["outputs"] = [*outputs[:left], {"output_type": "stream", "name": "stdout", "text": said}]
        left = max(0, left - len(outputs))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
