"""Points and counts in a lab's text, worked out from its cells: what stands in ``{{…}}`` is about the section it stands in.

``{{points}}`` is the points of all cells in the section, from its heading to the next one of the same level or above; below the
title, that is the whole lab. Of the tests alone, and of the questions that a person reads:

- ``{{checked: exercise}}``, ``{{read: question}}``: how many, in words: "seven exercises", "one question";
- ``{{checked points}}``, ``{{read points}}``: their points, "85", or "5 each" where several have the same.
"""

from __future__ import annotations

import re

import nbformat

from nbgrader_isolated.notebook.roles import role

PLACEHOLDER = re.compile(r"\{\{([^{}\n]*)\}\}")
HEADING = re.compile(r"^(#{1,6}) ", re.M)
KNOWN = "{{header}}, {{points}}, {{checked: exercise}}, {{checked points}}, {{read: question}}, {{read points}}"
KINDS = {"checked": "test", "read": "manual"}
WORDS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
]


def fill(notebook: nbformat.NotebookNode) -> list[str]:
    """Puts the numbers into a lab's text, in place.

    Returns:
        A fault for every placeholder that stands for nothing.
    """
    faults = []
    for position, cell in enumerate(notebook.cells):
        if cell.cell_type != "markdown":
            continue
        while found := PLACEHOLDER.search(cell.source):
            number = value(found[1], section(notebook, position, found.start()))
            if number is None:
                faults.append(f"expected one of {KNOWN}; received {found[0]}. Correct the text.")
                break
            cell.source = cell.source[: found.start()] + number + cell.source[found.end() :]
    return faults


def value(given: str, cells: list[nbformat.NotebookNode]) -> str | None:
    """What a placeholder stands for, among the cells of its section; None where it stands for nothing."""
    points = {
        kind: [cell.metadata.nbgrader["points"] for cell in cells if role(cell) == wanted]
        for kind, wanted in KINDS.items()
    }
    if given == "points":
        return f"{sum(map(sum, points.values())):g}"
    kind, _, noun = given.partition(": ")
    if kind in KINDS and noun:
        count = len(points[kind])
        return f"{WORDS[count] if count < len(WORDS) else count} {noun}{'' if count == 1 else 's'}"
    kind, _, word = given.partition(" ")
    if kind in KINDS and word == "points":
        worth = points[kind]
        return f"{worth[0]:g} each" if len(worth) > 1 and len(set(worth)) == 1 else f"{sum(worth):g}"
    return None


def section(notebook: nbformat.NotebookNode, position: int, place: int) -> list[nbformat.NotebookNode]:
    """The cells of the section that a place in a text cell belongs to, up to the next heading of the same level or above."""
    headings = [(number, *heading) for number, cell in enumerate(notebook.cells) for heading in headings_of(cell)]
    own = next((depth for number, at, depth in reversed(headings) if (number, at) <= (position, place)), 1)
    after = (number for number, at, depth in headings if (number, at) > (position, place) and depth <= own)
    return notebook.cells[position : next(after, len(notebook.cells))]


def headings_of(cell: nbformat.NotebookNode) -> list[tuple[int, int]]:
    """Where headings stand in a cell's text, and how deep they are; lines of code in it are none."""
    if cell.cell_type != "markdown":
        return []
    text = re.sub(r"^```.*?^```", lambda code: " " * len(code[0]), cell.source, flags=re.M | re.S)
    return [(found.start(), len(found[1])) for found in HEADING.finditer(text)]
