"""A lab may hold tests of plain asserts, as any nbgrader course has: from the text to the mark, without a check of ours."""

from __future__ import annotations

import json
from dataclasses import replace

import nbformat
import pytest

from authoring import build
from authoring.checking import lab as checking
from authoring.checking import results
from authoring.checking.answers import ROOT, Answer
from course_utils.commands import check
from nbgrader_isolated.plugin import configuration
from nbgrader_isolated.run import engine

TEXT = """# %% [markdown]
# # Lab 1: plain ({{points}} points)

# %% nbgrader="answer" id="double"
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% nbgrader="test" id="test-double" points=60
numbers = [1, 2]
assert [double(number) for number in numbers] == [2, 4], "two times one and two times two"
### BEGIN HIDDEN TESTS
assert double(numbers[0] + 20) == 42, "a hidden number"
### END HIDDEN TESTS

# %% nbgrader="answer" id="halve"
def halve(x):
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION


# %% nbgrader="test" id="test-halve" points=40
earned = 0.0
if halve(4) == 2:
    earned += 30
if halve(3) == 1.5:
    earned += 10
earned
"""
STUB = 'raise NotImplementedError("not attempted yet")'
ANSWERS = {
    "right": ({"double": "def double(x):\n    return x + x", "halve": "def halve(x):\n    return x * 0.5"}, (60, 40)),
    "wrong": ({"double": "def double(x):\n    return x", "halve": "def halve(x):\n    return x // 2"}, (0, 30)),
    "only the visible numbers": ({"double": "def double(x):\n    return {1: 2, 2: 4}.get(x)"}, (0, 40)),
    "not attempted": ({"double": f"def double(x):\n    {STUB}"}, (0, 40)),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of one lab, built by the course's own build."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    (folder / "authoring/labs/lab1").mkdir(parents=True)
    (folder / "authoring/labs/lab1/notebook.py").write_text(TEXT, "utf-8")
    assert build.main(["--root", str(folder), "lab1"]) == 0
    return folder


def handed_in(course, replaced):
    """The released notebook with the worked answers, some of them replaced."""
    worked = nbformat.read(course / "solutions/lab1/lab1.ipynb", as_version=4)
    sources = {cell.metadata.nbgrader.grade_id: cell.source for cell in worked.cells if "nbgrader" in cell.metadata}
    notebook = nbformat.read(course / "labs/lab1/lab1.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = (sources | replaced)[cell.metadata.nbgrader.grade_id]
    return notebook


def test_it_is_built_and_students_get_no_hidden_assert(course):
    released = nbformat.read(course / "labs/lab1/lab1.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in released.cells)
    assert "(100 points)" in text and "two times one" in text and "hidden number" not in text and STUB in text


@pytest.mark.parametrize("kind", ANSWERS)
def test_the_grader_gives_all_points_none_or_the_number_at_the_end(course, kind):
    replaced, expected = ANSWERS[kind]
    settings = configuration.load(ROOT)[2].settings("lab1")
    settings = replace(settings, modules=(), student_modules=())  # importing takes time, and nothing is needed
    pristine = json.loads(nbformat.writes(nbformat.read(course / "solutions/lab1/lab1.ipynb", as_version=4)))["cells"]
    for cell in pristine:
        cell["source"] = "".join(cell["source"])
    content = nbformat.writes(handed_in(course, replaced)).encode()
    with settings.make_examiner() as examiner:
        record = engine.grade(content, pristine, name="lab1", examiner=examiner, settings=settings)
    assert tuple(mark.points for mark in record.marks) == expected, record.marks
    if kind == "wrong":
        assert "two times one and two times two" in record.marks[0].message


@pytest.mark.parametrize("kind", ANSWERS)
def test_lab_check_comes_to_the_same_points(course, kind, monkeypatch):
    monkeypatch.setattr(checking, "LABS_FOLDER", course / "authoring/labs")
    lab, (replaced, expected) = checking.Lab("lab1"), ANSWERS[kind]
    for notebook in (None, lab.notebook):  # the hidden half alone, and the whole cell
        found = lab.mark(notebook=notebook, replace=replaced, hidden_only=notebook is None)
        assert tuple(result.marks for result in found.values()) == expected
    assert lab.mark(notebook=checking.as_student_gets_it(lab.notebook))["test-double"].marks == 0
    failed = frozenset(test for test, worth in lab.tests.items() if found[test].marks != worth)
    answer = Answer("lab1", "double", "one", not failed, "One.", replaced["double"], must_fail=failed)
    tried = {side: lab.mark(replace=replaced) for side in results.SIDES}
    assert results.faults(answer, tried, lab.tests) == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("right", ["✔ test-double right 60 of 60", "✔ test-halve right 40 of 40"]),
        ("wrong", ["✘ test-double not yet 0 of 60", "✘ test-halve not yet 30 of 40"]),
        ("only the visible numbers", ["✔ test-double right 60 of 60"]),
        ("not attempted", ["○ test-double not attempted 0 of 60", "✔ test-halve"]),
    ],
)
def test_the_command_check_says_how_it_stands(course, kind, said, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(check, "notebooks_root", lambda: course)
    path = tmp_path / "lab1.ipynb"
    nbformat.write(handed_in(course, ANSWERS[kind][0]), path)
    assert check.main([str(path)]) == (kind in ("wrong", "not attempted"))
    printed = capsys.readouterr().out
    rows = [" ".join(line.split()) for line in printed.splitlines()]
    for start in said:
        assert any(row.startswith(start) for row in rows), printed
    assert ("two times one and two times two" in printed) == (kind == "wrong")
