"""``nbgrader-isolated report ASSIGNMENT``: how everybody stands, from the gradebook and the records, and what deserves a look."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.gradebook import spreadsheet
from nbgrader_isolated.gradebook.alike import ALL, Alike, alike, same_files
from nbgrader_isolated.gradebook.decisions import SETTLED, settled_pairs
from nbgrader_isolated.gradebook.items import items
from nbgrader_isolated.gradebook.late import out_of_date
from nbgrader_isolated.gradebook.standing import HEADS, TO_THE_RIGHT, Standing, cells, shown, standings, summary
from nbgrader_isolated.notebook.plain_text import printable
from nbgrader_isolated.notebook.pristine import read_pristine
from nbgrader_isolated.notebook.roles import grade_id, is_answer
from nbgrader_isolated.outcomes import Outcome, Record
from nbgrader_isolated.plugin.configuration import load
from nbgrader_isolated.plugin.preflight import require_known_names
from nbgrader_isolated.run.jobs import find_submissions
from nbgrader_isolated.run.records import read_records
from nbgrader_isolated.text_table import columns


def main(argv: list[str]) -> int:
    """Runs the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="nbgrader-isolated report", description=__doc__)
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="its name, as nbgrader knows it")
    parser.add_argument("--csv", type=Path, help="also write the table of students here")
    parser.add_argument("--course", type=Path, default=Path.cwd(), help="the folder that holds nbgrader_config.py")
    options = parser.parse_args(argv)
    require_folder(options.csv, "--csv")
    config, course, engine = load(options.course.resolve())
    evidence = Path(course.root) / engine.evidence_directory / options.assignment
    graded = read_records(evidence)
    require_known_names(course, options.assignment, joining=graded)
    folders = handed_in(course, options.assignment)
    with Gradebook(course.db_url, course.course_id) as book:
        found = _standings(book, options.assignment, graded, folders)
        late = out_of_date(book, options.assignment, config)
    if options.csv:  # before anything is shown: whoever reads that may leave
        spreadsheet.write(options.csv, HEADS, map(cells, found))
    print(table(found))
    print(f"\n{summary(found)}")
    if said := exercises(graded):
        print(f"\n{said}")
    lines = remarks(found, graded, late), newer(graded, folders, evidence)
    for line in itertools.chain(*lines, likeness(course, options.assignment, graded, evidence)):
        print(line)
    return 0


def require_folder(path: Path | None, option: str) -> None:
    """Refuses a file whose folder is not there, before anything is worked out."""
    if path and not path.absolute().parent.is_dir():
        raise BadArgumentError(
            f"Expected a file in a folder that is there, as {option}; there is no folder {path.parent}. Make it first, or "
            "name another."
        )


def handed_in(course: CourseDirectory, assignment: str) -> dict[str, Path]:
    """Student → folder of the submission."""
    return dict(
        find_submissions(
            course.format_path(course.submitted_directory, "(?P<student_id>[^/]+)", assignment, escape=True),
            course.format_path(course.submitted_directory, "*", assignment),
        )
    )


def _standings(
    book: Gradebook, assignment: str, graded: dict[str, list[Record]], folders: dict[str, Path]
) -> list[Standing]:
    try:
        found = standings(book, assignment, graded, folders)
    except MissingEntry:
        raise NotAvailableError(
            f"The gradebook has no assignment {assignment!r}. Run: nbgrader generate_assignment {assignment}"
        ) from None
    if not graded and all(one.total is None for one in found):
        raise NotAvailableError(f"Nothing of {assignment!r} is graded. Run: nbgrader-isolated grade {assignment}")
    return found


def table(found: list[Standing]) -> str:
    """A line for each student, with the columns lined up."""
    heads, rows = shown(found)
    right = [place for place, head in enumerate(heads) if head in TO_THE_RIGHT]
    return columns([heads, *([printable(cell) for cell in row] for row in rows)], right=right)


def exercises(graded: dict[str, list[Record]]) -> str:
    """A line for each test: how many have it in full, the mean, and how many marks need manual review.

    Files that were no notebook are not counted: nothing of them was measured.
    """
    lines = []
    for one in items(graded):
        if one.criterion:
            continue
        said = []
        if one.students:
            mean = one.difficulty * one.maximum if one.difficulty is not None else 0.0
            said.append(f"mean {mean:.2f} of {one.maximum:g}, {one.full} of {one.students} in full")
        if one.waiting:
            said.append(f"{one.waiting} to review")
        lines.append(f"{printable(one.test)}: {', '.join(said)}")
    return "\n".join(lines)


def remarks(found: list[Standing], graded: dict[str, list[Record]], late: list[str]) -> Iterator[str]:
    """What an instructor should know before the marks go out, a line each."""
    if unsafe := [one.student for one in found if one.sandboxed is False]:
        yield f"Graded WITHOUT A SANDBOX: {_names(unsafe)}."
    if public := [name for name, records in graded.items() if any(record.public_seed for record in records)]:
        yield f"Graded WITH THE PUBLIC SEED, from which everybody can compute hidden inputs: {_names(public)}."
    for student, records in graded.items():
        for record in records:
            if record.handed_in_as:
                yield f"{printable(student)} handed in {record.notebook}.ipynb as {printable(record.handed_in_as)}."
            if record.outcome is Outcome.NOT_A_NOTEBOOK and record.notes:
                yield f"{printable(student)}, {printable(record.notebook)}: {printable(record.notes[0], most=300)}"
    if unwritten := [one.student for one in found if one.seconds is not None and one.total is None]:
        yield f"Graded, and not in the gradebook; grade again: {_names(unwritten)}."
    if undated := [one.student for one in found if one.lateness == "not known"]:
        yield f"No time of handing in is known of these, so they are never late: {_names(undated)}."
    if late:
        yield f"The late penalty was computed before the last marks by hand; run `grade` once more: {_names(late)}."


def newer(graded: dict[str, list[Record]], folders: dict[str, Path], evidence: Path) -> Iterator[str]:
    """Who has handed in something else since it was graded."""
    changed = [
        student
        for student, records in graded.items()
        if student in folders and any(_differs(folders[student], evidence / student, record) for record in records)
    ]
    if changed:
        yield f"Handed in something else since it was graded; grade again: {_names(changed)}."


def _differs(folder: Path, evidence: Path, record: Record) -> bool:
    now, then = folder / f"{record.notebook}.ipynb", evidence / record.notebook / "received.ipynb"
    try:
        return not now.is_symlink() and now.is_file() and now.read_bytes() != then.read_bytes()
    except OSError:  # it had another name, or was no notebook
        return False


def likeness(
    course: CourseDirectory, assignment: str, graded: dict[str, list[Record]], evidence: Path
) -> Iterator[str]:
    """Whose answers are alike, and whose are the worked solution's; pairs that are settled are left out."""
    handed_out, solution = {}, {}
    source = Path(course.format_path(course.source_directory, ".", assignment))
    with Gradebook(course.db_url, course.course_id) as book:
        for notebook in book.find_assignment(assignment).notebooks:
            handed_out |= {(notebook.name, cell.name): cell.source or "" for cell in notebook.source_cells}
            try:
                pristine = read_pristine(source, notebook.name)
            except (NotAvailableError, BadArgumentError) as error:
                print(f"Nothing is compared with the worked solution: {error}", file=sys.stderr)
                continue
            solution |= {
                (notebook.name, grade_id(cell)): (cell["source"], cell["cell_type"])
                for cell in pristine
                if is_answer(cell)
            }
    settled = settled_pairs(Path(course.root) / SETTLED, assignment)
    for students in same_files(evidence, graded, handed_out):
        if not _settled(students, settled):
            yield f"Handed in with the same bytes: {_names(students)}."
    yield from _said(alike(graded, handed_out, solution), settled)


def _settled(students: tuple[str, ...], settled: set[frozenset[str]]) -> bool:
    return all(frozenset(pair) in settled for pair in itertools.combinations(students, 2))


def _said(found: list[Alike], settled: set[frozenset[str]]) -> Iterator[str]:
    worked: dict[str, list[str]] = {}
    for one in found:
        if one.solution:
            for student in one.students:
                worked.setdefault(student, []).extend(one.cells)
        elif not _settled(one.students, settled):
            yield f"The same answers: {_names(one.students)} ({', '.join(map(printable, one.cells))})."
    for student, answers in sorted(worked.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        which = [ALL] if ALL in answers else answers
        yield f"As in the worked solution: {printable(student)} ({', '.join(map(printable, which))})."


def _names(students: list[str] | tuple[str, ...]) -> str:
    return ", ".join(map(printable, students))
