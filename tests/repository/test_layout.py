"""Where things lie: nothing needs the tests but the tests, and a lab's folder holds what a lab has."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from authoring.checking.answers import LABS_FOLDER, labs

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("authoring", "benchmarks", "tools", "course_utils", "grader/src")
OF_THE_TESTS = {"tests"} | {path.stem for path in (ROOT / "tests").glob("*.py")}
"""What an import that needs the tests begins with."""


def imported(path):
    """The first names of what a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_no_program_needs_the_tests():
    programs = [path for folder in PROGRAMS for path in (ROOT / folder).rglob("*.py") if "answers" not in path.parts]
    assert len(programs) > 100
    found = {str(path.relative_to(ROOT)): OF_THE_TESTS & set(imported(path)) for path in programs}
    assert {path: names for path, names in found.items() if names} == {}
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = re.findall(r"tests/\S+", re.sub(r"##.*", "", makefile))
    assert all(re.match(r"tests/\w+/test_", name) for name in named), (
        "make runs tests, and nothing else that lies there"
    )


@pytest.mark.parametrize("name", labs())
def test_a_lab_is_one_folder(name):
    folder = LABS_FOLDER / name
    exercises = {path.stem for path in (folder / "answers").iterdir() if path.suffix == ".py"}
    assert (folder / "notebook.py").is_file() and exercises
    assert {path.name for path in (folder / "expected").iterdir()} >= {"results.json", "answers.md", f"{name}-1.png"}


def test_modules_of_authoring_are_read_in_one_sitting():
    modules = [*(ROOT / "authoring").glob("*.py"), *(ROOT / "authoring/checking").glob("*.py")]
    assert len(modules) > 10
    long = {path.name: len(path.read_text("utf-8").splitlines()) for path in modules}
    assert {name: lines for name, lines in long.items() if lines > 320} == {}
