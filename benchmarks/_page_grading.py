"""What grading costs, in the words of docs/grading.md, filled from benchmarks/results."""

from __future__ import annotations

import json
from pathlib import Path

TIMES_STOCK, TIMES_FLOOR = 3, 1.3
"""What grading a class should reach, the one or the other."""


def costs(folder: Path) -> str:
    """Returns the paragraphs for the results in a folder; what has none says so."""
    written = []
    for name, write in {"grading_class": a_class, "kernel_start": kernels, "gradebook_growth": growth}.items():
        path = folder / f"{name}.json"
        if path.is_file():
            results = json.loads(path.read_text("utf-8"))
            machine = results["machine"]
            where = f"(`{name}`, {machine['cores']} cores of {machine['processor']}, {machine['measured'][:10]})"
            written.append(f"{write(results)} {where}")
        else:
            written.append(f"Not measured yet: `python benchmarks/{name}.py`.")
    return "\n\n".join(written)


def a_class(found: dict) -> str:
    same = "the same marks from both" if found["same_marks"] else "not the same marks from both"
    return (
        f"**A class**: {found['students']} honest submissions to {found['lab']} ({found['distinct_notebooks']} notebooks in turn), "
        f"{found['jobs']} workers, sandboxed. The engine grades {found['engine_per_minute']:.1f} a minute, stock `nbgrader autograde` "
        f"{found['stock_per_minute']:.1f}: {found['times_stock']:.1f} times as many, {same}. A submission's own cells take "
        f"{found['own_cells_cpu_seconds']:.0f} processor seconds, {found['of_them_importing_keras']:.0f} of them for importing Keras, and the tests "
        f"{found['tests_cpu_seconds']:.0f} when they run in the same kernel. The class's own cells alone would keep the workers busy for "
        f"{found['floor_seconds']:.0f} s; the engine takes {found['engine_seconds']:.0f} s, {found['times_floor']:.2f} times that. {aim(found)}"
        f"A student's kernel takes up to {found['student_peak_mb']:,} MB, all processes of the engine {found['peak_mb_per_worker']:,} MB a worker. Written per submission: "
        f"{found['evidence_mb_per_submission']:.2f} MB of evidence, {found['graded_notebook_mb_per_submission']:.2f} MB of graded folder, "
        f"{found['other_files_mb_per_submission']:.2f} MB of it something else than the notebook."
    )


def aim(found: dict) -> str:
    """Why grading is not as much faster as it is meant to be, where it is not."""
    if found["times_stock"] >= TIMES_STOCK:
        return ""
    possible = found["stock_seconds"] / found["floor_seconds"]
    if found["times_floor"] <= TIMES_FLOOR:
        most = f"the floor itself would be {possible:.1f} times stock"
        return (
            f"The aim is {TIMES_STOCK} times stock or {TIMES_FLOOR} times this floor: the second is reached; {most}. "
        )
    both = found["engine_seconds"] / found["times_cells_and_tests"]
    return (
        f"The aim, {TIMES_STOCK} times stock or {TIMES_FLOOR} times this floor, is missed: tests call students' functions, which train again. "
        f"Cells and tests together come to {both:.0f} s, of which the engine needs {found['times_cells_and_tests']:.0%}, as it imports and prepares "
        "once what all submissions share. "
    )


def kernels(found: dict) -> str:
    new, forked = found["new"], found["forked"]
    return (
        f"**A kernel** in which `import {', '.join(found['modules'])}` is done is ready after {new['seconds']:.2f} s when it starts from nothing and after "
        f"{forked['seconds']:.2f} s when it is forked from a template; {new['processor_seconds']:.2f} and {forked['processor_seconds']:.2f} processor "
        f"seconds, {new['peak_mb']:.0f} and {forked['peak_mb']:.0f} MB of its own. (Each the median of {found['times']}.)"
    )


def growth(found: dict) -> str:
    tenths = found["per_minute_by_tenth"]
    (wall, wall_low, wall_high), (used, low, high) = (
        found["full_to_new_seconds"],
        found["full_to_new_processor_seconds"],
    )
    return (
        f"**The gradebook**: {found['students']:,} submissions that need no kernel are written at {min(tenths):,} to {max(tenths):,} a minute (by tenths of "
        f"the class). Then this gradebook and a new one take turns, {found['pairs']} times: a submission takes {wall:.2f} times as long in the "
        f"full one as in the new one (median; middle half {wall_low:.2f} to {wall_high:.2f}) and {used:.2f} times the processor time ({low:.2f} to {high:.2f})."
    )
