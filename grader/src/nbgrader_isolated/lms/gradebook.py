"""What the gradebook and a learning management system's files have to tell each other."""

from __future__ import annotations

import json
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from nbgrader_isolated.closed import writing
from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.lms import canvas, moodle
from nbgrader_isolated.lms.archive import Submission
from nbgrader_isolated.lms.spreadsheet import Spreadsheet
from nbgrader_isolated.lms.students import Student, plain, unique

SYSTEMS = {"canvas": canvas, "moodle": moodle}
COLLECTED = "lms.json"
"""In the evidence of an assignment: who handed in under which name, so that feedback goes back under it."""


def import_roster(book: Gradebook, students: list[Student]) -> dict[str, str]:
    """Adds or updates students; returns for each id "added", "updated" or "unchanged".

    What a file leaves empty stays as the gradebook has it.
    """
    said = {}
    for student in students:
        wanted = {
            name: value
            for name, value in (
                ("first_name", student.first_name),
                ("last_name", student.last_name),
                ("email", student.email),
                ("lms_user_id", student.lms_id),
            )
            if value
        }
        try:
            known = book.find_student(student.id)
            same = all(getattr(known, name) == value for name, value in wanted.items())
            said[student.id] = "unchanged" if same else "updated"
        except MissingEntry:
            said[student.id] = "added"
        if said[student.id] != "unchanged":
            book.update_or_create_student(student.id, **wanted)
    return said


def owners(
    book: Gradebook, submissions: dict[str, Submission], worksheet: Spreadsheet | None, system: str
) -> dict[str, str]:
    """Finds whose the submissions of an archive are: the system's number → the gradebook's id, of those that are known.

    Canvas's number is on the roster. Moodle's belongs to one assignment, so its worksheet tells, or else a name that only one
    student has.
    """
    students = book.students
    if system == "canvas":
        known = {student.lms_user_id: student.id for student in students if student.lms_user_id}
        return {user: known[user] for user in submissions if user in known}
    if worksheet is not None:
        in_file = {student.lms_id: student for student in moodle.keys(worksheet).values()}
        found = {user: match(in_file[user], students) for user in submissions if user in in_file}
        return {user: student for user, student in found.items() if student}
    names = [(plain(f"{student.first_name or ''}{student.last_name or ''}"), student.id) for student in students]
    once, theirs = unique(name for name, _ in names), unique(plain(one.who) for one in submissions.values())
    by_name = {name: student for name, student in names if name in once}
    return {
        user: by_name[plain(one.who)]
        for user, one in submissions.items()
        if plain(one.who) in by_name and plain(one.who) in theirs
    }


def match(student: Student, known: list) -> str:
    """The gradebook's id of a student of a file: by id, by address, or by a name that only one has; empty where none fits."""
    ids = {one.id for one in known}
    if student.id in ids:
        return student.id
    for fits in (
        [one.id for one in known if student.email and (one.email or "").casefold() == student.email.casefold()],
        [
            one.id
            for one in known
            if plain(f"{one.first_name or ''}{one.last_name or ''}") == plain(student.first_name + student.last_name)
        ],
    ):
        if len(fits) == 1:
            return fits[0]
    return ""


def rows_of(book: Gradebook, table: Spreadsheet, system: str) -> dict[int, str]:
    """Row of a file of marks → the gradebook's id; empty where nobody fits."""
    students = book.students
    if system == "canvas":
        known = {student.lms_user_id: student.id for student in students if student.lms_user_id}
        return {row: known.get(student.lms_id, "") for row, student in canvas.keys(table).items()}
    return {row: match(student, students) for row, student in moodle.keys(table).items()}


def keep_collected(evidence: Path, system: str, found: dict[str, Submission], owner: dict[str, str]) -> None:
    """Notes under which names submissions came, in addition to what was noted earlier."""
    kept = collected(evidence)
    names = {student: found[user].prefix for user, student in owner.items()}
    names = {**kept["prefixes"], **names} if kept["system"] == system else names
    with writing(evidence / COLLECTED) as temporary:
        temporary.write_text(
            json.dumps({"system": system, "prefixes": names}, indent=1, ensure_ascii=False), encoding="utf-8"
        )


def collected(evidence: Path) -> dict:
    """What :func:`keep_collected` noted: ``{"system": …, "prefixes": {id: beginning of a file's name}}``."""
    try:
        kept = json.loads((evidence / COLLECTED).read_text("utf-8"))
    except FileNotFoundError:
        return {"system": "", "prefixes": {}}
    except (OSError, ValueError) as error:
        raise BadArgumentError(
            f"{evidence / COLLECTED} cannot be read ({error}). Remove it and collect again."
        ) from None
    return kept
