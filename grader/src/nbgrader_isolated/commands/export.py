"""``nbgrader-isolated export ASSIGNMENT FILE --to canvas``: marks into the file that the learning management system gave."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.gradebook.late import out_of_date
from nbgrader_isolated.gradebook.standing import plural
from nbgrader_isolated.lms import spreadsheet
from nbgrader_isolated.lms.gradebook import SYSTEMS, rows_of
from nbgrader_isolated.notebook.plain_text import printable
from nbgrader_isolated.plugin.configuration import load


def main(argv: list[str]) -> int:
    """Runs the command; returns 1 where somebody's mark could not go into the file."""
    parser = argparse.ArgumentParser(prog="nbgrader-isolated export", description=__doc__)
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="its name, as nbgrader knows it")
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="Canvas's gradebook or Moodle's grading worksheet, as CSV"
    )
    parser.add_argument("--to", dest="system", choices=SYSTEMS, required=True, help="the system that the file is from")
    parser.add_argument(
        "--column", default="", metavar="HEAD", help="the assignment's column, where its name is another"
    )
    parser.add_argument("--output", type=Path, help="write here; by default into FILE itself")
    parser.add_argument(
        "--leave-open", action="store_true", help="leave out marks that need manual review, in place of refusing"
    )
    parser.add_argument("--scale", action="store_true", help="multiply marks where the system has another maximum")
    parser.add_argument("--course", type=Path, default=Path.cwd(), help="the folder that holds nbgrader_config.py")
    options = parser.parse_args(argv)
    config, course, _ = load(options.course.resolve())
    system, table = SYSTEMS[options.system], spreadsheet.read(options.file)
    column = system.grade_column(table, options.assignment, options.column)
    with Gradebook(course.db_url, course.course_id) as book:
        marks, still_open, maximum = scores(book, options.assignment)
        rows = rows_of(book, table, options.system)
        late = out_of_date(book, options.assignment, config)
    if late:
        raise BadArgumentError(
            f"The late penalty of {', '.join(map(printable, late))} was computed before the last marks by hand. Run: "
            f"nbgrader-isolated grade {options.assignment}"
        )
    if still_open and not options.leave_open:
        raise BadArgumentError(
            f"Marks of {plural(len(still_open), 'student')} still need manual review: "
            f"{', '.join(map(printable, sorted(still_open)))}. Mark them in the formgrader, or leave their cells as they are "
            "with --leave-open."
        )
    factor = _factor(system.maximum(table, column), maximum, options.scale)
    said, cells = [], {}
    for row, student in rows.items():
        if student in marks and student not in still_open:
            if system.may_change(table, row):
                cells[row, column] = table.written(factor * marks[student])
            else:
                said.append(f"{printable(student)}: the system takes no grade for them; their cell stays as it is.")
    absent = sorted(set(marks) - set(rows.values()))
    if absent:
        said.append(f"Graded and not in the file: {', '.join(map(printable, absent))}.")
    if still_open:
        said.append(f"Left open: {', '.join(map(printable, sorted(still_open)))}.")
    table.with_cells(cells).write(options.output or options.file)
    for line in said:
        print(line, file=sys.stderr)
    nothing = sum(not student or student not in marks for student in rows.values())
    written = f"{plural(len(cells), 'mark')} written to {options.output or options.file}"
    print(f"{written}, {plural(nothing, 'student')} without a submission.")
    return 1 if said else 0


def scores(book: Gradebook, assignment: str) -> tuple[dict[str, float], set[str], float]:
    """The marks of everybody who handed in, late penalties taken off; who of them still needs manual review; the maximum.

    Raises:
        NotAvailableError: the gradebook does not have the assignment.
    """
    try:
        found = book.find_assignment(assignment)
    except MissingEntry:
        raise NotAvailableError(
            f"The gradebook has no assignment {assignment!r}. Run: nbgrader generate_assignment {assignment}"
        ) from None
    marks = {one.student.id: max(0.0, one.score - one.late_submission_penalty) for one in found.submissions}
    return marks, {one.student.id for one in found.submissions if one.needs_manual_grade}, found.max_score


def _factor(theirs: float | None, ours: float, scale: bool) -> float:
    if theirs is None or not ours or abs(theirs - ours) < 1e-9:
        return 1.0
    if not scale:
        raise BadArgumentError(
            f"The system has {theirs:g} points for this assignment, the gradebook {ours:g}. Change one of them, or multiply with --scale."
        )
    return theirs / ours
