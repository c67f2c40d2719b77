"""``nbgrader-isolated roster --from canvas FILE``: the students of a learning management system, into the gradebook."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from nbgrader.api import Gradebook

from nbgrader_isolated.gradebook.standing import plural
from nbgrader_isolated.lms import spreadsheet
from nbgrader_isolated.lms.gradebook import SYSTEMS, import_roster
from nbgrader_isolated.lms.students import checked
from nbgrader_isolated.notebook.plain_text import printable
from nbgrader_isolated.plugin.configuration import load


def main(argv: list[str]) -> int:
    """Runs the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="nbgrader-isolated roster", description=__doc__)
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="Canvas's gradebook, or Moodle's participants or worksheet, as CSV"
    )
    parser.add_argument(
        "--from", dest="system", choices=SYSTEMS, required=True, help="the system that the file is from"
    )
    parser.add_argument(
        "--id", default="", metavar="COLUMN", help="the column with the ids that the gradebook is to use"
    )
    parser.add_argument("--course", type=Path, default=Path.cwd(), help="the folder that holds nbgrader_config.py")
    options = parser.parse_args(argv)
    _, course, _ = load(options.course.resolve())
    students = checked(SYSTEMS[options.system].students(spreadsheet.read(options.file), options.id), str(options.file))
    with Gradebook(course.db_url, course.course_id) as book:
        said = import_roster(book, students)
        others = sorted({student.id for student in book.students} - set(said))
    counted = Counter(said.values())
    print(
        f"{plural(len(said), 'student')}: "
        + ", ".join(f"{counted[what]} {what}" for what in ("added", "updated", "unchanged"))
        + "."
    )
    if others:
        print(f"On the roster and not in the file, left as they are: {', '.join(map(printable, others))}.")
    return 0
