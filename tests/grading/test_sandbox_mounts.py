"""What student and examiner see of this machine, with the course's own settings: the exact list, as a process inside reports it."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nbgrader_isolated.plugin import configuration
from nbgrader_isolated.run import engine
from tests.cells import cell

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = {"/", "/proc", "/dev", "/tmp", "/usr", "/etc"}
LOOK = f"""
import json, os, re
def look():
    mounts = [line.split()[4] for line in open("/proc/self/mountinfo")]
    places = [{str(ROOT)!r}, "/tmp", os.path.expanduser("~"), "/root", "/home"]
    return json.dumps({{
        "mounts": sorted(re.sub(r"\\\\\\\\040", " ", one) for one in mounts),
        "listed": {{place: sorted(os.listdir(place)) for place in places if os.access(place, os.R_OK)}},
        "names": sorted(os.environ),
    }})
"""
STUDENT = f"{LOOK}\nprint(look())\ndef answer():\n    return 1"
EXAMINER = f"{LOOK}\nprint(look())\nassert answer() == 1"


@pytest.fixture(scope="module")
def seen():
    """What each of the two saw, and the settings they were started with."""
    settings = configuration.load(ROOT)[2].settings("lab1")
    settings = replace(settings, modules=(), student_modules=())  # importing takes time and mounts nothing
    cells = [cell(STUDENT, "answer", grade=False), cell(EXAMINER, "test-answer", grade=True)]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    with settings.make_examiner() as examiner:
        record = engine.grade(json.dumps(notebook).encode(), cells, name="lab1", examiner=examiner, settings=settings)
    [mark] = record.marks
    assert mark.points == 1, mark
    [output] = record.cells["cells"][0]["outputs"]
    return json.loads(output["text"]), json.loads(mark.printed), settings


def ours(mounts: list[str]) -> set[str]:
    """The mounted places beside those of every Linux: nothing below /proc and /dev is a file of this machine's disks."""
    system = tuple(f"{place}/" for place in ("/proc", "/dev", "/etc"))
    top = {f"/{name}" for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32")}
    return {place for place in mounts if place not in SYSTEM | top and not place.startswith(system)}


def below(place: str, folders: set[str]) -> bool:
    return any(Path(place).is_relative_to(folder) for folder in folders)


def code() -> set[str]:
    """The folders that Python needs, and the package itself where it lies in none of them."""
    needed = {sys.prefix, sys.base_prefix, str(Path(os.path.realpath(sys.executable)).parent.parent)}
    return {place for place in needed if not below(place, {"/usr"})} | {
        str(ROOT / "course_utils"),
        str(ROOT / "grader/src/nbgrader_isolated"),
    }


def test_the_examiner_sees_the_package_the_store_and_nothing_else(seen):
    _, examiner, settings = seen
    wanted = {place for place in code() if not below(place, code() - {place})} | set(settings.examiner_sees)
    assert {place for place in ours(examiner["mounts"]) if not below(place, wanted)} == set()
    assert wanted <= ours(examiner["mounts"])


def test_a_student_sees_the_package_the_store_and_its_own_three_folders(seen):
    student, _, settings = seen
    wanted = {place for place in code() if not below(place, code() - {place})} | set(settings.student_sees)
    assert wanted <= ours(student["mounts"])
    others = sorted(place for place in ours(student["mounts"]) if not below(place, wanted))
    folders = {str(Path(place).parent) for place in others}
    assert len(folders) == 1 and Path(folders.pop()).name.startswith("grading-")
    assert [Path(place).name for place in others] == ["home", "inbox", "shared"]


@pytest.mark.parametrize("side", [0, 1], ids=["student", "examiner"])
def test_of_the_course_nothing_is_there_but_the_package_and_the_environment(seen, side):
    listed = seen[side]["listed"][str(ROOT)]
    inside = {Path(place).relative_to(ROOT).parts[0] for place in code() if below(place, {str(ROOT)})}
    assert set(listed) == inside
    assert {"course_utils", "grader"} <= inside <= {"course_utils", "grader", ".venv", ".venv-jax"}
    assert {"solutions", "authoring", "tests", "nbgrader_config.py"} <= {path.name for path in ROOT.iterdir()}


def test_the_seed_reaches_the_examiner_alone(seen):
    student, examiner, settings = seen
    assert set(settings.examiner_environment) - set(settings.student_environment) >= {"COURSE_SECRET_SEED"}
    assert "COURSE_SECRET_SEED" in examiner["names"]
    secret = set(settings.examiner_environment) - set(settings.student_environment)
    assert not secret & set(student["names"])
