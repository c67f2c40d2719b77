"""The demands of an exercise: the list that ends its text. The build reads it, and the checking of answers compares with it.

In a markdown cell before the answer cell, as the last thing in it::

    # **Demands**
    #
    # - *shape*: the array is (N, 224, 224, 3).
    # - *dtype*: float32.

A demand's name is one to three words. The criterion that checks it has that name, in the notebook and in grading alike, and
a wrong answer whose ``breaks`` is that name loses this criterion and no other (``checking/coverage.py``).
"""

from __future__ import annotations

import re

import nbformat

from nbgrader_isolated.notebook.roles import grade_id, role

HEADING = "**Demands**"
ITEM = re.compile(r"- \*(?P<name>[^*\n]+)\*: (?P<text>\S.*(?:\n  \S.*)*)\n?")
NAME = re.compile(r"[\w'’-]+( [\w'’-]+){0,2}")


class DemandsError(ValueError):
    """A list of demands is not as it must be; the message says what was expected and received."""


def read(source: str) -> dict[str, str]:
    """Name → text of the demands in a markdown cell; empty where it has no list of them.

    Raises:
        DemandsError: the list is not as it must be.
    """
    _, heading, rest = source.partition(HEADING)
    if not heading:
        return {}
    rest, found, at = rest.strip("\n") + "\n", {}, 0
    while item := ITEM.match(rest, at):
        if item["name"] in found or not NAME.fullmatch(item["name"]):
            raise DemandsError(f"expected a name of one to three words, once; received the demand *{item['name']}*")
        found[item["name"]], at = " ".join(item["text"].split()), item.end()
    if not found or at < len(rest):
        raise DemandsError(
            f"expected lines such as “- *name*: text” after {HEADING}, to the end of the cell; received {rest[at : at + 60]!r}"
        )
    return found


def of_notebook(notebook: nbformat.NotebookNode) -> dict[str, dict[str, str]]:
    """Exercise → its demands, empty where its text has none; an exercise is called after its answer cell.

    Raises:
        DemandsError: a list is not as it must be, or an exercise has two.
    """
    found: dict[str, dict[str, str]] = {}
    waiting: dict[str, str] = {}
    for cell in notebook.cells:
        name = grade_id(cell)
        if cell.cell_type == "markdown" and HEADING in cell.source:
            if waiting:
                raise DemandsError(f"expected one list of demands before an answer; received two: {cell.source[:60]!r}")
            waiting = read(cell.source)
        elif cell.cell_type == "code" and role(cell) == "answer":
            found[name], waiting = waiting, {}
    if waiting:
        raise DemandsError(f"expected an answer after a list of demands; received none after {', '.join(waiting)}")
    return found


def faults(notebook: nbformat.NotebookNode) -> list[str]:
    """What is not as it must be in a lab's lists, in a sentence; the build refuses it."""
    try:
        of_notebook(notebook)
    except DemandsError as error:
        return [f"{error}. Correct the text."]
    return []
