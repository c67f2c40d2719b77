"""`check`: a lab's notebook, run outside JupyterLab, says how each exercise stands and what is wrong with the file itself."""

import sys
from pathlib import Path

import nbformat
import pytest

from course_utils import check
from course_utils.errors import BadArgumentError

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import sample_class  # noqa: E402

LAB = ROOT / "labs/lab1/lab1.ipynb"
ANSWERS = sample_class.answers(ROOT / "solutions/lab1/lab1.ipynb")


def handed_in(folder, answers, *, name="lab1.ipynb"):
    """A student's notebook without the cells that only look at results, so that it runs in seconds."""
    notebook = nbformat.reads(sample_class.fill_in(LAB, answers).decode(), as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader") or cell.cell_type == "markdown"]
    path = folder / name
    nbformat.write(notebook, path)
    return path, notebook


def cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def test_a_right_notebook_is_right_throughout_and_is_not_changed(tmp_path, capsys):
    path, _ = handed_in(tmp_path, ANSWERS)
    before = path.read_bytes()
    assert check.main([str(path)]) == 0
    said = capsys.readouterr().out
    assert said.count("✔") == 5
    assert "90 of 90" in said
    assert "!" not in said
    assert path.read_bytes() == before


def test_what_is_wrong_with_answers_and_with_the_file_is_said_in_words(tmp_path, capsys):
    answers = ANSWERS | {"top-five": "def top_five(classifier, photo, class_names):\n    return 3", "rebuild": ""}
    path, notebook = handed_in(tmp_path, answers, name="my lab (2).ipynb")
    cell(notebook, "test-prepare-batch").source = "20.0"  # a check that was overwritten is made all the same
    notebook.cells.remove(cell(notebook, "test-parameters-by-block"))
    notebook.cells.remove(cell(notebook, "penultimate"))
    copied = cell(notebook, "top-five")
    notebook.cells.append(nbformat.v4.new_code_cell(copied.source, metadata=copied.metadata))
    nbformat.write(notebook, path)
    assert check.main([str(path)]) == 1
    said = capsys.readouterr().out
    assert "✔ test-prepare-batch" in said
    assert "✘ test-top-five" in said
    assert "an int" in said
    assert "✔ test-parameters-by-block" in said, "a deleted check is made all the same"
    assert "The answer cell 'penultimate' is missing" in said
    assert "The name penultimate is not defined" in said
    assert "'top-five' is there 2 times" in said
    assert "it must be lab1.ipynb" in said
    assert "The name rebuild is not defined" in said


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "could not be read"),
        ('{"cells": [', "was cut off"),
        (nbformat.writes(nbformat.v4.new_notebook()), "no cell of a lab's"),
    ],
    ids=["missing", "cut off", "another notebook"],
)
def test_a_file_that_is_no_lab_gets_a_sentence(tmp_path, content, complaint):
    path = tmp_path / "lab1.ipynb"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(BadArgumentError, match=complaint):
        check.check(path)
