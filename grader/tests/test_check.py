"""`check`: a student's notebook with the released tests says how each exercise stands, and changes nothing in its folder."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import nbformat
import pytest
from test_engine import cell, file_of

from nbgrader_isolated import cli
from nbgrader_isolated.commands.check import check, receipt
from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.gradebook import receipts
from nbgrader_isolated.student import own_files
from nbgrader_isolated.validate import execute
from nbgrader_isolated.validate.execute import run_in_a_copy

DOUBLE = cell("def double(x):\n    return 2 * x", "answer", "double")
HALVE = cell("def halve(x):\n    return x / 2", "answer", "halve")
NAME = cell("name = 'lab'", "answer", "name")
TESTS = [
    cell("assert double(2) == 4, 'two times two'", "test", "test-double", 2),
    cell("earned = 1 if halve(4) == 2 else 0\nearned + (halve(3) == 1.5)", "test", "test-halve", 2),
    cell("print('Well done: ' + name)\n1.0", "test", "test-name", 1),
]
SETUP = cell("import math", "locked", "setup")
RELEASED = [SETUP, DOUBLE, TESTS[0], HALVE, TESTS[1], NAME, TESTS[2]]


def answered(source: str, answer: dict) -> dict:
    return {**answer, "source": source}


@pytest.fixture
def released(tmp_path):
    path = tmp_path / "released" / "lab.ipynb"
    path.parent.mkdir()
    path.write_bytes(file_of(RELEASED))
    return path


@pytest.fixture
def run(tmp_path, released, capsys):
    """Runs the command on a notebook of these cells; returns its exit status and what it prints before the receipt."""

    def command(cells: list[dict], *, name: str = "lab.ipynb") -> tuple[int, str]:
        path = tmp_path / "mine" / name
        path.parent.mkdir()
        path.write_bytes(file_of(cells))
        before = path.read_bytes()
        status = cli.main(["check", str(path), "--released", str(released)])
        assert [*path.parent.iterdir()] == [path] and path.read_bytes() == before
        said, _, receipt = capsys.readouterr().out.rpartition("\r")[2].rstrip().rpartition("\n")  # after a progress bar
        when, _, file = receipt.partition(" Hand in this file: ")
        assert re.fullmatch(r"Receipt, \d{4}-\d\d-\d\d \d\d:\d\d UTC\.", when)
        assert file == f"{name}  sha256 {hashlib.sha256(before).hexdigest()}"
        return status, said

    return command


def test_right_answers_are_right_and_what_the_notebook_writes_is_named(run):
    status, said = run([*RELEASED, cell("open('notes.txt', 'w').close()")])
    assert status == 0
    assert [" ".join(line.split()) for line in said.splitlines()] == [
        f"! {execute.NOT_KEPT.format(name='notes.txt')}",
        "✔ test-double right 2 of 2",
        "✔ test-halve right 2 of 2",
        "✔ test-name right 1 of 1",
        "together 5 of 5",
    ]


def test_answers_that_are_not_right_have_their_outcome_and_the_reason_is_printed(run):
    wrong, part = answered("def double(x):\n    return x", DOUBLE), answered("def halve(x):\n    return x // 2", HALVE)
    blank = answered("raise NotImplementedError('not attempted yet')", NAME)
    status, said = run([SETUP, wrong, TESTS[0], part, TESTS[1], blank, TESTS[2]])
    assert status == 1
    assert [" ".join(line.split()) for line in said.splitlines()[-4:]] == [
        "✘ test-double not yet 0 of 2",
        "✘ test-halve not yet 1 of 2",
        "? test-name not checked 0 of 1",
        "together 1 of 5",
    ]
    assert "AssertionError: two times two" in said
    assert "The name name is not defined: is the cell that defines it missing or failing?" in said


def test_a_test_that_meets_an_exercise_not_attempted_says_so(run):
    blank = answered("def double(x):\n    raise NotImplementedError", DOUBLE)
    status, said = run([SETUP, blank, *RELEASED[2:]])
    assert status == 1 and "○ test-double  not attempted  0 of 2" in said


def test_tests_are_the_released_ones_and_missing_and_doubled_cells_are_named(run, released):
    changed = answered("1.0", TESTS[0])
    status, said = run([answered("double = 3", DOUBLE), changed, HALVE, HALVE, TESTS[2]], name="lab (1).ipynb")
    assert status == 1
    assert "? test-double" in said, "a changed test is run as released"
    assert "✔ test-halve" in said, "a deleted test is run all the same"
    assert "! The cell 'halve' is there 2 times." in said
    assert f"! The answer cell 'name' is missing. Copy it from {released}" in said
    assert "! The file is called lab (1).ipynb; the grader takes it as lab.ipynb" in said


@pytest.mark.filterwarnings("error::nbformat.warnings.MissingIDFieldWarning")
def test_cells_of_an_older_notebook_need_no_id(tmp_path, released, monkeypatch):
    monkeypatch.setattr("nbgrader_isolated.commands.check.run_in_a_copy", lambda merged, folder: [])
    older = [{key: value for key, value in one.items() if key != "id"} for one in RELEASED]
    released.write_text(json.dumps({"cells": older, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    assert [status.test for status in check(released, released).statuses] == ["test-double", "test-halve", "test-name"]


def test_the_receipt_that_a_student_has_and_the_instructors_row_have_the_same_hash(released, tmp_path):
    receipts.note(tmp_path / "evidence", "ada", released.parent, "folder")
    [row] = receipts.read(tmp_path / "evidence" / receipts.NAME)
    assert receipt(released).endswith(f"Hand in this file: {row['file']}  sha256 {row['sha256']}")


def test_the_receipt_is_of_the_file_that_was_read_though_it_is_saved_meanwhile(released, monkeypatch):
    before = receipt(released)
    later = lambda merged, folder: released.write_bytes(released.read_bytes() + b"\n") and []  # noqa: E731
    monkeypatch.setattr("nbgrader_isolated.commands.check.run_in_a_copy", later)
    checked = check(released, released)
    assert checked.receipt.split("sha256")[1] == before.split("sha256")[1] != receipt(released).split("sha256")[1]


def test_a_verdict_of_a_course_s_checks_decides_in_place_of_the_number(released):
    verdicts = {"Well done": "right", "Try again": "not yet"}
    checked = check(released, released, verdicts=verdicts)
    assert checked.all_right
    source = json.loads(released.read_text())
    source["cells"][-1]["source"] = "print('Try again: ' + name)\n1.0"
    released.write_text(json.dumps(source))
    checked = check(released, released, verdicts=verdicts)
    assert not checked.all_right
    last = checked.statuses[-1]
    assert (last.outcome, last.earned, last.said) == ("not yet", 1, "Try again: lab")


@pytest.mark.parametrize(
    ("content", "complaint"), [(None, "could not be read"), ('{"cells": [', "was cut off")], ids=["missing", "cut off"]
)
def test_a_file_that_is_no_notebook_gets_a_sentence(tmp_path, released, content, complaint, capsys):
    path = tmp_path / "lab.ipynb"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(BadArgumentError, match=complaint):
        check(path, released)
    with pytest.raises(BadArgumentError, match=complaint):
        check(released, path)
    assert cli.main(["check", str(path), "--released", str(released)]) == 1
    assert complaint in capsys.readouterr().err


def test_a_folder_that_cannot_be_copied_gets_a_sentence(released, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(execute.attachments, "look", full)
    said = r"could not be copied to a temporary folder \(No space left on device\)"
    with pytest.raises(NotAvailableError, match=said):
        check(released, released)


def of_code(source: str):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])


def test_no_more_is_copied_than_a_grader_takes_in(tmp_path):
    for name in ("a/one.jpg", "a/b/two.jpg", ".git/kept", "__pycache__/x.pyc", "other.ipynb", "zero.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"four")
    (tmp_path / "a/link").symlink_to("one.jpg")
    look = "import os; print(sorted(os.path.join(place, name) for place, _, names in os.walk('.') for name in names))"
    notebook = of_code(look)
    assert run_in_a_copy(notebook, tmp_path) == [
        f"{str(Path('a/link'))!r} was left out: it is a link or a special file. It is the same when your work is graded."
    ]
    assert notebook.cells[0].outputs[0].text == "['./a/b/two.jpg', './a/one.jpg', './zero.txt']\n"


def test_a_file_with_the_name_of_a_module_is_named_and_not_imported(tmp_path):
    for name in ("numpy.py", "random.py", "ipykernel_launcher.py"):
        (tmp_path / name).write_text("raise RuntimeError('this is not the module')")
    (tmp_path / "helper.py").write_text("VALUE = 1")
    notebook = of_code(
        "import sys; sys.path.insert(0, '.')\nimport numpy, random, helper; print(numpy.arange(3).sum(), helper.VALUE)"
    )
    assert run_in_a_copy(notebook, tmp_path) == own_files.notes(["ipykernel_launcher.py", "numpy.py", "random.py"])
    assert [output.get("text") for output in notebook.cells[0].outputs] == ["3 1\n"]


def test_what_libraries_write_past_python_is_an_output_of_the_cell_and_not_on_the_terminal(tmp_path, released, capfd):
    (tmp_path / "lab.ipynb").write_bytes(file_of([*RELEASED, cell("import os\nos.write(2, b'a library warns')")]))
    cli.main(["check", str(tmp_path / "lab.ipynb"), "--released", str(released)])
    shown = capfd.readouterr()
    assert "a library warns" not in shown.out + shown.err and "test-double" in shown.out
