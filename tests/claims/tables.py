"""Reads the tables that a notebook showed."""

from __future__ import annotations

import html
import re

ROW, CELL, TAG = (re.compile(pattern, re.S) for pattern in (r"<tr.*?</tr>", r"<t[hd][^>]*>(.*?)</t[hd]>", r"<[^>]*>"))


def tables(run, *columns: str) -> list[dict[str, dict[str, str]]]:
    """Every table whose header holds these columns: name of a row -> {column: what its cell says}."""
    found = []
    for page in run.pages():
        rows = [[html.unescape(TAG.sub("", cell)).strip() for cell in CELL.findall(row)] for row in ROW.findall(page)]
        if rows and set(columns) <= set(rows[0]):
            found.append({row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[1:] if any(row[1:])})
    assert found, f"no table of the lesson has the columns {columns}"
    return found


def table(run, *columns: str) -> dict[str, dict[str, str]]:
    """The first of those tables."""
    return tables(run, *columns)[0]


def number(text: str) -> float:
    """A cell as a number, without the commas between thousands."""
    return float(text.replace(",", ""))
