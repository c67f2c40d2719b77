"""``nbgrader-isolated report ASSIGNMENT``: marks, outcomes, seconds and memory of what was graded, from the records."""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import statistics
import sys
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import compute_checksum, is_solution
from traitlets.config import Config

from nbgrader_isolated.closed import writing
from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.gradebook.late import LatePenalty, misnamed
from nbgrader_isolated.gradebook.marks import as_notebook, read_timestamp
from nbgrader_isolated.gradebook.spreadsheet import guarded
from nbgrader_isolated.notebook.plain_text import printable
from nbgrader_isolated.outcomes import Outcome, Record, worst
from nbgrader_isolated.plugin.configuration import load
from nbgrader_isolated.run.records import read_records
from nbgrader_isolated.text_table import columns


def main(argv: list[str]) -> int:
    """Runs the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="nbgrader-isolated report", description=__doc__)
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="its name, as nbgrader knows it")
    parser.add_argument("--csv", type=Path, help="also write the table here")
    parser.add_argument("--course", type=Path, default=Path.cwd(), help="the folder that holds nbgrader_config.py")
    options = parser.parse_args(argv)
    if options.csv and not options.csv.absolute().parent.is_dir():
        raise BadArgumentError(
            f"Expected a file in a folder that is there, as --csv; there is no folder {options.csv.parent}. Make it first, or "
            "name another."
        )
    config, course, engine = load(options.course.resolve())
    graded = read_records(Path(course.root) / engine.evidence_directory / options.assignment)
    if not graded:
        raise NotAvailableError(
            f"There are no records of {options.assignment!r}. Run: nbgrader-isolated grade {options.assignment}"
        )
    waiting = waiting_marks(course, options.assignment, graded)
    if options.csv:  # before anything is shown: whoever reads that may leave
        write_csv(options.csv, graded, waiting)
    print(table(graded, waiting))
    print()
    print(exercises(graded))
    if not all(record.sandboxed for records in graded.values() for record in records):
        print("\nSome of these were graded WITHOUT A SANDBOX.")
    if public := [name for name, records in graded.items() if any(record.public_seed for record in records)]:
        print(
            f"\nGraded WITH THE PUBLIC SEED, from which everybody can compute hidden inputs: {', '.join(map(printable, public))}."
        )
    for student, records in graded.items():
        for record in records:
            if record.handed_in_as:
                print(f"{printable(student)} handed in {record.notebook}.ipynb as {printable(record.handed_in_as)}.")
            if record.outcome is Outcome.NOT_A_NOTEBOOK and record.notes:
                print(f"{printable(student)}, {printable(record.notebook)}: {printable(record.notes[0], most=300)}")
    undated = [name for name in graded if read_timestamp(submitted_folder(course, name, options.assignment)) is None]
    if undated:
        print(f"No time of handing in is known of these, so they are never late: {', '.join(map(printable, undated))}.")
    with Gradebook(course.db_url, course.course_id) as book:
        answered = {
            student: [record for record in records if not _untouched(record, book, options.assignment)]
            for student, records in graded.items()
        }
    for names in same_notebooks(Path(course.root) / engine.evidence_directory / options.assignment, answered):
        print(f"Handed in with the same bytes: {', '.join(map(printable, names))}.")
    for said in misnamed_extensions(config, course, options.assignment):
        print(said, file=sys.stderr)
    return 0


def misnamed_extensions(config: Config, course: CourseDirectory, assignment: str) -> list[str]:
    """What :func:`misnamed` says of a course's extensions; an assignment that is not released yet is known by its folder."""
    with Gradebook(course.db_url, course.course_id) as book:
        students, known = [student.id for student in book.students], [one.name for one in book.assignments]
    sources = Path(course.format_path(course.source_directory, ".", assignment)).parent
    known += [folder.name for folder in sources.iterdir()] if sources.is_dir() else []
    return misnamed(LatePenalty(config=config).extra_days, assignment, assignments=known, students=students)


def submitted_folder(course: CourseDirectory, student: str, assignment: str) -> Path:
    """Where a submission lies."""
    return Path(course.format_path(course.submitted_directory, student, assignment))


def waiting_marks(course: CourseDirectory, assignment: str, graded: dict[str, list[Record]]) -> dict[str, int]:
    """How many marks of each student need manual review, as the gradebook has it; 0 where nothing was handed in."""
    with Gradebook(course.db_url, course.course_id) as book:
        waiting = dict.fromkeys((student.id for student in book.students), 0)
        for student in graded:
            with contextlib.suppress(MissingEntry, UnicodeEncodeError):  # a folder whose name is no text
                notebooks = book.find_submission(assignment, student).notebooks
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


def _untouched(record: Record, book: Gradebook, assignment: str) -> bool:
    """Whether every answer of a notebook is as it was handed out: two of these are alike, and nobody copied anything."""
    if not record.cells:
        return False
    cells = [cell for cell in as_notebook(record, book, assignment).cells if is_solution(cell)]
    return bool(cells) and all(cell.metadata.nbgrader.get("checksum") == compute_checksum(cell) for cell in cells)


def rows(graded: dict[str, list[Record]], waiting: dict[str, int] | None = None) -> list[list[object]]:
    """One row per student: id, outcome, points, maximum, marks that need manual review, seconds, megabytes, sandboxed or not.

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


HEADS = ["student", "outcome", "automatic", "of", "to review", "seconds", "MB", "sandboxed"]
"""``automatic``: points of the tests, out of ``of``; marks given by hand and penalties are in the gradebook alone."""


def table(graded: dict[str, list[Record]], waiting: dict[str, int] | None = None) -> str:
    """The rows as text in columns."""
    lines = [HEADS, *([printable(str(cell)) for cell in row] for row in rows(graded, waiting))]
    return columns(lines, right=range(2, len(HEADS)))


def exercises(graded: dict[str, list[Record]]) -> str:
    """For each test: how many have it in full, the mean, and how many marks need manual review.

    Files that were no notebook are not counted: nothing of them was measured.
    """
    found: dict[tuple[str, float], list[float | None]] = {}
    for records in graded.values():
        measured = (record for record in records if record.outcome is not Outcome.NOT_A_NOTEBOOK)
        for mark in (mark for record in measured for mark in record.marks):
            found.setdefault((mark.grade_id, mark.maximum), []).append(mark.points)
    return "\n".join(_exercise(name, maximum, points) for (name, maximum), points in found.items())


def _exercise(name: str, maximum: float, points: list[float | None]) -> str:
    marked = [point for point in points if point is not None]  # one that needs manual review is no 0
    said = f"{printable(name)}: "
    if marked:
        full = sum(point == maximum for point in marked)
        said += f"mean {statistics.mean(marked):.2f} of {maximum:g}, {full} of {len(marked)} in full"
    waiting = len(points) - len(marked)
    return said + (", " if marked and waiting else "") + (f"{waiting} to review" if waiting else "")


def write_csv(path: Path, graded: dict[str, list[Record]], waiting: dict[str, int] | None = None) -> None:
    """Writes the rows as CSV in which no cell is a formula to a spreadsheet."""
    with (
        writing(path) as temporary,
        temporary.open("w", newline="", encoding="utf-8", errors="backslashreplace") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(HEADS)
        writer.writerows([[guarded(cell) for cell in row] for row in rows(graded, waiting)])
