"""Grades one notebook of one submission: student's cells in one process, the grader's cells in another."""

from __future__ import annotations

import contextlib
import hashlib
import time
from pathlib import Path

from nbgrader_isolated.examiner.parent import CheckStopped, Examiner, ExaminerError, Unreadable
from nbgrader_isolated.notebook import executed
from nbgrader_isolated.notebook.intake import NotANotebook, parse, repair
from nbgrader_isolated.notebook.plain_text import first_line
from nbgrader_isolated.notebook.roles import released, role
from nbgrader_isolated.outcomes import LIKE_ANOTHER, Fault, Mark, Outcome, Record, worst
from nbgrader_isolated.run import unmarked
from nbgrader_isolated.run.causes import Causes
from nbgrader_isolated.run.evidence import Earlier, Evidence
from nbgrader_isolated.run.question_router import NeedsStudent, QuestionRouter
from nbgrader_isolated.run.settings import Settings
from nbgrader_isolated.sandbox import bubblewrap
from nbgrader_isolated.student import endings, missing_modules
from nbgrader_isolated.student.kernel import Student
from nbgrader_isolated.student.template import Template

WILL_BE_REVIEWED = "It needs manual review."


def grade(
    raw: bytes | NotANotebook,
    pristine: list[dict],
    *,
    name: str,
    examiner: Examiner,
    settings: Settings | None = None,
    kernels: Template | None = None,
    files: Path | None = None,
    evidence: Path | None = None,
    again: bool = False,
    salt: str = "",
) -> Record:
    """Grades one notebook.

    Args:
        raw: the notebook's file as handed in, or why it cannot be read.
        pristine: the cells of the instructor's notebook, hidden tests included.
        name: the notebook's name, without the ending.
        examiner: runs the test cells.
        settings: limits and mounts.
        kernels: what the student's kernel is forked from.
        files: a folder with extra files, to be copied to where the notebook runs.
        evidence: a folder in which to keep what was received; it is made if need be.
        again: mark from what an earlier run kept in ``evidence``; the student's cells are run only for a test that needs
            more than that: one that calls a function, or asks for something new.
        salt: hexadecimal digits that stand for all that was handed in; by default the notebook's SHA-256.

    Returns:
        The record. Whatever the submission does, this ends, and in a named outcome. Where the grader failed at something,
        ``failed`` says at what.
    """
    settings = settings or Settings()
    begun = time.monotonic()
    record = Record(name, Outcome.GRADED, sandboxed=bubblewrap.require(settings.student).available)
    try:
        if isinstance(raw, NotANotebook):
            raise raw
        earlier = Earlier(evidence) if again and evidence is not None else None
        keep = Evidence(evidence, settings.evidence, keep=earlier is not None)
        keep.file("received.ipynb", raw)
        repaired = repair(parse(raw), pristine)
    except NotANotebook as error:
        record.outcome, record.notes = Outcome.NOT_A_NOTEBOOK, [str(error)]
        unmarked.fill(record, pristine, 0.0, str(error))
        record.seconds = time.monotonic() - begun
        return record
    # A test that was fixed since then differs from what the student had: nobody modified that.
    record.notes = [note for note in repaired.notes if not earlier or note in earlier.record.get("notes", [])]
    outcomes = [Outcome.REPAIRED] if record.notes else []
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
        template=kernels,
    )
    sitting = _Sitting(
        student,
        QuestionRouter(student, keep, lambda: _late(record, outcomes), earlier),
        examiner,
        flags,
        outcomes,
        settings.compare,
        salt or hashlib.sha256(raw).hexdigest(),
    )
    cells = sitting.run(repaired.cells, record)
    order = list(flags)
    record.marks.sort(key=lambda mark: order.index(mark.grade_id))
    record.outcome = worst(outcomes)
    record.cells = executed.notebook(cells)
    record.seconds = time.monotonic() - begun
    record.warnings = list(examiner.warnings)
    if student.started_new:
        record.warnings.append(
            f"Kernels could not be forked. They were started new, which takes longer: {student.started_new}"
        )
    if not (again and record.failed):  # what was not asked for before the grader failed is still evidence
        keep.close()
    return record


def _late(record: Record, outcomes: list[Outcome]) -> None:
    outcomes.append(Outcome.TIMED_OUT)
    record.notes.append("Something of the notebook's did not answer a check in the time allowed.")


class _Sitting:
    """One notebook, from its first cell to its last; after a fault the rest is written down as not checked.

    Marking from earlier evidence, ordinary cells wait until a test needs them to have run.
    """

    def __init__(self, student, router, examiner, flags, outcomes, compare, salt) -> None:
        self.student, self.router, self.examiner, self.flags, self.outcomes = student, router, examiner, flags, outcomes
        self.compare, self.salt = compare, salt
        self.fault: Fault | None = None
        self.started = False
        self.waiting: list[dict] = []
        self.outputs: dict[int, list[dict]] = {}
        self.locked: list[str] = []
        self.unreadable: dict[bytes, Unreadable] = {}
        self.received = b""

    def run(self, cells: list[dict], record: Record) -> list[dict]:
        self.record, earlier = record, self.router.earlier
        self.before = _outputs_by_source(earlier.record) if earlier else {}
        self.causes = Causes(cells, self.outputs, self.before)
        with contextlib.ExitStack() as self.stack:
            for index, cell in enumerate(cells):
                if cell["role"] == "test":
                    mark = self._mark(cell, index)
                    record.marks.append(mark)
                    self.outputs[index] = executed.outputs_of(mark)
                elif cell["cell_type"] == "code" and cell["source"].strip():
                    self.waiting.append({**cell, "index": index})
                    if earlier is None:
                        self._catch_up()
            record.peak_memory = self.student.peak_memory()
            if earlier is not None:
                self._take_over(earlier.record)
        return [
            executed.as_cell(cell, self.outputs.get(index, []), self.flags.get(cell["grade_id"]))
            for index, cell in enumerate(cells)
        ]

    def _catch_up(self) -> None:
        """Runs the ordinary cells up to here; a notebook of text alone never starts a kernel."""
        if not self.started:
            self.started = True
            with contextlib.suppress(ExaminerError):  # the first check tries again, and tells
                self.examiner.ensure()  # before the notebook's own time begins: what is prepared can take minutes
            try:
                self.stack.enter_context(self.student)
            except Fault as fault:
                self._stop(self._to_blame(fault))
        for cell in self.waiting:
            if self.fault is None:
                self.outputs[cell["index"]] = self._ordinary(cell)
        self.waiting = []

    def _to_blame(self, fault: Fault) -> Fault:
        """A kernel did not start: if one does without the files handed in, it is for these; else for the machine."""
        with contextlib.suppress(Fault):
            if self.student.files:
                with self.student.without_files():
                    said = "The notebook's kernel does not start with the files that were handed in with it."
                    return Fault(Outcome.KERNEL_DIED, said)
        self.record.failed = fault.message
        return fault

    def _take_over(self, before: dict) -> None:
        """What an earlier run had seen of cells that this one did not run."""
        for cell in self.waiting:
            self.outputs[cell["index"]] = self.before.get(cell["source"], [])
        if not self.started:
            self.record.peak_memory = before.get("peak_memory", 0)
            # Likeness to another submission is looked for again afterwards.
            outcome = before.get("alone") or before.get("outcome")
            with contextlib.suppress(ValueError):
                if Outcome(outcome) is not Outcome.NEEDS_MANUAL_REVIEW:
                    self.outcomes.append(Outcome(outcome))
            known = {*self.record.notes, LIKE_ANOTHER}
            self.record.notes += [note for note in before.get("notes", []) if note not in known]

    def _stop(self, fault: Fault, where: str = "") -> None:
        self.fault = Fault(fault.outcome, f"{fault.message} This happened {where}.") if where else fault
        self.outcomes.append(fault.outcome)
        self.record.notes.append(self.fault.message)

    def _ordinary(self, cell: dict) -> list[dict]:
        # A locked cell comes from the instructor's notebook, and might hold what students are not to see.
        source = released(cell["source"]) if cell["role"] == "locked" else cell["source"]
        try:
            run = self.router.run(source)
        except Fault as fault:
            self._stop(fault, f"in the cell that begins with '{first_line(source)}'")
            return [executed.error("Stopped", self.fault.message)]
        if cell["role"] == "locked":
            self.locked.append(source)
            self._require_modules(run.outputs)
        if endings.stopped(run.outputs) and endings.STOPPED_HERE not in self.record.notes:
            self.record.notes.append(endings.STOPPED_HERE)
        if run.status == "interrupted":
            self.outcomes.append(Outcome.TIMED_OUT)
            said = f"A cell was stopped after {run.seconds:.0f} seconds; the cells after it were run."
            self.record.notes.append(said)
            return [*run.outputs, executed.error("Stopped", f"The cell was stopped after {run.seconds:.0f} seconds.")]
        return run.outputs

    def _require_modules(self, outputs: list[dict]) -> None:
        """A cell of the instructor's lacks a module that the machine should have: then nobody is marked."""
        if missing := missing_modules.of_the_machine(outputs, self.locked, self.student):
            self.record.failed = missing_modules.FOR_KERNELS.format(module=missing)
            self._stop(Fault(Outcome.NEEDS_MANUAL_REVIEW, missing_modules.SAID))

    def _mark(self, cell: dict, index: int) -> Mark:
        maximum = float(self.flags[cell["grade_id"]]["points"])
        begun = time.monotonic()
        self.router.test = cell["grade_id"]
        earlier, done = self.router.earlier, None
        if earlier is not None:
            with contextlib.suppress(NeedsStudent):
                done = self._examined(cell["source"], maximum)
        if done is None:
            self._catch_up()
        if done is None and self.fault is None:
            self.router.earlier = None
            try:
                done = self._examined(cell["source"], maximum)
            except Fault as fault:
                self._stop(fault, f"while the test cell '{self.router.test}' used what the notebook made")
            self.router.earlier = earlier
        if done is None:
            points = None if self.fault.outcome is Outcome.NEEDS_MANUAL_REVIEW else 0.0
            return Mark(cell["grade_id"], points, maximum, f"Not checked: {self.fault.message}")
        if done["points"] is None:
            self.outcomes.append(Outcome.NEEDS_MANUAL_REVIEW)
        elif done["points"] < maximum and done["lacks"]:
            why = self.causes.of(done["lacks"], index)
            done["message"] = " ".join(filter(None, (_sentence(done["message"]), why)))
        seconds = round(time.monotonic() - begun, 3)
        return Mark(
            cell["grade_id"],
            done["points"],
            maximum,
            done["message"],
            done["printed"],
            seconds,
            done["changed"],
            done["criteria"],
        )

    def _examined(self, source: str, maximum: float) -> dict:
        """A check's result. What the submission may have caused is its own, once; the rest is in ``record.failed``."""
        for last in (False, True):
            try:
                done = self.examiner.check(source, maximum, self._answer, compare=self.compare, salt=self.salt)
                self.record.sketches += done["sketches"]
                if done["module"]:
                    self.record.failed = missing_modules.FOR_TESTS.format(module=done["module"], test=self.router.test)
                elif done["unavailable"]:
                    self.record.failed = (
                        f"The test cell {self.router.test!r} lacks something here: {done['unavailable']}."
                    )
                return done
            except Unreadable as fault:
                self.unreadable[self.received] = fault
                self.outcomes.append(fault.outcome)
                if fault.message not in self.record.notes:
                    self.record.notes.append(fault.message)
                return _unmade(0.0, fault.message)
            except CheckStopped as error:
                # Once more in a new examiner, in case that something else had ended this one; not after a long wait.
                if last or error.late:
                    return _unmade(None, f"{error} {WILL_BE_REVIEWED}")
            except ExaminerError as error:
                self.record.failed = unmarked.explained(error)
                return _unmade(None, f"{error} {WILL_BE_REVIEWED}")

    def _answer(self, question: object, arguments: bytes) -> bytes:
        reply = self.router.answer(question, arguments)
        self.received = hashlib.sha256(reply).digest()
        if self.received in self.unreadable:  # the next check would wait as long for it
            raise self.unreadable[self.received]
        return reply


def _unmade(points: float | None, message: str) -> dict:
    return {
        "points": points,
        "message": message,
        "printed": "",
        "changed": [],
        "sketches": [],
        "lacks": [],
        "module": "",
        "unavailable": "",
        "criteria": [],
    }


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."


def _outputs_by_source(record: dict) -> dict[str, list[dict]]:
    """What an earlier run's cells put out, by their source."""
    return {cell["source"]: cell.get("outputs", []) for cell in (record.get("cells") or {}).get("cells", [])}
