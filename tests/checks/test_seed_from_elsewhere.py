"""The seed of the hidden inputs is the course's, wherever a command is started: a course in a folder of its own says so."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.checks.core import seeds
from nbgrader_isolated.run.records import read_records
from tests.cells import cell

ROOT = Path(__file__).resolve().parents[2]
SECRET = "only this course's instructor knows"
SEED = int.from_bytes(hashlib.sha256(SECRET.encode()).digest()[:8], "big") >> 1
TEST = f"""
### BEGIN HIDDEN TESTS
from course_utils.checks.core.seeds import secret_seed
assert answer() == 1
assert secret_seed() == {SEED}, "the seed is another one"
### END HIDDEN TESTS
"""
QUICK = "\nc.GradingEngine.modules = []\nc.GradingEngine.student_modules = []\nc.GradingEngine.prepare = {}\n"


def environment() -> dict[str, str]:
    """No seed comes from outside, nbgrader finds its programs, and nothing of this user's Jupyter gets in."""
    variables = {name: value for name, value in os.environ.items() if name != seeds.ENVIRONMENT_VARIABLE}
    programs = str(Path(sys.executable).parent)
    return variables | {"PATH": f"{programs}{os.pathsep}{variables['PATH']}", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def course(tmp_path):
    """A course of one lab that nobody but its instructor can enter, with a submission, and an empty folder elsewhere."""
    root, elsewhere = tmp_path / "a course", tmp_path / "elsewhere"
    root.mkdir(mode=0o700)
    elsewhere.mkdir()
    (root / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text("utf-8") + QUICK, "utf-8")
    (root / "secret_seed.txt").write_text(SECRET + "\n", "utf-8")
    (root / "secret_seed.txt").chmod(0o600)
    worked = "def answer():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
    notebook = {"metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}}
    notebook |= {"cells": [cell(worked, "answer", grade=False), cell(TEST, "test-answer", grade=True)]}
    notebook |= {"nbformat": 4, "nbformat_minor": 5}
    for folder in ("solutions/lab1", "submitted/ada/lab1"):
        (root / folder).mkdir(parents=True, mode=0o700)
        (root / folder / "lab1.ipynb").write_text(json.dumps(notebook), "utf-8")
    run(root, root, "-m", "nbgrader", "generate_assignment", "lab1", "--create")
    run(root, root, "-m", "nbgrader", "db", "student", "add", "ada")
    return root, elsewhere


def run(course: Path, folder: Path, *arguments: str) -> None:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.parametrize("command", ["grade", "nbgrader autograde"])
def test_a_command_from_another_folder_grades_with_the_seed_of_the_course(course, command):
    root, elsewhere = course
    if command == "grade":
        run(root, elsewhere, "-m", "course_utils", "grade", "lab1", "--course", str(root), "--jobs", "1")
    else:
        run(root, elsewhere, "-m", "nbgrader", "autograde", "lab1", f"--CourseDirectory.root={root}")
    [record] = read_records(root / "evidence" / "lab1")["ada"]
    [mark] = record.marks
    assert (mark.points, mark.message) == (1, "")
