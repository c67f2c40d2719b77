"""``python -m course_utils report LAB``: marks, outcomes, seconds and memory of what was graded, from the records."""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import statistics
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from course_utils.errors import NotAvailableError
from course_utils.grading.closed import writing
from course_utils.grading.config import load
from course_utils.grading.gradebook import read_timestamp
from course_utils.grading.late import LatePenalty
from course_utils.grading.outcomes import Record, worst
from course_utils.grading.progress import shown
from course_utils.grading.records import read_records


def main(argv: list[str]) -> int:
    """Runs the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m course_utils report", description=__doc__)
    parser.add_argument("lab", help="the assignment, as nbgrader knows it")
    parser.add_argument("--csv", type=Path, help="also write the table here")
    parser.add_argument("--course", type=Path, default=Path.cwd(), help="the folder that holds nbgrader_config.py")
    options = parser.parse_args(argv)
    config, course, engine = load(options.course.resolve())
    graded = read_records(Path(course.root) / engine.evidence_directory / options.lab)
    if not graded:
        raise NotAvailableError(
            f"There are no records of {options.lab!r}. Run: python -m course_utils grade {options.lab}"
        )
    waiting = waiting_marks(course, options.lab, graded)
    if options.csv:  # before anything is shown: whoever reads that may leave
        write_csv(options.csv, graded, waiting)
    print(table(graded, waiting))
    print()
    print(exercises(graded))
    if not all(record.sandboxed for records in graded.values() for record in records):
        print("\nSome of these were graded WITHOUT A SANDBOX.")
    for student, records in graded.items():
        for record in (record for record in records if record.handed_in_as):
            print(f"{shown(student)} handed in {record.notebook}.ipynb as {shown(record.handed_in_as)}.")
    undated = [name for name in graded if read_timestamp(submitted_folder(course, name, options.lab)) is None]
    if undated:
        print(f"No time of handing in is known of these, so they are never late: {', '.join(map(shown, undated))}.")
    for names in same_notebooks(Path(course.root) / engine.evidence_directory / options.lab, graded):
        print(f"Handed in with the same bytes: {', '.join(map(shown, names))}.")
    plugin = LatePenalty(config=config)
    unknown = sorted(set(plugin.extra_days.get(options.lab, {})) - set(graded) - waiting.keys())
    if unknown:
        print(
            f"extra_days names students who are not in the gradebook: {', '.join(map(shown, unknown))}. Check their ids."
        )
    return 0


def submitted_folder(course: CourseDirectory, student: str, lab: str) -> Path:
    """Where a submission lies."""
    return Path(course.format_path(course.submitted_directory, student, lab))


def waiting_marks(course: CourseDirectory, lab: str, graded: dict[str, list[Record]]) -> dict[str, int]:
    """How many marks of each student wait for a person, as the gradebook has it; 0 where nothing was handed in."""
    with Gradebook(course.db_url, course.course_id) as book:
        waiting = dict.fromkeys((student.id for student in book.students), 0)
        for student in graded:
            with contextlib.suppress(MissingEntry):
                notebooks = book.find_submission(lab, student).notebooks
                waiting[student] = sum(grade.needs_manual_grade for notebook in notebooks for grade in notebook.grades)
    return waiting


def same_notebooks(evidence: Path, graded: dict[str, list[Record]]) -> list[list[str]]:
    """Students whose notebooks are alike to the byte."""
    found: dict[tuple[str, str], list[str]] = {}
    for student, records in graded.items():
        for record in records:
            with contextlib.suppress(OSError):
                raw = (evidence / student / record.notebook / "received.ipynb").read_bytes()
                found.setdefault((record.notebook, hashlib.sha256(raw).hexdigest()), []).append(student)
    return [students for students in found.values() if len(students) > 1]


def rows(graded: dict[str, list[Record]], waiting: dict[str, int] | None = None) -> list[list[object]]:
    """One row per student: id, outcome, points, maximum, marks left to a person, seconds, megabytes, sandboxed or not.

    Megabytes are empty where they were not measured. Marks wait as ``waiting`` says, else as the records do.
    """
    made = []
    for student, records in graded.items():
        marks = [mark for record in records for mark in record.marks]
        made.append(
            [
                student,
                str(worst([record.outcome for record in records])),
                round(sum(mark.points or 0 for mark in marks), 2),
                sum(mark.maximum for mark in marks),
                (waiting or {}).get(student, sum(mark.points is None for mark in marks)),
                round(sum(record.seconds for record in records), 1),
                round(peak / 1e6) if (peak := max(record.peak_memory for record in records)) else "",
                "yes" if all(record.sandboxed for record in records) else "NO",
            ]
        )
    return made


HEADS = ["student", "outcome", "points", "of", "open", "seconds", "MB", "sandboxed"]


def table(graded: dict[str, list[Record]], waiting: dict[str, int] | None = None) -> str:
    """The rows as text in columns."""
    lines = [HEADS, *([shown(str(cell)) for cell in row] for row in rows(graded, waiting))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADS))]
    return "\n".join(
        "  ".join(c.ljust(w) if i < 2 else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True)))
        for line in lines
    )


def exercises(graded: dict[str, list[Record]]) -> str:
    """For each test: how many have it in full, the mean, and how many marks a person must still give."""
    found: dict[tuple[str, float], list[float | None]] = {}
    for records in graded.values():
        for mark in (mark for record in records for mark in record.marks):
            found.setdefault((mark.grade_id, mark.maximum), []).append(mark.points)
    return "\n".join(_exercise(name, maximum, points) for (name, maximum), points in found.items())


def _exercise(name: str, maximum: float, points: list[float | None]) -> str:
    marked = [point for point in points if point is not None]  # one that waits for a person is no 0
    said = f"{shown(name)}: "
    if marked:
        full = sum(point == maximum for point in marked)
        said += f"mean {statistics.mean(marked):.2f} of {maximum:g}, {full} of {len(marked)} in full"
    waiting = len(points) - len(marked)
    return said + (", " if marked and waiting else "") + (f"{waiting} for a person to mark" if waiting else "")


def write_csv(path: Path, graded: dict[str, list[Record]], waiting: dict[str, int] | None = None) -> None:
    """Writes the rows as CSV in which no cell is a formula to a spreadsheet."""
    with writing(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADS)
        writer.writerows([[guarded(cell) for cell in row] for row in rows(graded, waiting)])


def guarded(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip()[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{cell}"
    return cell
