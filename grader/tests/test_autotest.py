"""AUTOTEST cells: nbgrader's own `generate_assignment` writes the tests, and stock nbgrader and the engine give the same points."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

from nbgrader_isolated.commands import grade as command
from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.gradebook import autotests
from nbgrader_isolated.notebook.pristine import read_pristine

TEMPLATES = Path(nbgrader.__file__).parent / "docs/source/user_guide/autotests.yml"
CONFIGURED = (
    "\nfrom nbgrader_isolated.plugin.configure import configure\nconfigure(c)\nc.GradingEngine.modules = ['numpy']\n"
)

ANSWERS = {
    "count": ("count = 7", "count = 8", "count = 7.0"),
    "share": ("share = 0.125", "share = 0.5", "share = '0.125'"),
    "word": ("word = 'Pooling'", "word = 'pooling'", "word = ['Pooling']"),
    "names": ("names = ['b', 'a']", "names = ['a', 'b']", "names = ('b', 'a')"),
    "pair": ("pair = (1, 'x')", "pair = (1, 'y')", "pair = [1, 'x']"),
    "table": ("table = {'a': [1, 2], 'b': {3}}", "table = {'a': [2, 1], 'b': {3}}", "table = 5"),
    "kinds": ("kinds = {1, 2}", "kinds = {1, 3}", "kinds = [1, 2]"),
    "flag": ("flag = True", "flag = False", "flag = 1"),
    "grid": (
        "grid = np.arange(6.0).reshape(2, 3)",
        "grid = np.arange(6.0)",
        "grid = [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]",
    ),
    "double": (
        "def double(x):\n    return 2 * x",
        "def double(x):\n    return 3 * x",
        "def double(x):\n    raise ValueError",
    ),
}
"""Variable or function → a right answer and two wrong ones."""

TESTED = {"double": "double(3); double('ab'); double(np.array([1.5, 2.5])); double([1, 2])"}


def marked(source: str, name: str, **flags: object) -> nbformat.NotebookNode:
    full = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, "grade_id": name}
    return new_code_cell(source, id=name, metadata={"nbgrader": {**full, **flags}})


def notebook(answers: dict[str, str]) -> nbformat.NotebookNode:
    """The instructor's notebook; of each answer one test in the open, one hashed, and one hidden."""
    cells = [new_code_cell("import numpy as np", id="setup")]
    for name, answer in answers.items():
        expression = TESTED.get(name, name)
        cells.append(marked(f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION", name, solution=True))
        tests = {
            "open": f"import numpy as np\n### AUTOTEST {expression}",
            "hashed": f"import numpy as np\n### HASHED AUTOTEST {expression}",
            "hidden": f"import numpy as np\n### BEGIN HIDDEN TESTS\n### HASHED AUTOTEST {expression}\n### END HIDDEN TESTS",
        }
        cells += [marked(test, f"{name}-{kind}", grade=True, locked=True, points=2) for kind, test in tests.items()]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return new_notebook(cells=cells, metadata=kernel)


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "nbgrader", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
    )


def scores(course: Path) -> dict[tuple[str, str], float]:
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in book.assignment_submissions("ps1")
            for made in submission.notebooks
            for grade in made.grades
        }


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A course with one right and two wrong submissions, as `generate_assignment` released it."""
    course = tmp_path_factory.mktemp("course")
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'c'\n")
    shutil.copy(TEMPLATES, course)
    source = course / "source" / "ps1"
    source.mkdir(parents=True)
    nbformat.write(notebook({name: answers[0] for name, answers in ANSWERS.items()}), source / "p1.ipynb")
    done = run("generate_assignment", "ps1", cwd=course)
    assert done.returncode == 0, done.stderr[-3000:]
    for which, student in enumerate(("right", "wrong", "another")):
        folder = course / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        made = nbformat.read(course / "release" / "ps1" / "p1.ipynb", 4)
        for cell in made.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in ANSWERS:
                cell.source = ANSWERS[name][which]
        nbformat.write(made, folder / "p1.ipynb")
    return course


def test_the_engine_gives_the_points_of_stock_nbgrader(released, tmp_path):
    stock, command_line, configured = (shutil.copytree(released, tmp_path / name) for name in ("a", "b", "c"))
    done = run("autograde", "ps1", cwd=stock)
    assert done.returncode == 0, done.stderr[-3000:]
    expected = scores(stock)
    assert {points for (student, _), points in expected.items() if student == "right"} == {2.0}
    assert {points for (student, _), points in expected.items() if student != "right"} == {0.0}

    with (command_line / "nbgrader_config.py").open("a") as file:
        file.write("\nc.GradingEngine.modules = ['numpy']\n")
    assert command.main(["ps1", "--course", str(command_line), "--jobs", "1", "--create"]) == 0
    assert scores(command_line) == expected

    with (configured / "nbgrader_config.py").open("a") as file:
        file.write(CONFIGURED)
    done = run("autograde", "ps1", cwd=configured)
    assert done.returncode == 0, done.stderr[-3000:]
    assert scores(configured) == expected
    shown = (configured / "autograded/right/ps1/p1.ipynb").read_text()
    assert "### AUTOTEST" not in shown and "HIDDEN TESTS" not in shown


def refused(course: Path) -> str:
    config, nbgraders, _ = command.load(course)
    with pytest.raises(BadArgumentError) as error:
        autotests.gradable_tests(course / "source/ps1", "ps1", ["p1"], nbgraders.db_url, config)
    return str(error.value)


def change(course: Path, before: str, after: str) -> None:
    path = course / "source/ps1/p1.ipynb"
    made = nbformat.read(path, 4)
    assert any(before in cell.source for cell in made.cells)
    for cell in made.cells:
        cell.source = cell.source.replace(before, after)
    nbformat.write(made, path)


def test_a_test_that_nobody_has_written_is_refused_before_anybody_is_graded(released, tmp_path):
    course = shutil.copytree(released, tmp_path / "course")
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        cell = book.find_source_cell("count-open", "p1", "ps1")
        cell.source = "import numpy as np\n### AUTOTEST count"
        book.db.commit()
    said = refused(course)
    assert "In line 2 of the test cell 'count-open' of p1.ipynb stands an AUTOTEST" in said
    assert said.endswith("Run: nbgrader generate_assignment ps1")
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(CONFIGURED)
    done = run("autograde", "ps1", cwd=course)
    assert done.returncode != 0 and "Run: nbgrader generate_assignment ps1" in done.stderr
    assert not list((course / "autograded").glob("*")) and scores(course) == {}


@pytest.mark.parametrize("after", ["### AUTOTEST count + 1", "assert count > 3\n### AUTOTEST count"])
def test_a_test_written_for_another_source_is_refused(released, tmp_path, after):
    course = shutil.copytree(released, tmp_path / "course")
    change(course, "### AUTOTEST count", after)
    # Both cells' lines hold these words; the first of them is named.
    assert "'count-open' of p1.ipynb has changed since the tests for its AUTOTEST lines were written" in refused(course)


def test_a_notebook_of_another_language_is_refused(tmp_path):
    made = new_notebook(metadata={"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}})
    nbformat.write(made, tmp_path / "p1.ipynb")
    with pytest.raises(BadArgumentError, match="is in R; the engine grades notebooks in Python"):
        read_pristine(tmp_path, "p1")
