"""Who a row or a file belongs to: the students that a learning management system knows, and the gradebook's ids."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from nbgrader_isolated.errors import BadArgumentError


@dataclass(frozen=True)
class Student:
    """One student of a roster.

    Attributes:
        id: what the gradebook and ``submitted/`` call them.
        lms_id: the number by which the system knows them, as text; empty where the file has none.
        first_name: as the file writes it.
        last_name: as the file writes it.
        email: empty where the file has none.
    """

    id: str
    lms_id: str
    first_name: str
    last_name: str
    email: str


def checked(students: Iterable[Student], source: str) -> list[Student]:
    """Returns the students of a roster, each once.

    Raises:
        BadArgumentError: two students would have one id, or an id cannot be the name of a folder.
    """
    found: dict[str, Student] = {}
    for student in students:
        name = student.id
        if (
            not name
            or name != name.strip()
            or name.startswith(".")
            or any(c in "/\\\0+" or not c.isprintable() for c in name)
        ):
            raise BadArgumentError(
                f"{source} gives a student the id {name!r}, which cannot be the name of a folder. Choose another column with --id."
            )
        if found.setdefault(name, student) != student:
            raise BadArgumentError(
                f"{source} gives two students the id {name!r}. Choose a column with --id in which all are different."
            )
    return list(found.values())


def plain(name: str) -> str:
    """A name without accents, case, spaces and punctuation: what two ways of writing it have in common."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def unique(names: Iterable[str]) -> set[str]:
    """Those of some names that occur once."""
    return {name for name, times in Counter(names).items() if times == 1}
