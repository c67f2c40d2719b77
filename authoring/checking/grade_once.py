"""Grades one lab through the split-kernel engine, as a class of one or a few: ``python -m authoring.checking.grade_once lab2``.

Builds a scratch course from ``authoring/labs``, releases the lab with nbgrader, hands in the worked solution (or what is
named), grades it in the sandbox and prints every mark with what the check said. What is named may be notebooks, or answers
of ``authoring/labs/labN/answers`` by their names, each of which replaces one answer of the worked solution. The exit status is
0 only when everything handed in earned full automatic marks.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from authoring import build
from authoring.checking.answers import LABS_FOLDER, ROOT, Answer, read_answers
from authoring.checking.lab import solution
from nbgrader_isolated.commands import grade as command
from nbgrader_isolated.notebook.roles import grade_id, is_answer
from nbgrader_isolated.outcomes import Record
from nbgrader_isolated.run.records import read_records


def scratch_course(folder: Path, *labs: str, settings: str = "") -> Path:
    """Makes a course of these labs, released and known to its gradebook.

    Args:
        folder: where; it is made.
        labs: for example ``"lab1"``.
        settings: further lines for its ``nbgrader_config.py``.

    Returns:
        The course's folder.
    """
    folder.mkdir(parents=True)
    configuration = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    # A class that does not exist has nothing to keep secret.
    settings = f"c.GradingEngine.allow_public_seed = True\n{settings}"
    (folder / "nbgrader_config.py").write_text(f"{configuration}\n{settings}", encoding="utf-8")
    for lab in labs:
        source = folder / "solutions" / lab
        source.mkdir(parents=True)
        nbformat.write(solution(lab), source / f"{lab}.ipynb")
        for name in build.STUDENT_FILES.get(lab, []):
            shutil.copy(LABS_FOLDER / lab / name, source)
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
    return nbformat.writes(answered(notebook, worked, replace or {})).encode()


def answered(
    notebook: nbformat.NotebookNode, worked: nbformat.NotebookNode, replace: dict[str, str]
) -> nbformat.NotebookNode:
    """Writes the worked answers into a students' notebook, and the replacements over them."""
    answers = {grade_id(cell): cell.source for cell in worked.cells if is_answer(cell)} | replace
    for cell in notebook.cells:
        name = grade_id(cell)
        if name in answers:
            cell.source = answers[name]
    return notebook


def hand_in(course: Path, lab: str, student: str, content: bytes) -> None:
    """Puts a notebook where `nbgrader collect` would."""
    folder = course / "submitted" / student / lab
    folder.mkdir(parents=True)
    for path in (course / "labs" / lab).iterdir():
        if path.suffix != ".ipynb":
            shutil.copy(path, folder)
    (folder / f"{lab}.ipynb").write_bytes(content)


def named(lab: str, name: str) -> Answer:
    """The answer of a lab that is called so."""
    found = {answer.name: answer for answer in read_answers(lab)}
    if name not in found:
        raise SystemExit(f"expected a notebook or the name of an answer to {lab}; received {name}. See {lab}/answers/.")
    return found[name]


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
    parser = argparse.ArgumentParser(prog="python -m authoring.checking.grade_once", description=__doc__.split("\n")[0])
    parser.add_argument("lab", help="for example lab2")
    parser.add_argument(
        "submission", nargs="*", type=Path, help="notebooks, or names of answers; by default the solution"
    )
    parser.add_argument("--jobs", type=int, default=1, help="how many at one time (default: 1)")
    parser.add_argument("--keep", type=Path, help="make the course here and keep it, evidence included")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="grade-once-") as temporary:
        course = scratch_course(given.keep or Path(temporary) / "course", given.lab)
        for path in given.submission:
            if path.suffix == ".ipynb":
                content = path.read_bytes()
            else:
                answer = named(given.lab, path.name)
                content = filled_in(course, given.lab, replace={answer.exercise: answer.source})
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
