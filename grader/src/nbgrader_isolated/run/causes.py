"""Why a name is missing: which cell would have defined it, how that cell ended, and what is different while grading.

A test that lacks a name says only that. The cause stands in the outputs of the student's own cells, which the student may
read in any case. Sources are read line by line, and never parsed: this is the grader's process, many of them are no Python,
and Python's parser can be made to crash.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from nbgrader_isolated.notebook.plain_text import COLOUR, plain_text
from nbgrader_isolated.notebook.roles import released
from nbgrader_isolated.wire import while_grading

LONGEST_SOURCE = 100_000
"""Characters of a cell that are looked at."""
LONGEST_NOTEBOOK = 2_000_000
"""The same for all cells together."""
LONGEST_LINE = 1000
LONGEST_ANSWER = 2000
MOST_NAMES = 500
"""Names of a notebook that a misspelt one is compared with."""
MOST_STEPS = 3
"""A cell that lacks a name of another cell, which lacks one of a third: so many are named."""

_IMPORTED = re.compile(r"import\s*\(([^()]*)\)")
_DEFINITION = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)")
_IMPORT = re.compile(r"(from\s+\S+\s+)?import\s+([^#]+)")
_LOOP = re.compile(r"(?:async\s+)?for\s+([\w\s,()]+)\s+in\s")
_WITH = re.compile(r"\bas\s+(\w+)\s*[,:)]")
_EQUALS = re.compile(r"(?<![=!<>+\-*/%&|^@:~])=(?!=)")
_CALL = re.compile(r"\w\(")
_PLACE = re.compile(r"Cell In\s?\[(\d+)\], line (\d+)")
_MISSING = re.compile(r"name '(\w{1,200})' is not defined")
_FILE = re.compile(r" \((/[^()]*|\d+\.py, line \d+)\)$")
"""Where a module lies on the grading machine, or what IPython calls a cell."""


def defined(source: str) -> set[str]:
    """The names that a cell gives at its top level, as far as its lines show, whether or not they are Python."""
    names: set[str] = set()
    inside: int | None = None
    source = _IMPORTED.sub(lambda found: "import " + " ".join(found[1].split()), source[:LONGEST_SOURCE])
    for line in source.splitlines():
        text = line[:LONGEST_LINE].strip()
        if not text or text.startswith(("#", "%", "!")):
            continue
        indent = len(line) - len(line.lstrip())
        if inside is not None and indent > inside:
            continue  # a function's own, or a class's
        inside = None
        if found := _DEFINITION.match(text):
            names.add(found[1])
            inside = indent
        elif found := _IMPORT.match(text):
            for one in found[2].split(","):
                bound = one.split(" as ")[-1].strip(" ()")
                names.add(bound if found[1] else bound.partition(".")[0])
        elif found := _LOOP.match(text):
            names |= _targets(found[1])
        elif text.startswith(("with ", "async with ")):
            names |= set(_WITH.findall(text))
        elif not (indent and (text.endswith(",") or text.count(")") > text.count("("))):  # else an argument of a call
            for target in _EQUALS.split(text)[:-1]:
                names |= _targets(target.partition(":")[0])
    return {name for name in names if name.isidentifier()}


def _targets(text: str) -> set[str]:
    text = text.strip()
    return set() if _CALL.search(text) else {part.strip(" ()[]*") for part in text.split(",")}


class Causes:
    """What the cells of one notebook say about a missing name."""

    def __init__(self, cells: list[dict], outputs: Mapping[int, list[dict]], before: Mapping[str, list[dict]]) -> None:
        """Keeps what may be looked at.

        Args:
            cells: intake's, with what each is for.
            outputs: by the cell's index; filled while the notebook runs.
            before: outputs of an earlier run by the cell's source, for cells that this run does not need.
        """
        self._cells, self._outputs, self._before = cells, outputs, before
        self._named: dict[int, set[str]] = {}
        self._sources: list[str] = []
        left = LONGEST_NOTEBOOK
        for cell in cells:
            source = released(cell["source"]) if cell["role"] in ("locked", "test") else cell["source"]
            self._sources.append(source[: min(left, LONGEST_SOURCE)])
            left -= len(self._sources[-1])

    def of(self, names: Iterable[str], test: int) -> str:
        """Sentences for the student about names that the test with this index lacked.

        Args:
            names: some may be what the student's process says: only names are shown that stand in the notebook.
            test: the index of the test's cell.
        """
        said = []
        for name in names:
            words = re.compile(rf"\b{re.escape(name)}\b")
            if any(words.search(self._sources[index]) for index in [*self._own(len(self._cells)), test]):
                said.append(self._why(name, test, MOST_STEPS))
        return plain_text(" ".join(dict.fromkeys(said)), LONGEST_ANSWER)

    def _own(self, end: int) -> list[int]:
        """The cells before ``end`` that are run as they are, the latest first."""
        kinds = ("test", "task", "manual")
        cells = enumerate(self._cells[:end])
        return [index for index, cell in cells if cell["cell_type"] == "code" and cell["role"] not in kinds][::-1]

    def _names(self, index: int) -> set[str]:
        if index not in self._named:
            self._named[index] = defined(self._sources[index])
        return self._named[index]

    def _why(self, name: str, end: int, steps: int) -> str:
        definers = [index for index in self._own(end) if name in self._names(index)]
        for index in definers:
            if error := self._error(index):
                said = f"The cell that defines {name} {self._ended(index, error)}"
                missing = _MISSING.match(error["evalue"])
                if missing and error["ename"] == "NameError" and steps > 1 and self._cells[index]["role"] != "locked":
                    said += " " + self._why(missing[1], index, steps - 1)
                return said
        if definers:
            return f"The cell that defines {name} ran without an error, but {name} was not there afterwards."
        if any(name in self._names(index) for index in self._own(len(self._cells)) if index > end):
            return f"Only a later cell defines {name}; cells are run from the top."
        said = f"No cell of the notebook defines {name} before this."
        known = sorted(set().union(*(self._names(index) for index in self._own(end))))[:MOST_NAMES]
        if near := difflib.get_close_matches(name, [one for one in known if len(one) <= 100], 1):
            said += f" {near[0]} is defined: is one of the two misspelt?"
        # What a cell would have defined cannot always be seen: it was left as released, or imports everything.
        last = next((index for index in self._own(end) if self._cells[index]["role"] == "answer"), None)
        if steps == MOST_STEPS and last is not None and (error := self._error(last)):
            said += f" The answer cell before it {self._ended(last, error)}"
        return said

    def _error(self, index: int) -> dict | None:
        """The error output that a cell ended with."""
        found = self._outputs.get(index)
        if found is None:
            found = self._before.get(self._cells[index]["source"], [])
        return next((output for output in reversed(found) if output.get("output_type") == "error"), None)

    def _ended(self, index: int, error: dict) -> str:
        kind, said = plain_text(error["ename"], 100), plain_text(_FILE.sub("", error["evalue"].strip()), 200)
        differs = while_grading.SENTENCES.get(while_grading.word([kind], said), "")
        if kind in ("Stopped", "KeyboardInterrupt"):
            how = "took too long and was stopped."
        elif kind == "NotImplementedError":
            how = f"was not attempted: it ended with {kind}."
        elif self._cells[index]["role"] == "locked":  # may hold what students are not to see
            how = f"ended with {kind}."
        else:
            line = _line(error.get("traceback", []))
            how = f"ended with {kind}{f': {said}' if said else ''}".rstrip(".") + (f" (line {line})." if line else ".")
        return f"{how} {differs}".rstrip()


def _line(traceback: list[str]) -> int | None:
    """The line of a cell that an IPython traceback ends on, in the cell that it begins in."""
    places = _PLACE.findall(COLOUR.sub("", "\n".join(traceback[:50])[:LONGEST_SOURCE]))
    return next((int(line[:6]) for cell, line in reversed(places) if cell == places[0][0]), None)
