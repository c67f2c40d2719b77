"""`check`: a lab's notebook, run outside JupyterLab, says how each exercise stands and what is wrong with the file itself."""

import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from cells import points_of_tests

from course_utils.commands import check
from course_utils.errors import BadArgumentError
from nbgrader_isolated.errors import GraderError

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import sample_class  # noqa: E402

LAB = ROOT / "labs/lab1/lab1.ipynb"
POINTS = points_of_tests(LAB)
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
    path, notebook = handed_in(tmp_path, ANSWERS)
    notebook.cells.append(nbformat.v4.new_code_cell("open('notes.txt', 'w').close()"))
    nbformat.write(notebook, path)
    before = path.read_bytes()
    assert check.main([str(path)]) == 0, "advice about a file beside the notebook costs nothing"
    said = capsys.readouterr().out
    assert said.count("✔") == len(POINTS)
    assert f"{sum(POINTS.values())} of {sum(POINTS.values())}" in said
    assert said.count("!") == 1 and "The notebook writes notes.txt" in said
    assert path.read_bytes() == before


def test_right_answers_in_a_file_of_another_name_are_right_and_the_name_is_told(tmp_path, capsys):
    path, _ = handed_in(tmp_path, ANSWERS, name="lab1 (1).ipynb")
    assert check.main([str(path)]) == 0, "the grader finds it by its cells"
    said = capsys.readouterr().out
    assert (
        said.count("✔") == len(POINTS)
        and "! The file is called lab1 (1).ipynb; the grader takes it as lab1.ipynb" in said
    )


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
    assert "the grader takes it as lab1.ipynb" in said
    assert "The name rebuild is not defined" in said


WRITES = """
from pathlib import Path

save_artefact(FILE, {"head/kernel": np.zeros((2, 2))}, about=dict.fromkeys(["profile", "base", "first", "size", "classes"]))
Path("my_images/mug/blue-1.jpg").unlink()
Path(f"{TRAIN=}").touch()
"""


def test_nothing_in_the_folder_is_changed_by_a_notebook_that_writes_and_deletes(tmp_path, monkeypatch, capsys):
    notebook = nbformat.read(ROOT / "labs/lab4/lab4.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader") or cell.cell_type == "markdown"]
    notebook.cells.append(nbformat.v4.new_code_cell(WRITES))
    nbformat.write(notebook, tmp_path / "lab4.ipynb")
    shutil.copy(ROOT / "authoring/labs/lab4/lab4_artefact.safetensors", tmp_path)
    (tmp_path / "my_images/mug").mkdir(parents=True)
    (tmp_path / "my_images/mug/blue-1.jpg").write_bytes(b"a photograph")
    (tmp_path / "shortcut").symlink_to(tmp_path / "my_images")
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    monkeypatch.chdir(tmp_path)
    assert check.main(["lab4.ipynb"]) == 1
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before
    said = capsys.readouterr().out
    assert "The notebook writes TRAIN=False, which is not in your folder" in said, "it looked at the file that is there"
    assert "writes lab4_artefact.safetensors" not in said
    assert "'shortcut' was left out: it is a link or a special file. It is the same when your work is graded." in said
    assert said.count("not attempted") == len(points_of_tests(ROOT / "labs/lab4/lab4.ipynb"))


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
    with pytest.raises((BadArgumentError, GraderError), match=complaint):
        check.run_checks(path)
