"""`nbgrader autograde --no-execute`: notebooks as they were handed in, for somebody to mark by hand.

Outputs that were handed in are anybody's writing. So they are shown, and no mark follows from them.
"""

from __future__ import annotations

import json
from pathlib import Path

from nbgrader_isolated.notebook import executed
from nbgrader_isolated.notebook.handed_in import locate
from nbgrader_isolated.notebook.intake import NotANotebook, parse, read_file, repair
from nbgrader_isolated.notebook.roles import grade_id, role
from nbgrader_isolated.outcomes import Mark, Outcome, Record
from nbgrader_isolated.run.jobs import Job
from nbgrader_isolated.student.messages import safe_output

SAID = (
    "Nothing is executed (--no-execute): notebooks are shown with the outputs that were handed in, and every test needs "
    "manual review, since a student can write any output."
)


def as_handed_in(job: Job, name: str) -> tuple[Record, dict[str, list[dict]]] | None:
    """A record of a notebook of which nothing was run; each of its tests needs manual review.

    Returns:
        The record, without outputs of test cells, from which nbgrader would read marks; and these, by grade id. None where
        what was handed in is no notebook: grading it runs nothing, and says what it is.
    """
    pristine = job.pristine(name)
    path = NotANotebook("a link") if Path(job.folder).is_symlink() else locate(Path(job.folder), {name: pristine})[name]
    try:
        if isinstance(path, NotANotebook):
            raise path
        repaired = repair(parse(read_file(path)), pristine)
    except NotANotebook:
        return None
    flags = {grade_id(cell): cell["metadata"]["nbgrader"] for cell in pristine if role(cell) != "plain"}
    left, of_tests, cells = job.settings.caps.all_outputs, {}, []
    for cell in repaired.cells:
        shown, left = _safe(cell.get("outputs", []), left)
        if cell["role"] == "test":
            of_tests[cell["grade_id"]], shown = shown, []
        cells.append(executed.as_cell(cell, shown, flags.get(cell["grade_id"])))
    marks = [Mark(each, None, float(flags[each]["points"])) for each in of_tests]
    record = Record(name, Outcome.GRADED, repaired.notes, marks, cells=executed.notebook(cells))
    return record, of_tests


def _safe(outputs: list, left: int) -> tuple[list[dict], int]:
    """As many of the outputs as may be shown, each as the engine would show it; and how many bytes are left for others."""
    kept = []
    for given in outputs:
        content = dict(given) if isinstance(given, dict) else {}
        if isinstance(content.get("text"), list):
            content["text"] = "".join(map(str, content["text"]))
        if isinstance(content.get("data"), dict):
            content["data"] = {
                kind: "".join(map(str, data)) if isinstance(data, list) else data
                for kind, data in content["data"].items()
            }
        output = safe_output(str(content.get("output_type")), content)
        if output is None:
            continue
        if output["output_type"] == "execute_result" and isinstance(content.get("execution_count"), int):
            output["execution_count"] = content["execution_count"]
        left -= len(json.dumps(output))
        if left < 0:
            return kept, 0
        kept.append(output)
    return kept, left
