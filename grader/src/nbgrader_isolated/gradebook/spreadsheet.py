"""Tables that a spreadsheet opens: text in them is no formula, and numbers have no digits that mean nothing."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a formula begins, also in the wide letters of East Asian keyboards."""


def guarded(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers."""
    if isinstance(cell, str) and (cell[:1] in ("\t", "\r", "\n") or cell.lstrip()[:1] in _FORMULA):
        return f"'{cell}"
    return cell


def number(value: float) -> str:
    """Points with at most six decimals, and without zeros at the end: 0.1 + 0.2 is 0.3 here."""
    return f"{value:.6f}".rstrip("0").rstrip(".") if round(value, 6) else "0"
