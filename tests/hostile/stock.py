"""The same hostile corpus through stock `nbgrader autograde`: ``python -m tests.hostile.stock [WORDS OF A CASE]...``.

Each case gets a throwaway course, and all of nbgrader runs inside a sandbox with the engine's limits, so that nothing of it
reaches this machine; what it can reach of its own course is what it would reach of a real one. Prints what each case must
earn and what stock nbgrader gives it, and ends with the tally.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from course_utils.grading import sandbox
from course_utils.grading.sandbox import MEGABYTE, Policy

from .corpus import CASES, HIDDEN, LAB, Case
from .run import _tell

SECONDS = 120
POLICY = Policy(memory=1500 * MEGABYTE, processes=200, scratch=40 * MEGABYTE, file_size=50 * MEGABYTE)
CONFIG = "c = get_config()\nc.Execute.timeout = 8\n"
STUDENT = "somebody"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def template(folder: Path) -> Path:
    """A course that knows the corpus's lab, to be copied for every case."""
    course = folder / "template"
    (course / "source" / "lab").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(CONFIG)
    notebook = {"cells": LAB, "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}
    (course / "source" / "lab" / "lab.ipynb").write_text(json.dumps(notebook))
    inside(course, "generate_assignment")
    return course


def inside(course: Path, command: str) -> int | None:
    """Runs one of nbgrader's commands in a sandbox that sees this course alone; returns its exit status, None if late."""
    for path in [course, *course.rglob("*")]:
        if not path.is_symlink():
            os.chmod(path, 0o777)  # inside, everything runs as another user
    box = sandbox.start(
        [sys.executable, "-W", "ignore", "-m", "nbgrader", command, "lab"],
        policy=POLICY,
        writable=[course],
        scratch=[course.parent / "home"],
        cwd=course,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return box.process.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None
    finally:
        box.kill()


def marks(course: Path) -> dict[str, float | None] | None:
    """The marks in a course's gradebook; None when the submission left none."""
    try:
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            grades = book.find_submission_notebook("lab", "lab", STUDENT).grades
            return {grade.name: grade.auto_score for grade in grades}
    except MissingEntry:
        return None
    except Exception as error:  # the gradebook itself was attacked
        return {"gradebook": type(error).__name__}


def grade(case: Case, pristine: Path, folder: Path) -> tuple[dict | None, list[str]]:
    """Grades one case; returns the marks, and what else happened."""
    course = folder / "course"
    shutil.copytree(pristine, course)
    place = course / "submitted" / STUDENT / "lab"
    case.write(place)
    if case.raw is None:  # what nbgrader insists on, and the engine does not need
        notebook = json.loads((place / "lab.ipynb").read_text("utf-8"))
        notebook["metadata"]["kernelspec"] = {**KERNEL, "name": case.kernel}
        (place / "lab.ipynb").write_text(json.dumps(notebook))
    known = [str(course / "gradebook.db"), str(course / "source" / "lab" / "lab.ipynb")]
    _tell(place / "lab.ipynb", CANARIES=known, SERVERS=[])
    status = inside(course, "autograde")
    said = ["it never ended"] if status is None else [] if status == 0 else ["the batch ended with an error"]
    shown = [path.read_text("utf-8", "replace") for path in (course / "autograded").rglob("*.ipynb") if path.is_file()]
    outputs = [
        json.dumps(cell.get("outputs"))
        for text in shown
        for cell in json.loads(text)["cells"]
        if "HIDDEN" not in "".join(cell["source"])
    ]
    if any(HIDDEN in output for output in outputs):
        said.append("a hidden line is in an output")
    found = marks(course)
    shutil.rmtree(course)
    return found, said


def main(argv: list[str]) -> int:
    """Prints the table; returns 0: it is a measurement, not a test."""
    cases = [case for case in CASES if not argv or any(words in case.name for words in argv)]
    right = 0
    with tempfile.TemporaryDirectory(prefix="st-", dir="/tmp") as temporary:
        os.chmod(temporary, 0o755)
        folder = Path(temporary)
        pristine = template(folder)
        for case in cases:
            try:
                found, said = grade(case, pristine, folder)
            except (OSError, ValueError, KeyError) as error:
                found, said = None, [f"what it left cannot be read: {type(error).__name__}"]
                shutil.rmtree(folder / "course", ignore_errors=True)
            good = found is not None and not said and all(found.get(n) == points for n, points in case.marks.items())
            right += good
            given = "no marks" if found is None else ", ".join(f"{points}" for points in found.values())
            must = ", ".join(f"{points}" for points in case.marks.values())
            print(
                f"{'ok ' if good else 'BAD'} {case.name:55} must {must:18} got {given:18} {'; '.join(said)}", flush=True
            )
    print(f"{len(cases)} hostile submissions through stock nbgrader, {right} as they should be")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
