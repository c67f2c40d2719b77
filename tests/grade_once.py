"""Grades one lab through the split-kernel engine, as a class of one or a few: ``python -m tests.grade_once lab2``.

Builds a scratch course from ``authoring/labs``, releases the lab with nbgrader, hands in the worked solution (or what is
named), grades it in the sandbox and prints every mark with what the check said. What is named may be notebooks, or files
of ``tests/mutants`` and ``tests/variants``, each of which replaces one answer of the worked solution. The exit status is
0 only when everything handed in earned full automatic marks.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from nbgrader_isolated import grade as command
from nbgrader_isolated.examiner.parent import Examiner
from nbgrader_isolated.outcomes import Outcome, Record
from nbgrader_isolated.plugin import configuration
from nbgrader_isolated.run import engine
from nbgrader_isolated.run.engine import Settings
from nbgrader_isolated.run.records import read_records
from nbgrader_isolated.student.template import Template
from tests import lab_harness

ROOT = Path(__file__).resolve().parent.parent


def scratch_course(folder: Path, lab: str, *, settings: str = "") -> Path:
    """Makes a course of one lab, released and known to its gradebook.

    Args:
        folder: where; it is made.
        lab: for example ``"lab1"``.
        settings: further lines for its ``nbgrader_config.py``.

    Returns:
        The course's folder.
    """
    source = folder / "solutions" / lab
    source.mkdir(parents=True)
    configuration = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(f"{configuration}\n{settings}", encoding="utf-8")
    nbformat.write(lab_harness.solution(lab), source / f"{lab}.ipynb")
    sources = ROOT / "authoring" / "labs" / lab
    for name in sys.modules["build"].STUDENT_FILES.get(lab, []):
        shutil.copy(sources / name, source)
    nbgrader(folder, "generate_assignment", lab)
    return folder


def nbgrader(course: Path, *arguments: str) -> str:
    """Runs one of nbgrader's commands in a course; returns what it said."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "nbgrader", *arguments],
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"nbgrader {' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
    return done.stdout + done.stderr


def filled_in(course: Path, lab: str, *, replace: dict[str, str] | None = None) -> bytes:
    """The students' notebook with the worked answers in it, some of them replaced (grade id → source)."""
    worked = nbformat.read(course / "solutions" / lab / f"{lab}.ipynb", as_version=4)
    notebook = nbformat.read(course / "labs" / lab / f"{lab}.ipynb", as_version=4)
    return nbformat.writes(_answered(notebook, worked, replace or {})).encode()


def _answered(
    notebook: nbformat.NotebookNode, worked: nbformat.NotebookNode, replace: dict[str, str]
) -> nbformat.NotebookNode:
    """Writes the worked answers into a students' notebook, and the replacements over them."""
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in worked.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    } | replace
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
    return notebook


@dataclasses.dataclass(frozen=True)
class Packed:
    """Answers that share one notebook, since no test that judges one of them can see another."""

    lab: str
    answers: tuple[lab_harness.Answer, ...]

    @property
    def name(self) -> str:
        return f"{self.lab}: {', '.join(answer.name for answer in self.answers)}"

    @property
    def must_fail(self) -> set[str]:
        return set().union(*(answer.must_fail for answer in self.answers))

    @property
    def may_fail(self) -> set[str]:
        return set().union(*(answer.may_fail for answer in self.answers))


def packs(lab: str, answers: list[lab_harness.Answer]) -> list[Packed]:
    """Shares mutants and variants of a lab out to as few notebooks as is easily had; each replaces another answer."""
    notebook = lab_harness.cells(lab_harness.solution(lab))
    sees = {
        answer.path: lab_harness.tests_that_see(notebook, answer.replaces, answer.path.read_text(encoding="utf-8"))
        for answer in answers
    }

    def meet(one: lab_harness.Answer, other: lab_harness.Answer) -> bool:
        judged = (sees[one.path] - one.may_fail) & sees[other.path] | (sees[other.path] - other.may_fail) & sees[
            one.path
        ]
        return one.replaces == other.replaces or bool(judged)

    shared: list[list[lab_harness.Answer]] = []
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
    written is handed in beside the notebook.

    Args:
        packed: the answers.
        examiner: runs the test cells.
        settings: the course's own, see ``course_settings``.
        tests: the lab is taken to have these tests only; by default all.
        kernels: what the student's kernel is forked from; by default it starts anew.
    """
    worked = lab_harness.solution(packed.lab)
    worked.cells = [
        cell
        for cell in worked.cells
        if (flags := cell.metadata.get("nbgrader", {}))
        and (tests is None or not flags["grade"] or flags["grade_id"] in tests)
    ]
    replace = {answer.replaces: answer.path.read_text(encoding="utf-8") for answer in packed.answers}
    handed_in = _answered(lab_harness.as_student_gets_it(worked), worked, replace)
    pristine = json.loads(nbformat.writes(worked))["cells"]
    for cell in pristine:
        cell["source"] = "".join(cell["source"])
    with tempfile.TemporaryDirectory(prefix="grade-packed-") as folder:
        os.chmod(folder, 0o755)  # the student's process is another user's
        prepared = ROOT / "tests" / "prepared" / f"{packed.lab}_artefact.safetensors"
        if prepared.is_file():
            shutil.copy(prepared, folder)
        return engine.grade(
            nbformat.writes(handed_in).encode(),
            pristine,
            name=packed.lab,
            examiner=examiner,
            settings=settings,
            kernels=kernels,
            files=Path(folder) if prepared.is_file() else None,
        )


def course_settings(lab: str) -> Settings:
    """What ``nbgrader_config.py`` says about grading a lab."""
    return configuration.load(ROOT)[2].settings(lab)


def misjudged(packed: Packed, record: Record) -> list[str]:
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


def replaced(path: Path) -> dict[str, str]:
    """The answer that a mutant's or variant's file stands for, by grade id."""
    source = path.read_text(encoding="utf-8")
    found = re.search(r'^REPLACES = "([^"]+)"', source, flags=re.M)
    if not found:
        raise SystemExit(f"{path} does not say which answer it REPLACES.")
    return {found[1]: source}


def hand_in(course: Path, lab: str, student: str, content: bytes) -> None:
    """Puts a notebook where `nbgrader collect` would."""
    folder = course / "submitted" / student / lab
    folder.mkdir(parents=True)
    for path in (course / "labs" / lab).iterdir():
        if path.suffix != ".ipynb":
            shutil.copy(path, folder)
    (folder / f"{lab}.ipynb").write_bytes(content)


def grade(course: Path, lab: str, *, jobs: int = 1) -> dict[str, list[Record]]:
    """Grades everything handed in with `python -m course_utils grade`; returns the records by student."""
    command.main([lab, "--course", str(course), "--jobs", str(jobs), "--create"])
    return read_records(course / "evidence" / lab)


def in_words(records: list[Record]) -> str:
    """Marks per test with what the student reads, and the cells that ended in an error."""
    lines = []
    for record in records:
        lines += [f"note: {note}" for note in record.notes]
        for mark in record.marks:
            points = "needs manual review" if mark.points is None else f"{mark.points:g} of {mark.maximum:g}"
            lines.append(f"{mark.grade_id}: {points}, {mark.seconds:.1f} s")
            lines += [f"    {line}" for line in (mark.printed + mark.message).strip().splitlines()]
        for cell in record.cells["cells"]:
            for output in cell.get("outputs", []):
                if output["output_type"] == "error" and output["ename"] not in ("Check", "Stopped"):
                    start = cell["source"].strip().splitlines()[0] if cell["source"].strip() else "empty"
                    lines.append(f"cell {start[:60]!r} raised {output['ename']}: {output['evalue'][:300]}")
        lines.append(f"{record.outcome}, {record.seconds:.0f} s, {record.peak_memory / 1e6:.0f} MB")
    return "\n".join(lines)


def full(records: list[Record]) -> bool:
    """Whether there are automatic marks, and every one was earned."""
    marks = [mark for record in records for mark in record.marks]
    return bool(marks) and all(mark.points == mark.maximum for mark in marks)


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.grade_once", description=__doc__.split("\n")[0])
    parser.add_argument("lab", help="for example lab2")
    parser.add_argument(
        "submission", nargs="*", type=Path, help="notebooks, mutants, variants; by default the solution"
    )
    parser.add_argument("--jobs", type=int, default=1, help="how many at one time (default: 1)")
    parser.add_argument("--keep", type=Path, help="make the course here and keep it, evidence included")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="grade-once-") as temporary:
        course = scratch_course(given.keep or Path(temporary) / "course", given.lab)
        for path in given.submission:
            content = (
                path.read_bytes() if path.suffix == ".ipynb" else filled_in(course, given.lab, replace=replaced(path))
            )
            hand_in(course, given.lab, path.stem, content)
        if not given.submission:
            hand_in(course, given.lab, "solution", filled_in(course, given.lab))
        with contextlib.redirect_stdout(io.StringIO()) as summary:
            graded = grade(course, given.lab, jobs=given.jobs)
        for student, records in graded.items():
            print(f"== {student}\n{in_words(records)}")
        print(summary.getvalue().splitlines()[-1])
        short = [student for student, records in graded.items() if not full(records)]
        print(f"below full automatic marks: {', '.join(short)}" if short else "full automatic marks")
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main())
