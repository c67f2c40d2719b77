"""`make demo`: grades a sample class, from the release to the feedback, and prints its gradebook.

Everything happens in demo/ (or --dir), a course of its own with its own gradebook, made afresh each time.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import sys
import time
from pathlib import Path

import sample_class

from course_utils.errors import CourseError
from nbgrader_isolated.closed import writing
from nbgrader_isolated.commands import grade as command
from nbgrader_isolated.errors import GraderError
from nbgrader_isolated.outcomes import worst
from nbgrader_isolated.plugin import configuration
from nbgrader_isolated.run.records import read_records
from nbgrader_isolated.sandbox import bubblewrap
from nbgrader_isolated.text_table import columns

ROOT = Path(__file__).resolve().parents[1]
LAB = "lab1"
MARK = ".demo-course"
QUESTION = "question-pooling"


def make_course(folder: Path) -> None:
    """Makes an empty course with lab 1's source in it; replaces a demo that was there, and nothing else."""
    if folder.exists() and not (folder / MARK).is_file() and any(folder.iterdir()):
        raise SystemExit(
            f"{folder} exists and is not an earlier demo. Give another folder with --dir, or move it away."
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    # A class that does not exist has nothing to keep secret.
    settings += "\nc.GradingEngine.allow_public_seed = True\n"
    (folder / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    shutil.copytree(ROOT / "solutions" / LAB, folder / "solutions" / LAB)


def open_nbgrader(folder: Path):
    """nbgrader's own interface to a course, the one behind the formgrader's buttons."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    configuration = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    return NbGraderAPI(CourseDirectory(config=configuration), config=configuration)


def outcomes(folder: Path) -> dict[str, str]:
    """How each submission ended, in the grading engine's words."""
    records = read_records(folder / "evidence" / LAB)
    return {student: str(worst([record.outcome for record in found])) for student, found in records.items()}


def mark_by_hand(nbgrader, student: str, points: float, comment: str) -> None:
    """What a person does in the formgrader: points and a sentence for the question that no program can mark."""
    with nbgrader.gradebook as gradebook:
        mark = gradebook.find_grade(QUESTION, LAB, LAB, student)
        mark.manual_score, mark.needs_manual_grade = points, False
        gradebook.find_comment(QUESTION, LAB, LAB, student).manual_comment = comment
        gradebook.db.commit()


def rows(nbgrader, ended: dict[str, str]) -> list[dict[str, str]]:
    """The gradebook as a table: a row per student, with every mark, the late penalty, the total and the outcome."""
    table = []
    with nbgrader.gradebook as gradebook:
        exercises = [cell.name for cell in gradebook.find_notebook(LAB, LAB).grade_cells]
        for student, outcome in ended.items():
            submission = gradebook.find_submission_notebook(LAB, LAB, student)
            penalty = submission.late_submission_penalty or 0.0
            row = {"student": student} | dict.fromkeys(exercises, "-")
            for mark in submission.grades:
                row[mark.name] = "to mark" if mark.needs_manual_grade else f"{mark.score:g}"
            row |= {"late": f"{-penalty:g}" if penalty else "", "total": f"{submission.score - penalty:g}"}
            row["outcome"] = outcome
            if outcome == "graded" and submission.needs_manual_grade:
                row["outcome"] += ", a question waits for a person"
            elif outcome == "graded" and all(comment.comment == "No response." for comment in submission.comments):
                row["outcome"] += ", nothing was answered"
            table.append(row)
    return table


def as_text(table: list[dict[str, str]]) -> str:
    """A table with its columns lined up; numbers to the right."""
    titles = {name: name.removeprefix("test-").replace("-", " ") for name in table[0]}
    rows = [[line[name] for name in titles] for line in (titles, *table)]
    to_the_left = ("student", "outcome")
    head, *lines = columns(rows, right=[i for i, name in enumerate(titles) if name not in to_the_left]).splitlines()
    return "\n".join([head, "─" * max(map(len, (head, *lines))), *lines])


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Grade a sample class with nbgrader and print its gradebook.")
    parser.add_argument("--dir", type=Path, default=ROOT / "demo", help="where the sample course goes (default: demo/)")
    folder = parser.parse_args(argv).dir.absolute()
    # nbgrader calls its database tool (alembic) by name, and a Python that was called by its path has no PATH to it.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    started = time.perf_counter()
    try:
        bubblewrap.require(configuration.load(ROOT)[2].settings(LAB).student)
    except (CourseError, GraderError) as error:
        print(error, file=sys.stderr)
        return 1
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
    for submission in students:
        sample_class.hand_in(submission, folder / "submitted" / submission.student / LAB)
        with nbgrader.gradebook as gradebook:
            gradebook.update_or_create_student(submission.student, first_name=submission.student, last_name="(demo)")
        print(f"  {submission.student:16}{submission.story}")
    print(f"\nGrading {len(students)} submissions to {LAB}, two at a time; this takes a few minutes:", flush=True)
    try:
        if command.main([LAB, "--jobs", "2", "--course", str(folder)]):
            return 1
    except (CourseError, GraderError) as error:
        print(error, file=sys.stderr)
        return 1
    ended = {submission.student: outcomes(folder)[submission.student] for submission in students}

    mark_by_hand(nbgrader, "partial", 6, "Well argued. Your table also shows what is lost: which numbers in it say so?")
    for student in ended:
        feedback = nbgrader.generate_feedback(LAB, student)
        if not feedback["success"]:
            print(f"no feedback for {student}:", feedback.get("log"), feedback.get("error"), file=sys.stderr)
            return 1

    table = rows(nbgrader, ended)
    with writing(folder / "gradebook.csv") as new, new.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    from nbgrader_isolated.plugin.configure import ClosedCsv

    with nbgrader.gradebook as gradebook:
        ClosedCsv(to=str(folder / "grades.csv")).export(gradebook)

    print(f"\n{as_text(table)}\n")
    print(f"feedback   {folder}/feedback/STUDENT/{LAB}/{LAB}.html")
    print(f"this table {folder / 'gradebook.csv'}")
    print(f"export     {folder / 'grades.csv'} (nbgrader's own)")
    print(f"formgrader cd '{folder}' && '{sys.executable}' -m jupyterlab, then Nbgrader > Formgrader")
    print(f"{time.perf_counter() - started:.0f} seconds in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
