"""``nbgrader-isolated collect ASSIGNMENT FILE.zip --from canvas``: what students handed in there, into ``submitted/``."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
import zoneinfo
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import dateutil.parser
from nbgrader.api import Gradebook, MissingEntry

from nbgrader_isolated.closed import Places, make_folder
from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.gradebook import receipts
from nbgrader_isolated.gradebook.late import LatePenalty
from nbgrader_isolated.lms import archive, moodle, spreadsheet
from nbgrader_isolated.lms.archive import Submission
from nbgrader_isolated.lms.gradebook import SYSTEMS, keep_collected, owners
from nbgrader_isolated.notebook.plain_text import printable
from nbgrader_isolated.plugin.configuration import load


def main(argv: list[str]) -> int:
    """Runs the command; returns 1 where a submission could not be taken in."""
    parser = argparse.ArgumentParser(prog="nbgrader-isolated collect", description=__doc__)
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="its name, as nbgrader knows it")
    parser.add_argument("file", metavar="FILE", type=Path, help="the archive of all submissions")
    parser.add_argument(
        "--from", dest="system", choices=SYSTEMS, required=True, help="the system that the archive is from"
    )
    parser.add_argument(
        "--worksheet", type=Path, help="Moodle's grading worksheet, which knows whose a submission is, and when it came"
    )
    parser.add_argument(
        "--timezone",
        default="",
        metavar="ZONE",
        help="of the times in the files, Europe/Berlin say; by default this machine's",
    )
    parser.add_argument(
        "--update", action="store_true", help="replace a submission that has changed since it was collected"
    )
    parser.add_argument("--course", type=Path, default=Path.cwd(), help="the folder that holds nbgrader_config.py")
    options = parser.parse_args(argv)
    zone = _zone(options.timezone)
    config, course, engine = load(options.course.resolve())
    found, said = archive.read(options.file, SYSTEMS[options.system].handed)
    worksheet = spreadsheet.read(options.worksheet) if options.worksheet else None
    with Gradebook(course.db_url, course.course_id) as book:
        owner = owners(book, found, worksheet, options.system)
        try:
            due = book.find_assignment(options.assignment).duedate
        except MissingEntry:
            due = None
    times = _worksheet_times(worksheet, zone) if worksheet else {}
    grace = timedelta(minutes=LatePenalty(config=config).grace_minutes)
    strangers = [one for user, one in found.items() if user not in owner]
    said += [
        f"Nobody on the roster is {printable(one.who)!r} (number {one.user}); their submission was left out."
        for one in strangers
    ]
    if strangers:
        fix = "nbgrader-isolated roster" + (
            "" if options.system == "canvas" or worksheet else ", or give the grading worksheet with --worksheet"
        )
        said.append(f"To add students: {fix}.")
    evidence = Path(course.root) / engine.evidence_directory / options.assignment
    submitted = Path(course.format_path(course.submitted_directory, ".", "."))
    Places(Path(course.root), (submitted, evidence.parent), (), course.groupshared).close()
    make_folder(evidence)
    counted = {"new": 0, "replaced": 0, "unchanged": 0, "left": 0}
    for user, student in sorted(owner.items(), key=lambda pair: pair[1]):
        when, late = handed_in_at(found[user], times.get(user), due, grace, zone, exact=options.system == "moodle")
        target = Path(course.format_path(course.submitted_directory, student, options.assignment))
        outcome = _put(options.file, found[user], target, when, options.update)
        counted[outcome] += 1
        if outcome == "left":
            said.append(
                f"What {printable(student)} has handed in differs from submitted/, in files or in time; it is taken with --update."
            )
        if outcome in ("new", "replaced"):
            receipts.note(evidence, student, target, options.system, late=late)
    keep_collected(evidence, options.system, found, owner)
    for line in said:
        print(line, file=sys.stderr)
    print(", ".join(f"{number} {what}" for what, number in counted.items() if number) or "nothing to collect")
    return 1 if strangers or counted["left"] else 0


def handed_in_at(
    submission: Submission,
    known: tuple[datetime, bool] | None,
    due: datetime | None,
    grace: timedelta,
    zone: tzinfo,
    *,
    exact: bool,
) -> tuple[datetime, bool]:
    """When a submission counts as handed in (UTC, without saying so, as nbgrader has it), and whether the system calls it late.

    Args:
        submission: the files, with the archive's times.
        known: what the worksheet says: when, and whether late.
        due: the due date, UTC.
        grace: how long after it nothing is lost.
        zone: of the archive's times.
        exact: whether the archive's times are those of handing in. Canvas's need not be: there the mark LATE decides, and a
            submission without it counts as in time.
    """
    if known is not None:
        return known
    when = submission.changed.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
    if due is None or exact:
        return when, submission.late
    return (max(when, due + grace + timedelta(minutes=1)) if submission.late else min(when, due)), submission.late


def _worksheet_times(table: spreadsheet.Spreadsheet, zone: tzinfo) -> dict[str, tuple[datetime, bool]]:
    """Participant → when and whether late, as far as a worksheet tells."""
    when, status = table.place("Last modified (submission)"), table.place("Status")
    found = {}
    for row, student in moodle.keys(table).items():
        cells = table.rows[row]
        if when is None or not cells[when].strip():
            continue
        try:
            parsed = dateutil.parser.parse(cells[when], default=datetime(2000, 1, 1))
        except (ValueError, OverflowError):
            continue  # a date in words of another language: the archive's time counts
        late = status is not None and "late" in cells[status].casefold().split()
        found[student.lms_id] = parsed.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None), late
    return found


def _put(path: Path, submission: Submission, target: Path, when: datetime, update: bool) -> str:
    """Unpacks a submission to its folder, which appears whole; says whether it is new, replaced, unchanged, or left as it was."""
    make_folder(target.parent)
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for name, raw in archive.contents(path, submission):
            file = temporary / name
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
                opened.write(raw)
        (temporary / "timestamp.txt").write_text(f"{when.isoformat(' ', 'microseconds')} UTC", encoding="ascii")
        if target.exists():
            if _contents(target) == _contents(temporary):
                return "unchanged"
            if not update:
                return "left"
            aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
            os.rename(target, aside / "old")
            os.rename(temporary, target)
            shutil.rmtree(aside)
            return "replaced"
        os.rename(temporary, target)
        return "new"
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).digest()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def _zone(name: str) -> tzinfo:
    if not name:
        return datetime.now().astimezone().tzinfo
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise BadArgumentError(f"Expected a time zone such as Europe/Berlin, received {name!r}.") from None
