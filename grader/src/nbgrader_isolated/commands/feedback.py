"""``nbgrader-isolated feedback ASSIGNMENT --zip FILE``: feedback pages as the learning management system takes them back."""

from __future__ import annotations

import argparse
import sys
import zipfile
from pathlib import Path

from nbgrader_isolated.closed import writing
from nbgrader_isolated.errors import NotAvailableError
from nbgrader_isolated.gradebook.standing import plural
from nbgrader_isolated.lms.gradebook import SYSTEMS, collected
from nbgrader_isolated.notebook.plain_text import printable
from nbgrader_isolated.plugin.configuration import load


def main(argv: list[str]) -> int:
    """Runs the command; returns 1 where a page could not go into the archive."""
    parser = argparse.ArgumentParser(prog="nbgrader-isolated feedback", description=__doc__)
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="its name, as nbgrader knows it")
    parser.add_argument("--zip", type=Path, required=True, metavar="FILE", help="the archive to write")
    parser.add_argument("--course", type=Path, default=Path.cwd(), help="the folder that holds nbgrader_config.py")
    options = parser.parse_args(argv)
    _, course, engine = load(options.course.resolve())
    kept = collected(Path(course.root) / engine.evidence_directory / options.assignment)
    if not kept["prefixes"]:
        raise NotAvailableError(
            f"Nobody handed in {options.assignment!r} by an archive. Collect it first: nbgrader-isolated collect {options.assignment} FILE.zip"
        )
    name = SYSTEMS[kept["system"]].feedback_name
    pages = {
        folder.parent.name: sorted(folder.glob("*.html"))
        for folder in Path(course.format_path(course.feedback_directory, ".", ".")).glob(f"*/{options.assignment}")
    }
    pages = {student: files for student, files in pages.items() if files}
    if not pages:
        raise NotAvailableError(f"There are no feedback pages. Run: nbgrader generate_feedback {options.assignment}")
    placed = [student for student in pages if student in kept["prefixes"]]
    with writing(options.zip) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as made:
        for student in sorted(placed):
            for page in pages[student]:
                made.writestr(name(kept["prefixes"][student], page.stem), page.read_bytes())
    count = sum(len(pages[student]) for student in placed)
    print(f"{plural(count, 'page')} of {plural(len(placed), 'student')} in {options.zip}.")
    left = sorted(set(pages) - set(placed))
    if left:
        print(
            f"They did not hand in by an archive, so send them theirs: {', '.join(map(printable, left))}.",
            file=sys.stderr,
        )
    return 1 if left else 0
