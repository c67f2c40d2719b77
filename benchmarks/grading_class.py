"""How fast a class is graded: the split-kernel engine in its sandbox against stock `nbgrader autograde`, same submissions.

    python benchmarks/grading_class.py --students 4 --trial
    python benchmarks/grading_class.py

Everybody is honest: the worked solution, and right answers from all over the lab's exercises. Both engines grade the same files,
one after the other in this run, and must come to the same marks. The engine does so three times, each in a new course: what is said of it
is the median, with the lowest and the highest. The floor is the processor time of the students' own cells, measured by
running them without any test, divided by the cores; tests that call students' functions come on top of it, for both engines.
Half of the distinct notebooks are run for it directly before the engine and half directly after, since a machine that slows
down in between would move the floor, and with it the engine's ratio to it.
Writes benchmarks/results/grading_class.json, unless it is a trial.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from _machine import REPOSITORY, write_results

sys.path.insert(0, str(REPOSITORY))

from nbgrader.api import Gradebook

from authoring.checking import grade_once
from authoring.checking.answers import read_answers
from nbgrader_isolated.outcomes import Outcome
from nbgrader_isolated.run.records import read_records

STOCK = 'del c.Autograde["exporter_class"], c.Autograde["autograde_preprocessors"], c.Autograde["create_student"]\n'
RUN_CELLS = """
import sys, nbformat
from nbclient import NotebookClient
NotebookClient(nbformat.read(sys.argv[1], 4), timeout=900, kernel_name="python3", allow_errors=True).execute()
"""


def hand_in_class(course: Path, lab: str, students: int) -> list[bytes]:
    """Fills ``submitted/``; returns the distinct notebooks: the worked one, and one for each of right answers at even distances."""
    right = [{answer.exercise: answer.source} for answer in read_answers(lab) if answer.right]
    others = min(len(right), students - 1)
    replaced = [{}, *(right[number * len(right) // others] for number in range(others))]
    made = [grade_once.filled_in(course, lab, replace=answer) for answer in replaced]
    for number in range(students):
        grade_once.hand_in(course, lab, f"student{number:02}", made[number % len(made)])
    return made


def marks(course: Path, lab: str) -> dict[str, dict[str, float | None]]:
    """The automatic marks in a course's gradebook: student → test → points."""
    found: dict[str, dict[str, float | None]] = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for submission in book.assignment_submissions(lab):
            for notebook in submission.notebooks:
                own = found.setdefault(submission.student.id, {})
                own |= {grade.name: grade.auto_score for grade in notebook.grades if grade.cell_type == "code"}
    return found


IMPORTS = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": "import keras"}


def processor_seconds(folder: Path, cells: list[dict]) -> float:
    """What a kernel takes to start, run some cells and end; the notebook is written into ``folder``."""
    path = folder / "cells.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-W", "ignore", "-c", RUN_CELLS, str(path)], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def own_cells_cpu(folder: Path, notebooks: list[bytes]) -> list[float]:
    """Processor seconds of each notebook's ordinary cells, beyond those of a kernel that runs nothing."""

    def ordinary(cell: dict) -> bool:
        flags = cell["metadata"].get("nbgrader") or {}
        return cell["cell_type"] == "code" and not (flags.get("grade") and not flags.get("solution"))

    nothing = processor_seconds(folder, [])
    cells = [[cell for cell in json.loads(raw)["cells"] if ordinary(cell)] for raw in notebooks]
    return [processor_seconds(folder, some) - nothing for some in cells]


class Memory(threading.Thread):
    """Watches how much memory this process's children use together; ``peak`` is in bytes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self._stop_now = 0, threading.Event()

    def run(self) -> None:
        while not self._stop_now.wait(0.5):
            total = 0
            for child in psutil.Process().children(recursive=True):
                try:
                    total += child.memory_full_info().pss
                except psutil.Error:
                    continue
            self.peak = max(self.peak, total)

    def stop(self) -> int:
        self._stop_now.set()
        self.join()
        return self.peak


def size(folder: Path, *, but: tuple[str, ...] = ()) -> int:
    """Bytes of a folder's files, those with certain endings left out."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.suffix not in but)


def measure(lab: str, students: int, jobs: int, times: int, folder: Path) -> dict:
    """Grades the class with both engines, ``times`` with ours; the floor is measured on every distinct notebook."""
    engines = [grade_once.scratch_course(folder / f"engine{number}", lab) for number in range(times)]
    for engine in engines:
        made = hand_in_class(engine, lab, students)
    each = [0.0] * len(made)
    each[::2] = own_cells_cpu(folder, made[::2])
    memory, taken = Memory(), []
    memory.start()
    for engine in engines:
        print("now the engine", flush=True)
        begun = time.perf_counter()
        grade_once.command.main([lab, "--course", str(engine), "--jobs", str(jobs), "--create"])
        taken.append(time.perf_counter() - begun)
    peak, engine_seconds = memory.stop(), statistics.median(taken)
    records = [record for found in read_records(engine / "evidence" / lab).values() for record in found]
    each[1::2] = own_cells_cpu(folder, made[1::2])
    print("the other half of the floor; now stock nbgrader", flush=True)

    stock = grade_once.scratch_course(folder / "stock", lab, settings=STOCK)
    hand_in_class(stock, lab, students)
    begun = time.perf_counter()
    grade_once.nbgrader(stock, "autograde", lab)
    stock_seconds = time.perf_counter() - begun
    print(f"stock nbgrader: {stock_seconds:.0f} s; now the tests", flush=True)

    cores = os.cpu_count() or 1
    nothing, imports = processor_seconds(folder, []), processor_seconds(folder, [IMPORTS])
    worked = json.loads((engine / "solutions" / lab / f"{lab}.ipynb").read_bytes())["cells"]
    tests = processor_seconds(folder, worked) - nothing - own_cells_cpu(folder, made[:1])[0]
    own = statistics.mean(each[number % len(made)] for number in range(students))
    floor = own * students / min(jobs, cores)
    return {
        "lab": lab,
        "students": students,
        "distinct_notebooks": len(made),
        "jobs": jobs,
        "engine_seconds": round(engine_seconds, 1),
        "engine_seconds_each": [round(seconds, 1) for seconds in taken],
        "stock_seconds": round(stock_seconds, 1),
        "engine_per_minute": round(60 * students / engine_seconds, 2),
        "stock_per_minute": round(60 * students / stock_seconds, 2),
        "times_stock": round(stock_seconds / engine_seconds, 2),
        "times_stock_each": [round(stock_seconds / seconds, 2) for seconds in taken],
        "own_cells_cpu_seconds": round(own, 1),
        "own_cells_cpu_seconds_each": [round(seconds, 1) for seconds in each],
        "of_them_importing_keras": round(imports - nothing, 1),
        "tests_cpu_seconds": round(tests, 1),
        "floor_seconds": round(floor, 1),
        "times_floor": round(engine_seconds / floor, 2),
        "times_floor_each": [round(seconds / floor, 2) for seconds in taken],
        "times_cells_and_tests": round(engine_seconds / ((own + tests) * students / min(jobs, cores)), 2),
        "same_marks": all(marks(engine, lab) == marks(stock, lab) for engine in engines),
        "everybody_graded": all(record.outcome is Outcome.GRADED for record in records),
        "seconds_in_checks": round(sum(mark.seconds for record in records for mark in record.marks), 1),
        "student_peak_mb": round(max(record.peak_memory for record in records) / 1e6),
        "all_processes_peak_mb": round(peak / 1e6),
        "peak_mb_per_worker": round(peak / jobs / 1e6),
        "evidence_mb_per_submission": round(size(engine / "evidence") / students / 1e6, 2),
        "graded_notebook_mb_per_submission": round(size(engine / "autograded") / students / 1e6, 2),
        "other_files_mb_per_submission": round(size(engine / "autograded", but=(".ipynb",)) / students / 1e6, 2),
    }


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lab", default="lab2")
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--times", type=int, default=3, help="how often the engine grades them")
    parser.add_argument("--trial", action="store_true", help="store nothing")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="class-") as folder:
        result = measure(options.lab, options.students, options.jobs, options.times, Path(folder))
    print("\n".join(f"{name:36}{value}" for name, value in result.items()))
    if not options.trial:
        write_results("grading_class", result)
    return int(not (result["same_marks"] and result["everybody_graded"]))


if __name__ == "__main__":
    sys.exit(main())
