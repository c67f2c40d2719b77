"""What each answer came to, on file in its lab's ``expected/results.json``; the same as a page, ``expected/answers.md``; and
the wrong answers as the grader reads them, ``expected/mistakes.json``.

A result goes on file only when it is what the answer's own file says, so that the files together say that every wrong answer
was caught and every right one kept its points. `check.py` writes them; a test reads them.
"""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

from authoring.checking import decides
from authoring.checking.answers import LABS_FOLDER, Answer, labs, read_answers
from authoring.checking.lab import Cell, Result, cells, solution
from course_utils.checks.core.messages import UNEXPLAINED

SIDES = ("hidden", "visible")
DECIDE = (
    "course_utils/*",
    "!course_utils/*.py",
    "authoring/labs/{lab}/prepared.py",
    "@authoring/labs/{lab}/prepared.py",
)
DECIDE += (
    "authoring/labs/{lab}/*.safetensors",
    "authoring/checking/lab.py",
    "grader/src/nbgrader_isolated/notebook/roles.py",
)
"""Of what decides a lab's results, what is not said by the code of its cells and answers: data, and how they are run."""
FINDING = re.compile(r"^  · ([^:\n]+):", re.M)
"""Where a verdict as text names the criteria that a finding is about."""
HAND_WRITTEN = ("right", "must_fail", "may_fail", "says", "marks")
"""What an answer's header says of its result."""


def file_of(lab: str) -> Path:
    """Where a lab's results are."""
    return LABS_FOLDER / lab / "expected" / "results.json"


def page_of(lab: str) -> Path:
    """Where they are as a page."""
    return LABS_FOLDER / lab / "expected" / "answers.md"


def mistakes_of(lab: str) -> Path:
    """Where the grader reads what wrong answers get, to say which of them a student's is like."""
    return LABS_FOLDER / lab / "expected" / "mistakes.json"


def on_file(lab: str) -> dict[str, dict[str, dict]]:
    """Exercise → answer → what it came to; empty where nothing has been tried."""
    path = file_of(lab)
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def result_of(answer: Answer, found: dict[str, dict[str, dict]]) -> dict:
    """What is on file of an answer, or nothing."""
    return found.get(answer.exercise, {}).get(answer.name, {})


class Decided:
    """Hashes of what decides the results of one lab's answers."""

    def __init__(self, lab: str) -> None:
        """Reads the cells that run when an answer is tried: those that only look at results do not."""
        run = [cell for cell in cells(solution(lab)) if cell.role != "plain"]
        self._cells = json.dumps([dataclasses.astuple(cell) for cell in run])
        imported = frozenset().union(*(decides.imported_in(cell.source, cell.name) for cell in run))
        self._files = {*decides.chosen(tuple(glob.format(lab=lab) for glob in DECIDE)), *decides.closure(imported)}

    def files(self, answer: Answer) -> set[str]:
        """The files of the repository that decide an answer's result."""
        return self._files | decides.closure(decides.imported_in(answer.source, answer.place))

    def covers(self, answer: Answer) -> str:
        """A hash of them, of the cells, and of the answer with what its header says."""
        said = [
            sorted(value) if isinstance(value, frozenset) else value
            for value in map(answer.__getattribute__, HAND_WRITTEN)
        ]
        return decides.digest(self.files(answer), self._cells, answer.source, json.dumps(said))


def plain(results: dict[str, Result]) -> dict[str, dict]:
    """Results of test cells as they go on file: marks, what the verdict begins with, and criteria that were lost."""
    found = {}
    for test, result in results.items():
        verdict = result.printed.strip().partition("\n")[0].partition(":")[0][:40]
        lost = [title for titles in FINDING.findall(result.printed) for title in titles.split("; ")]
        found[test] = {"marks": result.marks, "verdict": verdict} | ({"lost": lost} if lost else {})
    return found


def entry(results: dict[str, dict[str, Result]], answer: Answer, covers: str) -> dict:
    """What goes on file of an answer."""
    said = {"says": answer.says} if answer.says else {}
    return {"covers": covers} | said | {side: plain(results[side]) for side in SIDES}


def faults_of_marks(answer: Answer, kept: dict, points: dict[str, float]) -> list[str]:
    """What differs between an answer's header and its marks; a sentence each: expected, received.

    Args:
        answer: the answer.
        kept: ``entry`` of it.
        points: test → full marks.
    """
    said = (
        []
        if kept.get("says", "") == answer.says
        else [f"expected a verdict that says {answer.says!r}; received another"]
    )
    for side in SIDES:
        marks = {test: found["marks"] for test, found in kept[side].items()}
        for test in sorted({*marks, *answer.must_fail} - answer.may_fail):
            worth, got = points.get(test, 0.0), marks.get(test)
            lost = test in answer.must_fail and not (answer.recognises and side == "visible")
            if got is None or (got != worth) != lost:
                expected = f"less than {worth:g}" if lost else f"{worth:g}"
                said.append(f"expected {expected} points from the {side} half of {test}; received {_number(got)}")
            elif lost and side == "hidden" and answer.marks not in (None, got):
                said.append(f"expected {answer.marks:g} points from the hidden half of {test}; received {got:g}")
    return said


def faults(answer: Answer, results: dict[str, dict[str, Result]], points: dict[str, float]) -> list[str]:
    """What differs between an answer's header and what it came to when it was tried."""
    said = faults_of_marks(answer, entry(results, answer, ""), points)
    told = "".join(result.printed for result in results["hidden"].values())
    if answer.says not in told:
        said.append(f"expected a hidden verdict that says {answer.says!r}; received {told.strip()[:600]!r}")
    if UNEXPLAINED in told:
        said.append(f"expected a sentence for a plausible mistake; received {told.strip()[:600]!r}")
    if errors := [result.errors for side in SIDES for result in results[side].values() if result.errors]:
        said.append(f"expected nothing on stderr, for which nbgrader takes all points; received {errors[0][:300]!r}")
    return said


def _number(marks: object) -> str:
    return "none: no test sees the answer" if marks is None else f"{marks!r}"


def differences(before: dict, now: dict) -> list[str]:
    """A line for each side and test whose marks or verdict are not those on file; none where nothing is on file."""
    lines = []
    for side in SIDES if before else ():
        for test in sorted({*before[side], *now[side]}):
            was, found = before[side].get(test), now[side].get(test)
            if was is None or found is None or was != {key: found.get(key) for key in was}:
                lines.append(
                    f"expected, as on file, {_said(was)} from the {side} half of {test}; received {_said(found)}"
                )
    return lines


def _said(found: dict | None) -> str:
    return f"{found['marks']:g} points and “{found['verdict']}”" if found else "nothing"


def write(lab: str, found: dict[str, dict[str, dict]], answers: list[Answer]) -> None:
    """Writes a lab's results, without those of answers that there are no more.

    Args:
        lab: the lab.
        found: exercise → answer → ``entry``.
        answers: all that there are.
    """
    there = {
        exercise: {a.name for a in answers if a.exercise == exercise} for exercise in {a.exercise for a in answers}
    }
    kept = {
        exercise: {name: one for name, one in some.items() if name in there[exercise]}
        for exercise, some in found.items()
        if exercise in there
    }
    path = file_of(lab)
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    part.replace(path)


def mistakes(answers: list[Answer], found: dict[str, dict[str, dict]]) -> str:
    """The wrong answers that the hidden checks can be recognised by, as the grader's ``known_mistakes.py`` describes the file."""
    listed: dict[str, list[dict]] = {}
    for answer in answers:
        if answer.right or not answer.says:
            continue  # points alone would fit too many
        for test, got in result_of(answer, found).get("hidden", {}).items():
            if test in answer.must_fail:
                one = {"name": answer.name, "mistake": answer.sentence, "points": got["marks"], "says": answer.says}
                listed.setdefault(test, []).append(one)
    return json.dumps(listed, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def page(lab: str, answers: list[Answer], found: dict[str, dict[str, dict]], notebook: list[Cell]) -> str:
    """The results of a lab as tables, one for each exercise in the order of the notebook."""
    points = {cell.name: cell.points for cell in notebook if cell.role == "test"}
    order = [cell.name for cell in notebook if cell.role == "answer"]
    wrong = sum(not answer.right for answer in answers)
    lines = [
        f"# {lab.capitalize().replace('b', 'b ')}: what its checks say of wrong and right answers",
        "",
        f"Written by `make lab-check LAB={lab}`. {wrong} wrong answers are caught, {len(answers) - wrong} right ones keep full points.",
        "The points are those of the hidden check, and behind a slash those of the check in the notebook where they differ.",
    ]
    for exercise in order:
        some = [answer for answer in answers if answer.exercise == exercise]
        if some:
            lines += [
                "",
                f"## {exercise}",
                "",
                "| answer | points | what is wrong or different | breaks |",
                "|---|---|---|---|",
            ]
        for answer in some:
            kept = result_of(answer, found)
            got = (
                "; ".join(_points(test, kept, points, f"test-{exercise}") for test in kept.get("hidden", {}))
                or "not tried"
            )
            sentence = answer.sentence.replace("|", "\\|")
            lines.append(
                f"| {'right' if answer.right else 'wrong'}: `{answer.name}` | {got} | {sentence} | {answer.breaks} |"
            )
    return "\n".join(lines) + "\n"


def _points(test: str, kept: dict, points: dict[str, float], own: str) -> str:
    hidden, visible = (kept[side].get(test, {}).get("marks") for side in SIDES)
    got = f"{hidden:g}" + (f" / {visible:g}" if hidden != visible else "")
    return f"{got} of {points.get(test, 0):g}" + ("" if test == own else f" (`{test}`)")


def stale() -> list[str]:
    """A line for each exercise with answers whose result is missing or older than what decides it."""
    lines = []
    for lab in labs():
        decided, found = Decided(lab), on_file(lab)
        old: dict[str, list[str]] = {}
        for answer in read_answers(lab):
            if result_of(answer, found).get("covers") != decided.covers(answer):
                old.setdefault(answer.exercise, []).append(answer.name)
        for exercise, names in old.items():
            which = "" if len(names) > 9 else f": {', '.join(names)}"
            lines.append(f"{lab} {exercise}, {len(names)} answers{which}")
    return lines
