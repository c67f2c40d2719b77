"""`make demo`: grades a sample class with nbgrader, from the release to the feedback, and prints its gradebook.

Everything happens in demo/ (or --dir), a course of its own with its own gradebook, made afresh each time.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import sample_class

ROOT = Path(__file__).resolve().parents[1]
LAB = "lab1"
MARK = ".demo-course"
QUESTION = "question-pooling"
FAILED = {
    "kernel died": "kernel died: no marks, needs a person",
    "not a notebook": "not a notebook: no marks, needs a person",
    "failed": "nbgrader failed: no marks, needs a person",
}


@contextlib.contextmanager
def stderr_to(path: Path) -> Iterator[None]:
    """Sends this process's stderr, and that of the kernels it starts, to a file: TensorFlow's start-up lines."""
    kept = os.dup(2)
    with open(path, "ab") as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def make_course(folder: Path) -> None:
    """Makes an empty course with lab 1's source in it; replaces a demo that was there, and nothing else."""
    if folder.exists() and not (folder / MARK).is_file() and any(folder.iterdir()):
        raise SystemExit(
            f"{folder} exists and is not an earlier demo. Give another folder with --dir, or move it away."
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(ROOT / "solutions" / LAB, folder / "solutions" / LAB)


def open_nbgrader(folder: Path):
    """nbgrader's own interface to a course, the one behind the formgrader's buttons."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def grade(nbgrader, submission: sample_class.Submission) -> str:
    """Grades one student, so that one student's fault never ends the class.

    Returns:
        ``"graded"``, or a key of ``FAILED``.
    """
    result = nbgrader.autograde(LAB, submission.student)
    if result["success"]:
        return "graded"
    if not sample_class.is_notebook(submission.content):
        return "not a notebook"
    said = f"{result.get('log')}{result.get('error')}"
    return "kernel died" if "DeadKernelError" in said or "Kernel died" in said else "failed"


def mark_by_hand(nbgrader, student: str, points: float, comment: str) -> None:
    """What a person does in the formgrader: points and a sentence for the question that no program can mark."""
    with nbgrader.gradebook as gradebook:
        mark = gradebook.find_grade(QUESTION, LAB, LAB, student)
        mark.manual_score, mark.needs_manual_grade = points, False
        gradebook.find_comment(QUESTION, LAB, LAB, student).manual_comment = comment
        gradebook.db.commit()


def rows(nbgrader, outcomes: dict[str, str]) -> list[dict[str, str]]:
    """The gradebook as a table: a row per student, with every mark, the late penalty, the total and the outcome."""
    table = []
    with nbgrader.gradebook as gradebook:
        exercises = [cell.name for cell in gradebook.find_notebook(LAB, LAB).grade_cells]
        for student, outcome in outcomes.items():
            row = {"student": student} | dict.fromkeys([*exercises, "late", "total"], "-")
            row["outcome"] = FAILED.get(outcome, outcome)
            if outcome == "graded":
                submission = gradebook.find_submission_notebook(LAB, LAB, student)
                for mark in submission.grades:
                    row[mark.name] = "to mark" if mark.needs_manual_grade else f"{mark.score:g}"
                penalty = submission.late_submission_penalty or 0.0
                row["late"] = f"{-penalty:g}" if penalty else ""
                row["total"] = f"{submission.score - penalty:g}"
                if submission.needs_manual_grade:
                    row["outcome"] += ", a question waits for a person"
                elif all(comment.comment == "No response." for comment in submission.comments):
                    row["outcome"] += ", nothing was answered"
            table.append(row)
    return table


def as_text(table: list[dict[str, str]]) -> str:
    """A table with its columns lined up; numbers to the right."""
    titles = {name: name.removeprefix("test-").replace("-", " ") for name in table[0]}
    lines = [titles, *table]
    widths = {name: max(len(line[name]) for line in lines) for name in titles}
    text = []
    for line in lines:
        cells = [
            line[name].ljust(width) if name in ("student", "outcome") else line[name].rjust(width)
            for name, width in widths.items()
        ]
        text.append("  ".join(cells).rstrip())
    return "\n".join([text[0], "─" * max(map(len, text)), *text[1:]])


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Grade a sample class with nbgrader and print its gradebook.")
    parser.add_argument("--dir", type=Path, default=ROOT / "demo", help="where the sample course goes (default: demo/)")
    folder = parser.parse_args(argv).dir.absolute()
    # nbgrader calls its database tool (alembic) by name, and a Python that was called by its path has no PATH to it.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    started = time.perf_counter()
    make_course(folder)
    nbgrader = open_nbgrader(folder)
    result = nbgrader.generate_assignment(LAB)
    if not result["success"]:
        print(result.get("log"), result.get("error"), file=sys.stderr)
        return 1
    with nbgrader.gradebook as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=sample_class.DUE.replace(tzinfo=None))

    released, solution = (folder / kind / LAB / f"{LAB}.ipynb" for kind in ("labs", "solutions"))
    students = sample_class.submissions(released, solution)
    print(
        f"Grading {len(students)} submissions to {LAB} with nbgrader, one after the other; this takes a few minutes:",
        flush=True,
    )
    outcomes = {}
    for submission in students:
        sample_class.hand_in(submission, folder / "submitted" / submission.student / LAB)
        began = time.perf_counter()
        with stderr_to(folder / "kernels.log"):
            outcomes[submission.student] = grade(nbgrader, submission)
        print(f"  {submission.student:16}{submission.story:42}{time.perf_counter() - began:5.1f} s", flush=True)

    mark_by_hand(nbgrader, "partial", 6, "Well argued. Your table also shows what is lost: which numbers in it say so?")
    for student, outcome in outcomes.items():
        if outcome == "graded":
            feedback = nbgrader.generate_feedback(LAB, student)
            if not feedback["success"]:
                print(f"no feedback for {student}:", feedback.get("log"), feedback.get("error"), file=sys.stderr)
                return 1

    table = rows(nbgrader, outcomes)
    with open(folder / "gradebook.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    from nbgrader.plugins import CsvExportPlugin

    with nbgrader.gradebook as gradebook:
        CsvExportPlugin(to=str(folder / "grades.csv")).export(gradebook)

    print(f"\n{as_text(table)}\n")
    print(f"feedback   {folder}/feedback/STUDENT/{LAB}/{LAB}.html")
    print(f"this table {folder / 'gradebook.csv'}")
    print(f"export     {folder / 'grades.csv'} (nbgrader's own: there, a submission without marks reads 0)")
    print(f"formgrader cd '{folder}' && '{sys.executable}' -m jupyterlab, then Nbgrader > Formgrader")
    print(f"{time.perf_counter() - started:.0f} seconds in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
