"""Tables that a spreadsheet opens: text in them is no formula, and numbers have no digits that mean nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from nbgrader_isolated.closed import writing

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a formula begins, also in the wide letters of East Asian keyboards."""
_TABS = ("\t", "\r", "\n")


def guarded(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers."""
    if isinstance(cell, str) and (cell[:1] in _TABS or cell.lstrip()[:1] in _FORMULA) and not _is_number(cell):
        return f"'{cell}"
    return cell


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").replace(".", "", 1).isdigit()


def number(value: float, decimals: int = 6) -> str:
    """A number without zeros at the end: 0.1 + 0.2 is 0.3 here."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def write(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Writes a table as CSV in which no cell is a formula to a spreadsheet; no other user can read it."""
    with (
        writing(path) as temporary,
        temporary.open("w", newline="", encoding="utf-8", errors="backslashreplace") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows([guarded(cell) for cell in row] for row in rows)
