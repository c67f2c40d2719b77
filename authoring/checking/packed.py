"""Wrong and right answers through the split-kernel engine, several in one notebook where no test can see more than one."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import tempfile
from pathlib import Path

import nbformat

from authoring.checking.answers import LABS_FOLDER, ROOT, Answer
from authoring.checking.grade_once import answered
from authoring.checking.lab import as_student_gets_it, cells, solution, tests_that_see
from nbgrader_isolated.examiner.parent import Examiner
from nbgrader_isolated.notebook.roles import grade_id, role
from nbgrader_isolated.outcomes import Outcome, Record
from nbgrader_isolated.plugin import configuration
from nbgrader_isolated.run import engine
from nbgrader_isolated.run.engine import Settings
from nbgrader_isolated.student.template import Template


@dataclasses.dataclass(frozen=True)
class Packed:
    """Answers that share one notebook, since no test of one of them can see another."""

    lab: str
    answers: tuple[Answer, ...]

    @property
    def name(self) -> str:
        return f"{self.lab}: {', '.join(answer.name for answer in self.answers)}"

    @property
    def must_fail(self) -> set[str]:
        return set().union(*(answer.must_fail for answer in self.answers))

    @property
    def may_fail(self) -> set[str]:
        return set().union(*(answer.may_fail for answer in self.answers))


def packs(lab: str, answers: list[Answer]) -> list[Packed]:
    """Shares answers to a lab out to as few notebooks as is easily had; each replaces another answer cell."""
    notebook = cells(solution(lab))
    sees = {answer.name: tests_that_see(notebook, answer.exercise, answer.source) for answer in answers}

    def meet(one: Answer, other: Answer) -> bool:
        tested = (sees[one.name] - one.may_fail) & sees[other.name]
        tested |= (sees[other.name] - other.may_fail) & sees[one.name]
        return one.exercise == other.exercise or bool(tested)

    shared: list[list[Answer]] = []
    for answer in answers:
        home = next((some for some in shared if not any(meet(answer, one) for one in some)), None)
        if home is None:
            shared.append([answer])
        else:
            home.append(answer)
    return [Packed(lab, tuple(some)) for some in shared]


def grade_packed(
    packed: Packed,
    examiner: Examiner,
    settings: Settings,
    *,
    tests: set[str] | None = None,
    kernels: Template | None = None,
) -> Record:
    """Grades the worked solution with some answers replaced, in split kernels.

    Cells that only look at results are left out: no test can see them. What lab 4's training cells would have
    written is handed in with the notebook.

    Args:
        packed: the answers.
        examiner: runs the test cells.
        settings: the course's own, see ``course_settings``.
        tests: the lab is taken to have these tests only; by default all.
        kernels: what the student's kernel is forked from; by default it starts from nothing.
    """
    worked = solution(packed.lab)
    worked.cells = [
        cell
        for cell in worked.cells
        if role(cell) != "plain" and (tests is None or role(cell) not in ("test", "manual") or grade_id(cell) in tests)
    ]
    replace = {answer.exercise: answer.source for answer in packed.answers}
    handed_in = answered(as_student_gets_it(worked), worked, replace)
    pristine = json.loads(nbformat.writes(worked))["cells"]
    for cell in pristine:
        cell["source"] = "".join(cell["source"])
    with tempfile.TemporaryDirectory(prefix="grade-packed-") as folder:
        os.chmod(folder, 0o755)  # the student's process is another user's
        attached = [*(LABS_FOLDER / packed.lab).glob("*.safetensors")]
        for file in attached:
            shutil.copy(file, folder)
        return engine.grade(
            nbformat.writes(handed_in).encode(),
            pristine,
            name=packed.lab,
            examiner=examiner,
            settings=settings,
            kernels=kernels,
            files=Path(folder) if attached else None,
        )


def course_settings(lab: str) -> Settings:
    """What ``nbgrader_config.py`` says about grading a lab."""
    return configuration.load(ROOT)[2].settings(lab)


def not_as_expected(packed: Packed, record: Record) -> list[str]:
    """What is wrong with a record: a sentence for each test that should have failed or passed and did not."""
    said = [] if record.outcome is Outcome.GRADED else [f"The outcome is {record.outcome!s}: {record.notes}."]
    for mark in record.marks:
        full = mark.points == mark.maximum
        if mark.grade_id in packed.must_fail and full:
            said.append(f"{mark.grade_id} should have failed and gave full marks.")
        elif mark.grade_id not in packed.must_fail | packed.may_fail and not full:
            said.append(
                f"{mark.grade_id} gave {mark.points} of {mark.maximum:g}: {(mark.printed + mark.message)[:600]}"
            )
    return said
