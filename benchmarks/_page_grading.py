"""What grading costs, as the tables of docs/grading/costs.md, filled from benchmarks/results."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

TIMES_STOCK, TIMES_FLOOR = 3, 1.3
"""What grading a class should reach, the one or the other."""


def costs(folder: Path) -> str:
    """Returns a section for each result in a folder; what has none says so."""
    written = []
    for name, (title, write) in SECTIONS.items():
        path = folder / f"{name}.json"
        written.append(f"### {title}")
        if path.is_file():
            results = json.loads(path.read_text("utf-8"))
            machine = results["machine"]
            written += write(results)
            written.append(
                f"(`{name}`, {machine['cores']} cores of {machine['processor']}, {machine['measured'][:10]})"
            )
        else:
            written.append(f"Not measured yet: `python benchmarks/{name}.py`.")
    return "\n\n".join(written)


def table(*rows: Iterable[str]) -> str:
    """A Markdown table; the first row is its head."""
    head, *others = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, head.translate({ord(sign): "-" for sign in set(head) - {"|"}}), *others])


def a_class(found: dict) -> list[str]:
    same = "the same marks" if found["same_marks"] else "not the same marks"

    def spread(name: str, form: str, unit: float = 1) -> str:
        """The median of the engine's runs, with the lowest and the highest where there are several; in some unit."""
        each = [value / unit for value in found.get(f"{name}_each", [])]
        ends = f" ({min(each):{form}} to {max(each):{form}})" if len(each) > 1 else ""
        return f"{found[name] / unit:{form}}{ends}"

    return [
        f"{found['students']} honest submissions to {found['lab']} ({found['distinct_notebooks']} notebooks in turn), "
        f"{found['jobs']} workers, sandboxed.\nThe engine and stock `nbgrader autograde` give {same}.",
        table(
            ("what", "measured"),
            ("submissions a minute, engine", f"{found['engine_per_minute']:.1f}"),
            ("submissions a minute, stock", f"{found['stock_per_minute']:.1f}"),
            ("engine, times as many as stock", spread("times_stock", ".2f")),
            ("a submission's own cells", f"{found['own_cells_cpu_seconds']:.0f} processor seconds"),
            ("of them importing Keras", f"{found['of_them_importing_keras']:.0f} processor seconds"),
            ("its tests, in the same kernel", f"{found['tests_cpu_seconds']:.0f} processor seconds"),
            ("the floor: the class's own cells alone, on all workers", f"{found['floor_seconds']:.0f} s"),
            ("the engine", f"{spread('engine_seconds', '.0f')} s"),
            ("the engine, times the floor", spread("engine_seconds", ".3f", found["floor_seconds"])),
            ("a student's kernel", f"at most {found['student_peak_mb']:,} MB"),
            ("all processes of the engine", f"at most {found['peak_mb_per_worker']:,} MB a worker"),
            ("evidence per submission", f"{found['evidence_mb_per_submission']:.2f} MB"),
            ("graded folder per submission", f"{found['graded_notebook_mb_per_submission']:.2f} MB"),
            ("of it other files than the notebook", f"{found['other_files_mb_per_submission']:.2f} MB"),
        ),
        *aim(found),
    ]


def aim(found: dict) -> list[str]:
    """Why grading is not as much faster as it is meant to be, where it is not."""
    if found["times_stock"] >= TIMES_STOCK:
        return []
    aimed = f"The aim is {TIMES_STOCK} times stock or {TIMES_FLOOR} times the floor."
    if found["engine_seconds"] <= TIMES_FLOOR * found["floor_seconds"]:
        possible = found["stock_seconds"] / found["floor_seconds"]
        return [f"{aimed} The second is reached. The floor itself would be {possible:.1f} times stock."]
    both = found["engine_seconds"] / found["times_cells_and_tests"]
    return [
        f"{aimed} Both are missed: tests call students' functions, which train again.\n\n"
        f"Cells and tests together come to {both:.0f} s. The engine needs {found['times_cells_and_tests']:.0%} of that.\n"
        "It imports and prepares once what all submissions share."
    ]


def kernels(found: dict) -> list[str]:
    new, forked = found["new"], found["forked"]
    return [
        f"In each kernel `import {', '.join(found['modules'])}` is done. Each figure is the median of {found['times']}.",
        table(
            ("a kernel that", "is ready after", "processor seconds", "memory of its own"),
            *(
                (title, f"{one['seconds']:.2f} s", f"{one['processor_seconds']:.2f}", f"{one['peak_mb']:.0f} MB")
                for title, one in (("starts from nothing", new), ("is forked from a template", forked))
            ),
        ),
    ]


def rounds(found: dict) -> list[str]:
    each, most = found["submissions"] // found["rounds"], max(found["peak_mb_per_worker"].values())
    return [
        f"{found['submissions']} honest submissions of all labs to one course, {each} in each of {found['rounds']} rounds, "
        f"{found['jobs']} workers, sandboxed.\n{found['graded']} are graded, {found['full_marks']} with full automatic marks.",
        table(
            ("what", "measured"),
            ("submissions a minute, first round to last", ", ".join(f"{speed:.1f}" for speed in found["per_minute"])),
            ("all labs again, with nothing new", f"{found['nothing_new_seconds']:.0f} s"),
            ("a student's kernel", f"at most {found['student_peak_mb']:,} MB"),
            ("all processes of the engine", f"at most {most:,} MB a worker"),
        ),
    ]


def growth(found: dict) -> list[str]:
    tenths = found["per_minute_by_tenth"]

    def times(key: str) -> str:
        middle, low, high = found[key]
        return f"{middle:.2f} ({low:.2f} to {high:.2f})"

    return [
        f"{found['students']:,} submissions that need no kernel are written at {min(tenths):,} to {max(tenths):,} a minute, by "
        "tenths of the class.",
        f"Then this gradebook and a new one take turns, {found['pairs']} times. A submission in the full one takes, compared "
        "with the new one:",
        table(
            ("what", "times as much: median (middle half)"),
            ("time", times("full_to_new_seconds")),
            ("processor time", times("full_to_new_processor_seconds")),
        ),
    ]


SECTIONS = {
    "grading_class": ("A class", a_class),
    "grading_rounds": ("A term", rounds),
    "kernel_start": ("A kernel", kernels),
    "gradebook_growth": ("A growing gradebook", growth),
}
"""Result → title of its section and what writes it."""
