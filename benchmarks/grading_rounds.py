"""Whether grading stays as fast over a term: 300 submissions of all labs, handed in and graded in five equal rounds.

    python benchmarks/grading_rounds.py --students 1 --rounds 1 --trial
    python benchmarks/grading_rounds.py

In each round ten further students hand in each of the six labs: the worked solution, or one with a right answer in place of its own.
Every lab is then graded, in one course with one gradebook; what was graded in an earlier round is looked at again and left alone.
A round is therefore the same work as the first one, but for what has gathered. Writes benchmarks/results/grading_rounds.json,
unless it is a trial.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from _machine import REPOSITORY, write_results
from grading_class import Memory

sys.path.insert(0, str(REPOSITORY))

from authoring.checking import grade_once
from authoring.checking.answers import labs, read_answers
from nbgrader_isolated.outcomes import Outcome, Record
from nbgrader_isolated.run.records import read_records


def hand_in_round(course: Path, number: int, students: int) -> None:
    """Hands in every lab for some further students; their answers are the same in each round."""
    for lab in labs():
        right = [answer for answer in read_answers(lab) if answer.right]
        for student in range(students):
            answer = right[student * len(right) // students]
            replaced = {answer.exercise: answer.source} if student else {}
            content = grade_once.filled_in(course, lab, replace=replaced)
            grade_once.hand_in(course, lab, f"round{number}-student{student:02}", content)


def grade_all(course: Path, jobs: int) -> tuple[dict[str, float], dict[str, float]]:
    """Grades every lab; returns the seconds of each, and the most bytes that all processes of the engine used."""
    seconds, most = {}, {}
    for lab in labs():
        memory, begun = Memory(), time.perf_counter()
        memory.start()
        grade_once.command.main([lab, "--course", str(course), "--jobs", str(jobs), "--create"])
        seconds[lab], most[lab] = time.perf_counter() - begun, memory.stop()
    return seconds, most


def records_of(course: Path) -> list[Record]:
    found = [read_records(course / "evidence" / lab) for lab in labs()]
    return [record for each in found for records in each.values() for record in records]


def measure(students: int, rounds: int, jobs: int, folder: Path) -> dict:
    """Submissions a minute in each round, from the first to the last, and memory for each worker."""
    course = grade_once.scratch_course(folder / "course", *labs())
    taken, most = [], dict.fromkeys(labs(), 0.0)
    for number in range(1, rounds + 1):
        hand_in_round(course, number, students)
        seconds, peaks = grade_all(course, jobs)
        taken.append(seconds)
        most = {lab: max(most[lab], peaks[lab]) for lab in most}
        print(f"round {number}: {sum(seconds.values()):.0f} s", flush=True)
    nothing_new = sum(grade_all(course, jobs)[0].values())
    records, each = records_of(course), students * len(labs())
    return {
        "submissions": each * rounds,
        "rounds": rounds,
        "students_each_round": students,
        "jobs": jobs,
        "seconds": [{lab: round(value, 1) for lab, value in seconds.items()} for seconds in taken],
        "per_minute": [round(60 * each / sum(seconds.values()), 2) for seconds in taken],
        "nothing_new_seconds": round(nothing_new, 1),
        "peak_mb_per_worker": {lab: round(value / jobs / 1e6) for lab, value in most.items()},
        "student_peak_mb": round(max(record.peak_memory for record in records) / 1e6),
        "graded": sum(record.outcome is Outcome.GRADED for record in records),
        "full_marks": sum(grade_once.full([record]) for record in records),
    }


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--students", type=int, default=10, help="in each round, who hand in every lab")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--trial", action="store_true", help="store nothing")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="rounds-") as folder:
        result = measure(options.students, options.rounds, options.jobs, Path(folder))
    print("\n".join(f"{name:24}{value}" for name, value in result.items()))
    if not options.trial:
        write_results("grading_rounds", result)
    return int(result["graded"] != result["submissions"])


if __name__ == "__main__":
    sys.exit(main())
