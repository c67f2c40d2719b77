"""Whether marks are written as fast into a full gradebook as into an empty one: 1,000 submissions that need no kernel.

    python benchmarks/gradebook_growth.py --students 1000

Only the writing is measured, with records as the engine makes them, for nbgrader's quickstart assignment. A machine that is
quicker now than it was minutes ago would look like growth; so the full gradebook and a new one take turns afterwards. Writes
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

from authoring.checking.grade_once import nbgrader
from nbgrader_isolated.gradebook.marks import Writer
from nbgrader_isolated.notebook.pristine import read_pristine
from nbgrader_isolated.outcomes import Outcome
from nbgrader_isolated.plugin.configuration import load
from nbgrader_isolated.run.engine import give_up


def measure(students: int, pairs: int, folder: Path) -> dict:
    """Fills one gradebook, then lets it and a new one take turns.

    Args:
        students: how many the full one has.
        pairs: how many further submissions go into each of the two.
        folder: an empty one.

    Returns:
        Submissions per minute while it was being filled, by tenths, and how many times as long, and as many processor
        seconds, the full one takes as the new one paired with it: medians over the pairs, with the middle half.
    """
    full, new = Course(folder / "full"), Course(folder / "new")
    seconds = [full.write()[0] for _ in range(students)]
    tenth = max(1, students // 10)
    means = [statistics.mean(seconds[i : i + tenth]) for i in range(0, students - tenth + 1, tenth)]
    seconds_ratios, processor_ratios = [], []
    for number in range(pairs):
        order = (full, new) if number % 2 else (new, full)
        taken = {course: course.write() for course in order}
        seconds_ratios.append(taken[full][0] / taken[new][0])
        processor_ratios.append(taken[full][1] / taken[new][1])
    return {
        "students": students,
        "per_minute_by_tenth": [round(60 / mean) for mean in means],
        "pairs": pairs,
        "full_to_new_seconds": _quartiles(seconds_ratios),
        "full_to_new_processor_seconds": _quartiles(processor_ratios),
    }


class Course:
    """nbgrader's quickstart course and the records of a submission to it that has everything right."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        nbgrader(folder, "quickstart", "course")
        course = folder / "course"
        nbgrader(course, "generate_assignment", "ps1")
        config, directory, _ = load(course)
        self._writer, self._written = Writer(directory, config, "ps1"), 0
        source = course / "source" / "ps1"
        self._records = [give_up(name, read_pristine(source, name), "") for name in self._writer.notebooks]
        for record in self._records:
            record.outcome, record.notes = Outcome.GRADED, []
            for mark in record.marks:
                mark.points, mark.message = mark.maximum, ""

    def write(self) -> tuple[float, float]:
        """Writes the submission of one student more; returns its seconds and its processor seconds."""
        begun, begun_here = time.perf_counter(), time.process_time()
        self._writer.write(f"student{self._written:05}", self._records)
        self._written += 1
        return time.perf_counter() - begun, time.process_time() - begun_here


def _quartiles(numbers: list[float]) -> list[float]:
    low, middle, high = statistics.quantiles(numbers, n=4)
    return [round(middle, 3), round(low, 3), round(high, 3)]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--trial", action="store_true", help="store nothing")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        result = measure(options.students, options.pairs, Path(folder))
    print("\n".join(f"{name:36}{value}" for name, value in result.items()))
    if not options.trial:
        write_results("gradebook_growth", result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
