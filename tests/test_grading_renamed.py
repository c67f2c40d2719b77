"""A notebook under another name is graded where it is plain which one is meant; else the student reads what was found."""

from __future__ import annotations

import pytest
from test_grading_engine import SETTINGS, cell, file_of

from course_utils.grading import batch
from course_utils.grading.handed_in import locate
from course_utils.grading.intake import NotANotebook

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
            [plain] = batch.grade_submission(batch.Job("ada", *folders, SETTINGS, again=again))
            assert (plain["outcome"], plain["marks"][0]["points"]) == ("graded", 2)
            assert plain["notes"] == ["The notebook was handed in as 'lab/lab (1).ipynb', and graded as lab.ipynb."]
    finally:
        batch.close_examiners()
