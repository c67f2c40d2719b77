"""Reads the wrong and right answers to one exercise: ``authoring/labs/labN/answers/<answer cell>.py``, and readers' own.

A file holds one percent cell for each answer; the code below a header takes the place of the answer cell. Only a person
writes the headers, no command does::

    # %% wrong "Takes the largest number of each channel." breaks="average" says="the mean over height and width" marks=2.4
    # %% right "Builds the extractor with the functional API."

A wrong answer has to lose points in the exercise's own test, ``test-<answer cell>``, and nowhere else; a right one keeps them
everywhere. `KEYS` and `WORDS` say what else a header may tell.

Answers of readers who saw the student's notebook alone stay as they were written, in ``blind/<trial>/<answer cell>.py``, and belong
here once they have been tried. An answer of the same name in ``answers/`` takes the place of a reader's; a header with no code below
it takes that of the header alone. What cannot belong here stands in ``blind/left_out.json`` with the reason.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LABS_FOLDER = ROOT / "authoring" / "labs"

KEYS = {
    "name": "what the results call the answer, where its sentence is not to be its name",
    "breaks": "the one demand of the exercise's list that a wrong answer does not meet",
    "says": "words that the verdict on a wrong answer must hold",
    "marks": "the points that a wrong answer must get; by default any but full ones",
    "fails": "tests that must take points off, with spaces between, where they are not the exercise's own test alone",
    "may_fail": "tests that may take points off or not, with spaces between; they are not run",
}
OF_WRONG_ONES = {"breaks", "says", "marks", "fails", "recognises"}
WORDS = {
    "slow": "the answer trains for longer than its lab's others",
    "recognises": "a wrong answer that keeps full marks in the notebook, whose inputs it knows, and not when it is graded",
}
"""Words without a value."""

HEADER = re.compile(r"# %%(?P<rest>.*)")
STRING = r'"(?:[^"\\]|\\.)*"'
OPENING = re.compile(rf"\s*(?P<kind>wrong|right)\s+(?P<sentence>{STRING})(?P<rest>.*)")
ENTRY = re.compile(rf"\s+(?P<key>\w+)(?:=(?P<value>{STRING}|[\d.]+))?")


class AnswerError(Exception):
    """A file of answers is not written as it must be; the message says where, what was expected, and what to do."""


@dataclass(frozen=True)
class Answer:
    """One answer to an exercise, and what it must come to.

    Attributes:
        lab: for example ``"lab2"``.
        exercise: the answer cell that it replaces.
        name: what results and tests call it; no other answer of the lab has it.
        right: whether it must keep full marks.
        sentence: what is wrong about it, or different.
        source: its code.
        breaks: the demand that it does not meet; empty where that is not said.
        must_fail: tests that must take points off.
        may_fail: tests that may or may not.
        says: words that a verdict must hold.
        marks: points that it must get in the tests that it must fail, or None.
        slow: whether it trains for longer than others.
        recognises: whether it knows the inputs of the check in the notebook, and so keeps full marks there and only there.
        file: where it stands, from the repository's root.
        line: where its header stands in the file.
    """

    lab: str
    exercise: str
    name: str
    right: bool
    sentence: str
    source: str
    breaks: str = ""
    must_fail: frozenset[str] = frozenset()
    may_fail: frozenset[str] = frozenset()
    says: str = ""
    marks: float | None = None
    slow: bool = False
    recognises: bool = False
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """File and line, from the repository's root."""
        return f"{self.file}:{self.line}"

    def differs(self, failed: set[str]) -> bool:
        """Whether it failed something other than it must and may."""
        return not self.must_fail <= failed <= self.must_fail | self.may_fail


def labs() -> list[str]:
    """Every lab that has a notebook, in order."""
    return sorted(path.parent.name for path in LABS_FOLDER.glob("lab*/notebook.py"))


def read_answers(lab: str) -> list[Answer]:
    """The answers to a lab's exercises, the wrong ones of each exercise first.

    Raises:
        AnswerError: a file is not written as it must be, or two answers have one name.
    """
    found = _named(_read("answers", lab))
    tried = sorted(path.parent.name for path in (LABS_FOLDER / lab / "blind").glob("*/judged.json"))
    blind = _named(answer for trial in tried for answer in read_trial(trial, lab))
    for name in left_out(lab):
        if name not in blind or name in found:
            file = f"authoring/labs/{lab}/blind/left_out.json"
            raise _error(file, f"names of answers of blind/ that answers/ lacks; received {name!r}")
        del blind[name]
    for answer in found.values():
        if not answer.source.strip():
            if answer.name not in blind:
                raise _error(
                    answer.place, "code below the header, or the name of an answer of blind/; received neither"
                )
            found[answer.name] = replace(answer, source=blind[answer.name].source)
    return sorted((blind | found).values(), key=lambda answer: (answer.exercise, answer.right))


def read_trial(trial: str, lab: str) -> list[Answer]:
    """The answers of one trial to one lab, as the readers wrote them."""
    return _read(f"blind/{trial}", lab)


def left_out(lab: str) -> dict[str, str]:
    """Readers' answers that are not tried again, and why."""
    path = LABS_FOLDER / lab / "blind" / "left_out.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def _read(folder: str, lab: str) -> list[Answer]:
    paths = sorted((LABS_FOLDER / lab / folder).glob("*.py"))
    return [answer for path in paths for answer in parse(path.read_text("utf-8"), lab, path.stem, folder)]


def _named(answers: Iterable[Answer]) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for answer in answers:
        other = found.setdefault(answer.name, answer)
        if other is not answer:
            raise _error(answer.place, f"a name of its own; {other.place} is called {answer.name!r} too", "change one")
    return found


def parse(text: str, lab: str, exercise: str, folder: str = "answers") -> list[Answer]:
    """Reads one file's text.

    Args:
        text: what stands in it.
        lab: its lab.
        exercise: its name without ``.py``, which is the name of the answer cell.
        folder: where it lies in the lab's folder.

    Raises:
        AnswerError: at the first thing that is not as it must be.
    """
    file = f"authoring/labs/{lab}/{folder}/{exercise}.py"
    cells: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.fullmatch(line):
            cells.append((number, header["rest"], []))
        elif cells:
            cells[-1][2].append(line)
        elif line.strip():
            raise _error(f"{file}:{number}", f'a header such as # %% wrong "…" before any code; received {line!r}')
    if not cells:
        raise _error(f"{file}:1", "at least one answer; received an empty file", 'write # %% right "…" and its code')
    answers = [_answer(lab, exercise, file, number, header, lines) for number, header, lines in cells]
    return sorted(answers, key=lambda answer: answer.right)


def _answer(lab: str, exercise: str, file: str, number: int, header: str, lines: list[str]) -> Answer:
    place = f"{file}:{number}"
    opening = OPENING.fullmatch(header)
    if not opening:
        raise _error(place, f'# %% wrong "sentence" or # %% right "sentence", then key="value"; received # %%{header}')
    right, sentence = opening["kind"] == "right", json.loads(opening["sentence"])
    given = _entries(place, opening["rest"], right=right)
    source = "\n".join(lines).strip("\n") + "\n"
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError as error:
        raise _error(f"{file}:{number + (error.lineno or 0)}", f"Python; received {error.msg}") from None
    if not sentence.strip() or not (tree.body or "name" in given):
        raise _error(place, "a sentence, and code below it; received none")
    own = set() if right else {f"test-{exercise}"}
    return Answer(
        lab=lab,
        exercise=exercise,
        name=given.get("name") or "_".join(re.findall(r"[a-z0-9]+", sentence.lower())),
        right=right,
        sentence=sentence,
        source=source,
        breaks=given.get("breaks", ""),
        must_fail=frozenset(given["fails"].split() if "fails" in given else own),
        may_fail=frozenset(given.get("may_fail", "").split()),
        says=given.get("says", ""),
        marks=given.get("marks"),
        **{word: word in given for word in WORDS},
        file=file,
        line=number,
    )


def _entries(place: str, text: str, *, right: bool) -> dict:
    """What a header says after its sentence."""
    found: dict = {}
    while text.strip():
        entry = ENTRY.match(text)
        key = entry["key"] if entry else ""
        if not entry or (key not in KEYS and key not in WORDS) or (entry["value"] is None) != (key in WORDS):
            known = ", ".join([*(f"{key}=…" for key in KEYS), *WORDS])
            raise _error(place, f'{known} with texts in "…"; received {text.strip()}')
        if key in found or (right and key in OF_WRONG_ONES):
            raise _error(place, f"{key} once, and only for a wrong answer where it is about mistakes; received it here")
        value = entry["value"]
        if key not in WORDS and (key == "marks") == value.startswith('"'):
            raise _error(place, f'marks=2.4 and texts in "…"; received {key}={value}')
        found[key] = True if key in WORDS else json.loads(value)
        text = text[entry.end() :]
    return found


def _error(place: str, expected: str, do: str = "correct the file") -> AnswerError:
    return AnswerError(f"{place}: expected {expected}. To go on, {do}.")
