"""Grades one notebook of one submission: student's cells in one process, the grader's cells in another."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.errors import BadArgumentError
from course_utils.grading import sandbox
from course_utils.grading.evidence import Evidence
from course_utils.grading.examination import Examiner, ExaminerError
from course_utils.grading.intake import NotANotebook, parse, released, repair, role
from course_utils.grading.messages import CellRun
from course_utils.grading.names import wanted
from course_utils.grading.outcomes import Fault, Mark, Outcome, Record, worst
from course_utils.grading.sandbox import Policy
from course_utils.grading.student import Caps, Student, Times


@dataclass(frozen=True)
class Settings:
    """How to grade; see ``docs/grading.md``.

    Attributes:
        student: limits of a student's sandbox.
        examiner: limits of the examiner's.
        times: limits in seconds for a student's process.
        caps: limits in bytes.
        check_seconds: for one check, without the time the student's process takes to answer.
        modules: imported once per examiner, before the first check.
        student_sees: files and folders mounted read-only for students' code: weights, public data.
        examiner_sees: the same for the examiner: hidden data.
        student_environment: environment variables for students' code.
        examiner_environment: environment variables for the examiner: secrets.
        evidence: bytes of received replies to keep per notebook.
    """

    student: Policy = field(default_factory=Policy)
    examiner: Policy = field(default_factory=Policy)
    times: Times = field(default_factory=Times)
    caps: Caps = field(default_factory=Caps)
    check_seconds: float = 300
    modules: tuple[str, ...] = ()
    student_sees: tuple[str, ...] = ()
    examiner_sees: tuple[str, ...] = ()
    student_environment: dict[str, str] = field(default_factory=dict)
    examiner_environment: dict[str, str] = field(default_factory=dict)
    evidence: int = 64_000_000

    def make_examiner(self) -> Examiner:
        """An examiner for these settings; one serves many submissions."""
        return Examiner(
            policy=self.examiner,
            modules=self.modules,
            read_only=tuple(map(Path, self.examiner_sees)),
            environment=self.examiner_environment,
            seconds=self.check_seconds,
        )


def require_gradable(pristine: list[dict]) -> None:
    """Complains about test cells that could not be run by the examiner: that is for the instructor to mend.

    Raises:
        BadArgumentError: a test cell is not plain Python.
    """
    for cell in pristine:
        if role(cell) == "test":
            try:
                wanted(cell["source"])
            except SyntaxError as error:
                name = cell["metadata"]["nbgrader"]["grade_id"]
                raise BadArgumentError(
                    f"The test cell {name!r} is not plain Python (line {error.lineno}): the examiner runs test cells "
                    "without IPython. Mend it in the source notebook."
                ) from None


def grade(
    raw: bytes | NotANotebook,
    pristine: list[dict],
    *,
    name: str,
    examiner: Examiner,
    settings: Settings | None = None,
    files: Path | None = None,
    evidence: Path | None = None,
) -> Record:
    """Grades one notebook.

    Args:
        raw: the notebook's file as handed in, or why it cannot be read.
        pristine: the cells of the instructor's notebook, hidden tests included.
        name: the notebook's name, without the ending.
        examiner: runs the test cells.
        settings: limits and mounts.
        files: a folder with extra files, to be copied to where the notebook runs.
        evidence: a folder in which to keep what was received; it is made if need be.

    Returns:
        The record. Whatever the submission does, this ends, and in a named outcome.
    """
    settings = settings or Settings()
    begun = time.monotonic()
    record = Record(name, Outcome.GRADED, sandboxed=sandbox.require(settings.student).available)
    try:
        if isinstance(raw, NotANotebook):
            raise raw
        keep = Evidence(evidence, settings.evidence)
        keep.file("received.ipynb", raw)
        repaired = repair(parse(raw), pristine)
    except NotANotebook as error:
        record.outcome, record.notes = Outcome.NOT_A_NOTEBOOK, [str(error)]
        _unchecked(record, pristine, 0.0, str(error))
        record.seconds = time.monotonic() - begun
        return record
    outcomes = [Outcome.TAMPERED] if repaired.notes else []
    record.notes = list(repaired.notes)
    flags = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["metadata"]["nbgrader"]
        for cell in pristine
        if role(cell) != "plain"
    }
    student = Student(
        files=files,
        policy=settings.student,
        times=settings.times,
        caps=settings.caps,
        read_only=tuple(map(Path, settings.student_sees)),
        environment=settings.student_environment,
    )
    sitting = _Sitting(student, examiner, keep, flags, outcomes, record)
    executed = sitting.run(repaired.cells)
    order = list(flags)
    record.marks.sort(key=lambda mark: order.index(mark.grade_id))
    record.outcome = worst(outcomes)
    record.cells = _notebook(executed)
    record.seconds = time.monotonic() - begun
    keep.file("record.json", json.dumps(record.plain()).encode())
    return record


def give_up(name: str, pristine: list[dict], reason: str, *, sandboxed: bool = True) -> Record:
    """The record of a notebook that the grader itself failed on: everything is left to a person."""
    record = Record(name, Outcome.NEEDS_A_PERSON, [reason], sandboxed=sandboxed)
    _unchecked(record, pristine, None, reason)
    return record


def blank(pristine: list[dict], outputs: dict[str, list[dict]] | None = None) -> dict:
    """A notebook of the release's marked cells with empty answers; the instructor's own answers are not in it."""
    executed = []
    for cell in pristine:
        kind, flags = role(cell), cell["metadata"].get("nbgrader")
        if kind != "plain":
            source = "" if kind in ("answer", "manual") else cell["source"]
            shown = (outputs or {}).get(flags["grade_id"], [])
            executed.append(_as_cell({"cell_type": cell["cell_type"], "source": source, "role": kind}, shown, flags))
    return _notebook(executed)


def _unchecked(record: Record, pristine: list[dict], points: float | None, reason: str) -> None:
    """Fills a record for a notebook of which no cell could be run."""
    for cell in pristine:
        if role(cell) == "test":
            flags = cell["metadata"]["nbgrader"]
            record.marks.append(Mark(flags["grade_id"], points, float(flags["points"]), f"Not checked: {reason}"))
    record.cells = blank(pristine, {mark.grade_id: _shown(mark) for mark in record.marks})


class _Sitting:
    """One notebook, from its first cell to its last; after a fault the rest is written down as not checked."""

    def __init__(self, student, examiner, keep, flags, outcomes, record) -> None:
        self.student, self.examiner, self.flags = student, examiner, flags
        self.outcomes, self.record = outcomes, record
        self.desk = _Desk(student, keep, self._late)
        self.fault: Fault | None = None

    def run(self, cells: list[dict]) -> list[dict]:
        executed = []
        with contextlib.ExitStack() as stack:
            # A notebook of text alone needs no kernel.
            if any(cell["role"] == "test" or _to_run(cell) for cell in cells):
                try:
                    stack.enter_context(self.student)
                except Fault as fault:
                    self._stop(fault)
            for cell in cells:
                outputs: list[dict] = []
                if cell["role"] == "test":
                    mark = self._mark(cell)
                    self.record.marks.append(mark)
                    outputs = _shown(mark)
                elif _to_run(cell) and self.fault is None:
                    outputs = self._ordinary(cell)
                executed.append(_as_cell(cell, outputs, self.flags.get(cell["grade_id"])))
            self.record.peak_memory = self.student.peak_memory()
        return executed

    def _stop(self, fault: Fault) -> None:
        self.fault = fault
        self.outcomes.append(fault.outcome)
        self.record.notes.append(fault.message)

    def _late(self) -> None:
        self.outcomes.append(Outcome.TIMED_OUT)
        self.record.notes.append("Something of the notebook's did not answer a check in the time allowed.")

    def _ordinary(self, cell: dict) -> list[dict]:
        try:
            # A locked cell comes from the instructor's notebook, and might hold what students are not to see.
            run = self.desk.run(released(cell["source"]) if cell["role"] == "locked" else cell["source"])
        except Fault as fault:
            self._stop(fault)
            return [_error("Stopped", fault.message)]
        if run.status == "interrupted":
            self.outcomes.append(Outcome.TIMED_OUT)
            said = f"A cell was stopped after {run.seconds:.0f} seconds; the cells after it were run."
            self.record.notes.append(said)
        return run.outputs

    def _mark(self, cell: dict) -> Mark:
        maximum = float(self.flags[cell["grade_id"]]["points"])
        begun = time.monotonic()
        if self.fault is None:
            try:
                done = self.examiner.check(cell["source"], maximum, self.desk.answer)
            except ExaminerError as error:
                done = {"points": None, "message": f"{error} A person will look at it.", "printed": "", "changed": []}
            except Fault as fault:
                self._stop(fault)
        if self.fault is not None:
            points = None if self.fault.outcome is Outcome.NEEDS_A_PERSON else 0.0
            return Mark(cell["grade_id"], points, maximum, f"Not checked: {self.fault.message}")
        if done["points"] is None:
            self.outcomes.append(Outcome.NEEDS_A_PERSON)
        seconds = round(time.monotonic() - begun, 3)
        return Mark(
            cell["grade_id"], done["points"], maximum, done["message"], done["printed"], seconds, done["changed"]
        )


def _to_run(cell: dict) -> bool:
    return cell["cell_type"] == "code" and bool(cell["source"].strip())


class _Desk:
    """Carries questions to the student; keeps what came back, and remembers values until code has run again."""

    def __init__(self, student: Student, keep: Evidence, late: Callable[[], None]) -> None:
        self._student, self._keep, self._late = student, keep, late
        self._known: dict[str, bytes] = {}

    def run(self, source: str) -> CellRun:
        self._known.clear()
        return self._student.run(source)

    def answer(self, question: object, arguments: bytes) -> bytes:
        question = _checked(question)
        name = question.get("name", "") if question["op"] == "get" else None
        if name is not None and name in self._known:
            return self._known[name]
        if question["op"] == "call":
            self._known.clear()
        try:
            reply = self._student.ask(question, arguments if question["op"] == "call" else None)
        except TimeoutError:
            self._late()
            raise
        self._keep.reply(question, reply)
        if name is not None:
            self._known[name] = reply
        return reply


def _checked(question: object) -> dict:
    """The examiner's question, taken apart and put together again: it ends up in front of the student's process."""
    if not isinstance(question, dict):
        raise ValueError("not a question")
    op = question.get("op")
    if op == "get" and isinstance(question["name"], str):
        return {"op": op, "name": question["name"][:200]}
    if op in ("attribute", "call") and type(question["of"]) is int:
        if op == "attribute":
            return {"op": op, "of": question["of"], "name": str(question["name"])[:200]}
        return {"op": op, "of": question["of"], "without": [str(name)[:200] for name in question["without"]][:100]}
    raise ValueError("not a question")


def _shown(mark: Mark) -> list[dict]:
    """A mark as a cell's outputs, such that nbgrader reads the same points from them."""
    outputs: list[dict] = []
    if mark.printed:
        outputs.append({"output_type": "stream", "name": "stdout", "text": mark.printed})
    if mark.message:
        outputs.append(_error("Check", mark.message))
    elif mark.points is not None and mark.points != mark.maximum:
        data = {"text/plain": repr(float(mark.points))}
        outputs.append({"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None})
    return outputs


def _error(name: str, message: str) -> dict:
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}


def _as_cell(cell: dict, outputs: list[dict], flags: dict | None) -> dict:
    # A locked cell keeps its mark scheme, for whoever marks; a test cell shows what students were given.
    source = released(cell["source"]) if cell["role"] == "test" else cell["source"]
    made = {"cell_type": cell["cell_type"], "metadata": {}, "source": source}
    if flags is not None:
        made["metadata"] = {
            "nbgrader": dict(flags),
            "editable": cell["role"] not in ("test", "locked"),
            "deletable": False,
        }
    if cell["cell_type"] == "code":
        made |= {"outputs": outputs, "execution_count": None}
    return made


def _notebook(cells: list[dict]) -> dict:
    for index, cell in enumerate(cells):
        cell["id"] = f"cell-{index}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
