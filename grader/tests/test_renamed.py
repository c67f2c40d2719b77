"""A notebook under another name is graded where it is plain which one is meant; else the student reads what was found."""

from __future__ import annotations

import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook
from test_autotest import CONFIGURED, run
from test_engine import SETTINGS, cell, file_of

from nbgrader_isolated.commands import grade as command
from nbgrader_isolated.notebook.handed_in import locate
from nbgrader_isolated.notebook.intake import NotANotebook
from nbgrader_isolated.run import submission
from nbgrader_isolated.run.jobs import Job
from nbgrader_isolated.validate.cells import under_another_name

LAB = [cell("value = 4", "answer", "a"), cell("assert value == 4", "test", "t", 2)]
OTHER = [cell("more = 5", "answer", "b"), cell("assert more == 5", "test", "u", 2)]
NAMES = [
    "lab (1).ipynb",
    "lab-1.ipynb",
    "lab_Jane.ipynb",
    "Lab.ipynb",
    "lab.ipynb.ipynb",
    "lab - Copy.ipynb",
    "lab.ipynb.txt",
    "doejane_12345_678901_lab-1.ipynb",
    "Jane Doe_4711_assignsubmission_file_lab.ipynb",
    "lab/lab.ipynb",
]


def put(folder, **files):
    for name, cells in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file_of(cells))


@pytest.mark.parametrize("name", NAMES)
def test_the_only_notebook_with_the_labs_cells_is_the_lab(tmp_path, name):
    put(tmp_path, **{name: LAB, ".ipynb_checkpoints/lab-checkpoint.ipynb": LAB, "scratch.ipynb": [cell("1")]})
    assert locate(tmp_path, {"lab": LAB}) == {"lab": tmp_path / name}


def test_of_several_notebooks_each_is_found_by_its_cells_and_an_expected_name_wins(tmp_path):
    put(tmp_path, **{"x.ipynb": OTHER, "lab.ipynb": LAB, "lab (1).ipynb": LAB})
    found = locate(tmp_path, {"lab": LAB, "other": OTHER})
    assert found == {"lab": tmp_path / "lab.ipynb", "other": tmp_path / "x.ipynb"}


def test_what_is_ambiguous_or_of_another_lab_is_named(tmp_path):
    put(tmp_path, **{"lab (1).ipynb": LAB, "lab (2).ipynb": [*LAB, cell("2")]})
    said = str(locate(tmp_path, {"lab": LAB})["lab"])
    assert "several files could be it: 'lab (1).ipynb', 'lab (2).ipynb'" in said and "called lab.ipynb" in said
    said = str(locate(tmp_path, {"other": OTHER})["other"])
    assert "There is no other.ipynb" in said and "holds none of its cells" in said
    (tmp_path / "empty").mkdir()
    assert isinstance(locate(tmp_path / "empty", {"lab": LAB})["lab"], NotANotebook)


def test_a_copy_and_a_link_make_nothing_ambiguous(tmp_path):
    put(tmp_path, **{"lab (1).ipynb": LAB, "lab (2).ipynb": LAB})
    (tmp_path / "lab.link.ipynb").symlink_to("/etc/passwd")
    assert locate(tmp_path, {"lab": LAB}) == {"lab": tmp_path / "lab (1).ipynb"}


def test_it_is_graded_with_the_files_beside_it_and_the_record_says_so(tmp_path):
    answer = cell("value = int(open('four.txt').read())", "answer", "a")
    put(tmp_path / "source", **{"lab.ipynb": LAB})
    put(tmp_path / "in", **{"lab/lab (1).ipynb": [answer, LAB[1]]})
    (tmp_path / "in" / "lab" / "four.txt").write_text("4")
    folders = str(tmp_path / "in"), str(tmp_path / "source"), ("lab",), str(tmp_path / "evidence")
    try:
        for again in (False, True):
            [plain] = submission.grade_submission(Job("ada", *folders, SETTINGS, again=again))
            assert (plain["outcome"], plain["marks"][0]["points"]) == ("graded", 2)
            assert plain["notes"] == ["The notebook was handed in as 'lab/lab (1).ipynb', and graded as lab.ipynb."]
    finally:
        submission.close_examiners()


@pytest.mark.parametrize("beside", ["lab.ipynb", "lab-2.ipynb"])
def test_check_calls_a_name_a_fault_only_where_the_grader_would_not_find_the_file(tmp_path, beside):
    released, path = nbformat.from_dict({"cells": LAB}), tmp_path / "lab (1).ipynb"
    put(tmp_path, **{"lab (1).ipynb": LAB})
    faults, [remark] = under_another_name(path, released, "lab.ipynb")
    assert faults == [] and remark == "The file is called lab (1).ipynb; the grader takes it as lab.ipynb, and says so."
    put(tmp_path, **{beside: [*LAB, cell("2")]})
    [fault], remarks = under_another_name(path, released, "lab.ipynb")
    assert "it must be lab.ipynb when you hand it in" in fault and beside in fault and remarks == []


HANDED_IN = {
    "copy": {"lab (1).ipynb": LAB, "other.ipynb": OTHER},
    "numbered": {"lab-1.ipynb": LAB, "other-1.ipynb": OTHER},
    "inside": {"my labs/lab.ipynb": LAB, "my labs/other.ipynb": OTHER},
    "text": {"lab.ipynb.txt": LAB},
    "plain": {"lab.ipynb": LAB, "other.ipynb": OTHER, "scratch.ipynb": [cell("1")]},
    "two": {"lab (1).ipynb": LAB, "lab (2).ipynb": [*LAB, cell("2")]},
    "nothing": {},
}


def test_autograde_gives_renamed_notebooks_the_marks_that_grade_gives(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    put(one / "source" / "ps", **{"lab.ipynb": LAB, "other.ipynb": OTHER})
    (one / "nbgrader_config.py").write_text("c = get_config()\nc.GradingEngine.modules = ['numpy']\n" + CONFIGURED)
    assert run("generate_assignment", "ps", cwd=one).returncode == 0
    for student, files in HANDED_IN.items():
        (one / "submitted" / student / "ps").mkdir(parents=True)
        put(one / "submitted" / student / "ps", **files)
    shutil.copytree(one, two)
    expected = {"copy": 4, "numbered": 4, "inside": 4, "text": 2, "plain": 4, "two": 0, "nothing": 0}
    assert command.main(["ps", "--course", str(one), "--jobs", "1", "--create"]) == 0
    assert scores(one) == expected
    done = run("autograde", "ps", cwd=two)
    assert done.returncode == 0, done.stderr[-3000:]
    assert scores(two) == {name: score for name, score in expected.items() if name != "nothing"}
    assert "copy handed in lab.ipynb as 'lab (1).ipynb'." in done.stderr
    assert "The notebook was handed in as" in (two / "autograded" / "copy" / "ps" / "lab.ipynb").read_text()


def test_autograde_of_one_notebook_grades_that_one_alone(tmp_path):
    put(tmp_path / "source" / "ps", **{"lab.ipynb": LAB, "other.ipynb": OTHER})
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.GradingEngine.modules = ['numpy']\n" + CONFIGURED)
    assert run("generate_assignment", "ps", cwd=tmp_path).returncode == 0
    put(tmp_path / "submitted" / "ada" / "ps", **{"lab.ipynb": LAB, "o.ipynb": OTHER})
    assert run("autograde", "ps", "--notebook", "lab", cwd=tmp_path).returncode == 0
    assert scores(tmp_path) == {"ada": 2}


def scores(course) -> dict[str, float]:
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        return {one.student.id: one.score for one in book.assignment_submissions("ps")}
