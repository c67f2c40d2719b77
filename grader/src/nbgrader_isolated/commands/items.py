"""``nbgrader-isolated items ASSIGNMENT``: how hard each test and criterion was, what it tells apart, and what was found wrong."""

from __future__ import annotations

import argparse
from pathlib import Path

from nbgrader_isolated.commands.report import require_folder
from nbgrader_isolated.errors import NotAvailableError
from nbgrader_isolated.gradebook import known_mistakes, spreadsheet
from nbgrader_isolated.gradebook.items import FINDING_HEADS, ITEM_HEADS, finding_cells, findings, item_cells, items
from nbgrader_isolated.notebook.plain_text import printable
from nbgrader_isolated.plugin.configuration import load
from nbgrader_isolated.run.records import read_records
from nbgrader_isolated.text_table import columns


def main(argv: list[str]) -> int:
    """Runs the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="nbgrader-isolated items", description=__doc__)
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="its name, as nbgrader knows it")
    parser.add_argument("--csv", type=Path, help="also write the table of tests and criteria here")
    parser.add_argument("--findings", type=Path, help="also write the table of findings here, students' ids included")
    parser.add_argument("--course", type=Path, default=Path.cwd(), help="the folder that holds nbgrader_config.py")
    options = parser.parse_args(argv)
    require_folder(options.csv, "--csv")
    require_folder(options.findings, "--findings")
    _, course, engine = load(options.course.resolve())
    graded = read_records(Path(course.root) / engine.evidence_directory / options.assignment)
    if not graded:
        raise NotAvailableError(
            f"There are no records of {options.assignment!r}. Run: nbgrader-isolated grade {options.assignment}"
        )
    known = {}
    if engine.known_mistakes:
        path = engine.known_mistakes.replace("{assignment}", options.assignment)
        known = known_mistakes.read(Path(course.root) / path)
    listed, found = items(graded), findings(graded, known)
    if options.csv:
        spreadsheet.write(options.csv, ITEM_HEADS, map(item_cells, listed))
    if options.findings:
        spreadsheet.write(options.findings, FINDING_HEADS, map(finding_cells, found))
    rows = [[printable(cell, most=50) for cell in item_cells(one, 2)] for one in listed]
    print(columns([ITEM_HEADS, *rows], right=range(2, len(ITEM_HEADS))))
    for one in found:
        where = "; ".join([one.test, *one.criteria]) if one.criteria else one.test
        print(f"\n{len(one.students)} of {one.of}: {printable(where, most=200)}\n  {printable(one.said, most=300)}")
        for mistake, count in one.mistakes.most_common(3):
            print(f"  {count} as: {printable(mistake, most=200)}")
    return 0
