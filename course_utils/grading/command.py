"""``python -m course_utils grade LAB``: grades what a class handed in, and writes it into nbgrader's gradebook."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from course_utils.errors import BadArgumentError
from course_utils.grading import sandbox
from course_utils.grading.batch import Job, find_submissions, read_pristine, run
from course_utils.grading.config import load
from course_utils.grading.engine import require_gradable
from course_utils.grading.gradebook import Writer, read_timestamp
from course_utils.grading.outcomes import Record, worst


def main(argv: list[str]) -> int:
    """Runs the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m course_utils grade", description=__doc__)
    parser.add_argument("lab", help="the assignment, as nbgrader knows it")
    parser.add_argument("--student", action="append", default=[], help="only this student; may be repeated")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="workers at one time (default: one per core)"
    )
    parser.add_argument("--force", action="store_true", help="grade again although nothing has changed")
    parser.add_argument("--course", type=Path, default=Path.cwd(), help="the folder that holds nbgrader_config.py")
    options = parser.parse_args(argv)
    if options.jobs < 1:
        raise BadArgumentError(f"--jobs must be 1 or more, got {options.jobs}.")
    config, course, settings_of = load(options.course.resolve())
    settings = settings_of.settings()
    found = sandbox.require(settings.student)
    writer = Writer(course, config, options.lab)
    source = Path(course.format_path(course.source_directory, ".", options.lab))
    for name in writer.notebooks:
        require_gradable(read_pristine(source, name))
    evidence = Path(course.root) / settings_of.evidence_directory / options.lab
    submissions = dict(
        find_submissions(
            course.format_path(course.submitted_directory, "(?P<student_id>[^/]+)", options.lab, escape=True),
            course.format_path(course.submitted_directory, "*", options.lab),
        )
    )
    for student in options.student:
        if student not in submissions:
            raise BadArgumentError(f"{student!r} has handed in nothing for {options.lab!r}.")
    chosen = options.student or list(submissions)
    jobs = [
        Job(
            student=student,
            folder=str(submissions[student]),
            source=str(source),
            notebooks=tuple(writer.notebooks),
            evidence=str(evidence / student),
            settings=settings,
            force=options.force,
        )
        for student in dict.fromkeys(chosen)
    ]
    if not jobs:
        print(f"Nobody has handed in {options.lab}.")
        return 0
    rows: dict[str, list[Record]] = {}
    begun = time.monotonic()

    def done(job: Job, records: list[Record]) -> None:
        writer.write(job.student, records, read_timestamp(Path(job.folder)))
        rows[job.student] = records
        print(f"[{len(rows)}/{len(jobs)}] {_row(job.student, records)}", flush=True)

    def make_executor() -> ProcessPoolExecutor:
        # Spawned workers share nothing with this process, in particular no gradebook connection.
        return ProcessPoolExecutor(min(options.jobs, len(jobs)), mp_context=multiprocessing.get_context("spawn"))

    run(jobs, make_executor, done)
    print(summary(rows, time.monotonic() - begun, sandboxed=found.available))
    return 0


def summary(rows: dict[str, list[Record]], seconds: float, *, sandboxed: bool) -> str:
    """The last lines: how many ended how, and which need a person."""
    ended: dict[str, int] = {}
    for records in rows.values():
        outcome = str(worst([record.outcome for record in records]))
        ended[outcome] = ended.get(outcome, 0) + 1
    said = ", ".join(f"{count} {outcome}" for outcome, count in ended.items())
    lines = [f"{len(rows)} submissions in {seconds:.0f} s: {said}."]
    if not sandboxed:
        lines.append("WITHOUT A SANDBOX: students' code ran with the rights of whoever started this.")
    return "\n".join(lines)


def _row(student: str, records: list[Record]) -> str:
    marks = [mark for record in records for mark in record.marks]
    points = sum(mark.points or 0 for mark in marks)
    open_marks = sum(mark.points is None for mark in marks)
    text = f"{shown(student)}: {worst([record.outcome for record in records])}, {points:g} of "
    text += f"{sum(mark.maximum for mark in marks):g} points"
    if open_marks:
        text += f" ({open_marks} left to a person)"
    seconds, peak = (
        sum(record.seconds for record in records),
        max((record.peak_memory for record in records), default=0),
    )
    return f"{text}, {seconds:.0f} s" + (f", {peak / 1e6:.0f} MB" if peak else "")


def shown(text: str) -> str:
    """Text for a terminal: nothing that moves the cursor, changes colours or runs over the line."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:80]
