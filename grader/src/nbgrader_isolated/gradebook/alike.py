"""Students whose answers are the same but for layout, comments and the names they chose; for the instructor alone.

What was handed out is taken away first. Short answers are left out: honest work comes out equal there. An answer that is that of
the worked solution is named apart, since everybody who has the solution has it.

Answers are read with a pattern and never parsed: this is the grader's process, and Python's parser can be made to crash.
"""

from __future__ import annotations

import builtins
import contextlib
import hashlib
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbgrader_isolated.notebook.roles import grade_id, is_answer, released
from nbgrader_isolated.outcomes import Record

FEWEST = 30
"""Tokens of an answer in code, or words of one in text, once what was handed out is gone."""
ALL = "all answers"
LONGEST = 100_000
"""Characters of an answer that are compared."""
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*) | (?P<text>(?:\b[A-Za-z]{1,2})?(?:'''.*?(?:'''|\Z)|\"\"\".*?(?:\"\"\"|\Z)|'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?))
    | (?P<name>[^\W\d]\w*) | (?P<number>\d[\w.]*) | (?P<other>\S)""",
    re.VERBOSE | re.DOTALL,
)
"""Each alternative matches once it has begun, also where nothing ends it: no source takes more than one pass."""
_KEPT = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "self"}


@dataclass(frozen=True)
class Alike:
    """Students with the same answers.

    Attributes:
        students: who, in order.
        cells: the grade ids of their answers that are the same; :data:`ALL` in their place where all are, however short.
        solution: whether they are those of the worked solution.
    """

    students: tuple[str, ...]
    cells: tuple[str, ...]
    solution: bool


def alike(
    graded: Mapping[str, Iterable[Record]],
    handed_out: Mapping[tuple[str, str], str],
    solution: Mapping[tuple[str, str], tuple[str, str]],
) -> list[Alike]:
    """Finds answers that several students have, or that are the worked solution's.

    Args:
        graded: student → records.
        handed_out: (notebook, grade id of an answer) → what students got in its place.
        solution: the same → the worked answer, and the kind of its cell.

    Returns:
        The most answers first; students with the same answers stand together.
    """
    whose: dict[tuple[tuple[str, str], str], list[str]] = {}
    for student, records in sorted(graded.items()):
        answers = {place: own for one in records for place, own in _answers(one, handed_out)}
        for key in _fingerprints(answers):
            whose.setdefault(key, []).append(student)
    worked = _fingerprints(
        {place: own_tokens(text, handed_out.get(place, ""), kind) for place, (text, kind) in solution.items()}
    )
    together: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for key, students in whose.items():
        if len(students) > 1 or key in worked:
            together.setdefault((tuple(students), key in worked), []).append(key[0][1])
    found = [
        Alike(students, (ALL,) if ALL in cells else tuple(cells), known)
        for (students, known), cells in together.items()
    ]
    return sorted(found, key=lambda one: (one.solution, ALL not in one.cells, -len(one.cells), one.students))


def same_files(evidence: Path, graded: Mapping[str, Iterable[Record]], handed_out: Mapping) -> list[tuple[str, ...]]:
    """Students whose notebooks are alike to the byte, but for those that hold nothing of a student's own."""
    found: dict[tuple[str, str], list[str]] = {}
    for student, records in sorted(graded.items()):
        for record in records:
            if record.cells and not any(own for _, own in _answers(record, handed_out)):
                continue
            with contextlib.suppress(OSError):
                raw = (evidence / student / record.notebook / "received.ipynb").read_bytes()
                found.setdefault((record.notebook, hashlib.sha256(raw).hexdigest()), []).append(student)
    return [tuple(students) for students in found.values() if len(students) > 1]


def _answers(record: Record, handed_out: Mapping[tuple[str, str], str]) -> Iterable[tuple[tuple[str, str], list[str]]]:
    """(notebook, grade id) and the student's own tokens, of every answer of a notebook."""
    for cell in (record.cells or {}).get("cells", []):
        if is_answer(cell):
            place = record.notebook, grade_id(cell)
            yield place, own_tokens("".join(cell["source"]), handed_out.get(place, ""), cell["cell_type"])


def _fingerprints(answers: Mapping[tuple[str, str], list[str]]) -> list[tuple[tuple[str, str], str]]:
    """(place, hash) of every answer that is long enough, in their order, and of each notebook's answers together."""
    notebooks: dict[str, list[str]] = {}
    found = []
    for place, tokens in answers.items():
        notebooks.setdefault(place[0], []).extend((place[1], *tokens) if tokens else ())
        if len(tokens) >= FEWEST:
            found.append((place, _hash(tokens)))
    return found + [((name, ALL), _hash(tokens)) for name, tokens in notebooks.items() if len(tokens) >= FEWEST]


def _hash(tokens: list[str]) -> str:
    return hashlib.sha256("\0".join(tokens).encode(errors="replace")).hexdigest()


def own_tokens(source: str, handed_out: str = "", kind: str = "code") -> list[str]:
    """What two ways of writing one answer have in common, without what was handed out.

    Args:
        source: the answer.
        handed_out: what students got in its place; its lines are taken away.
        kind: of the cell: in ``code`` the names that a student chose are numbered, of other text letters and digits count.
    """
    own = _without(released(source[:LONGEST]), handed_out)
    if kind == "code":
        return list(_tokens(own, keep=set(re.findall(r"[^\W\d]\w*", handed_out))))
    return re.findall(r"\w+", own.casefold())


def _without(source: str, handed_out: str) -> str:
    """A source without the lines that were handed out, each as often as it was."""
    left = Counter(line.strip() for line in handed_out.splitlines())
    kept = []
    for line in source.splitlines():
        left[line.strip()] -= 1
        if left[line.strip()] < 0:
            kept.append(line)
    return "\n".join(kept)


def _tokens(source: str, keep: set[str]) -> Iterable[str]:
    """The tokens of a cell; names that the student chose are numbered in the order in which they come."""
    numbers: dict[str, str] = {}
    before = ""
    for found in _TOKEN.finditer(source):
        token, kind = found[0], found.lastgroup
        if kind == "comment" or token == ";":  # which may as well be a new line
            continue
        if kind == "name" and before != "." and token not in keep and token not in _KEPT:
            token = numbers.setdefault(token, f"name{len(numbers)}")
        elif kind == "text":
            token = token.replace('"', "'")
        yield token
        before = token
