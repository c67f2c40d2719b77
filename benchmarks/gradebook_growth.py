"""Whether marks are written as fast into a full gradebook as into an empty one: 1,000 submissions that need no kernel.

    python benchmarks/gradebook_growth.py --students 1000

Only the writing is measured, with records as the engine makes them, for nbgrader's quickstart assignment. Writes
benchmarks/results/gradebook_growth.json.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from _machine import REPOSITORY, write_results

sys.path.insert(0, str(REPOSITORY))

from course_utils.grading.batch import read_pristine
from course_utils.grading.config import load
from course_utils.grading.engine import give_up
from course_utils.grading.gradebook import Writer
from course_utils.grading.outcomes import Outcome
from tests.grade_once import nbgrader


def measure(students: int, folder: Path) -> dict:
    """Writes the class; returns submissions per minute in the first and the last tenth, and between."""
    nbgrader(folder, "quickstart", "course")
    course_folder = folder / "course"
    nbgrader(course_folder, "generate_assignment", "ps1")
    config, course, _ = load(course_folder)
    writer = Writer(course, config, "ps1")
    source = course_folder / "source" / "ps1"
    records = [give_up(name, read_pristine(source, name), "") for name in writer.notebooks]
    for record in records:
        record.outcome, record.notes = Outcome.GRADED, []
        for mark in record.marks:
            mark.points, mark.message = mark.maximum, ""
    seconds, processor = [], []
    for number in range(students):
        begun, begun_here = time.perf_counter(), time.process_time()
        writer.write(f"student{number:04}", records)
        seconds.append(time.perf_counter() - begun)
        processor.append(time.process_time() - begun_here)
    tenth = max(1, students // 10)

    def by_tenth(taken: list[float]) -> list[float]:
        return [statistics.mean(taken[i : i + tenth]) for i in range(0, students - tenth + 1, tenth)]

    per_minute = [round(60 / mean) for mean in by_tenth(seconds)]
    used = [round(1000 * mean) for mean in by_tenth(processor)]
    return {
        "students": students,
        "per_minute_by_tenth": per_minute,
        "last_to_first": round(per_minute[-1] / per_minute[0], 2),
        "processor_milliseconds_by_tenth": used,
        "processor_last_to_first": round(used[-1] / used[0], 2),
    }


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--trial", action="store_true", help="store nothing")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        result = measure(options.students, Path(folder))
    print("\n".join(f"{name:36}{value}" for name, value in result.items()))
    if not options.trial:
        write_results("gradebook_growth", result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
