"""What `nbgrader autograde`, `generate_feedback` and `release_feedback` do of nbgrader's own, with the engine in place."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from test_autotest import CONFIGURED, run
from test_engine import cell, file_of
from traitlets.config import Config

from nbgrader_isolated.commands import grade as command
from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.gradebook.neighbours import put_neighbours
from nbgrader_isolated.plugin.configuration import GradingEngine
from nbgrader_isolated.run.attachments import look

LAB = [
    cell("value = 4", "answer", "value"),
    cell("assert value == 4", "test", "test-value", 2),
    cell("Why?", "manual", "why", 3, "markdown"),
]


def answered(value: str, words: str = "Because.") -> list[dict]:
    return [{**LAB[0], "source": f"value = {value}"}, LAB[1], {**LAB[2], "source": words}]


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    course = tmp_path_factory.mktemp("as in nbgrader") / "course"
    (course / "source" / "ps").mkdir(parents=True)
    (course / "source" / "ps" / "lab.ipynb").write_bytes(file_of(LAB))
    (course / "source" / "ps" / "data.csv").write_text("the instructor's")
    (course / "nbgrader_config.py").write_text("c = get_config()\n" + CONFIGURED)
    assert run("generate_assignment", "ps", cwd=course).returncode == 0
    return course


@pytest.fixture
def course(released, tmp_path):
    return shutil.copytree(released, tmp_path / "course")


def hand_in(course: Path, student: str, cells: list[dict], **files: str) -> Path:
    folder = course / "submitted" / student / "ps"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lab.ipynb").write_bytes(file_of(cells))
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def grade(course: Path, *arguments: str) -> int:
    return command.main(["ps", "--course", str(course), "--jobs", "1", "--create", *arguments])


def grades(course: Path, student: str) -> dict[str, tuple[float | None, bool]]:
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        found = book.find_submission_notebook("lab", "ps", student).grades
        return {each.name: (each.auto_score, each.needs_manual_grade) for each in found}


def there(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_files_beside_a_notebook_come_to_whoever_marks_and_nothing_that_their_own_kernel_would_run(tmp_path):
    submitted, graded = tmp_path / "submitted", tmp_path / "graded"
    (submitted / "data" / "numpy").mkdir(parents=True)
    (submitted / "random").mkdir()
    graded.mkdir()
    for name in (
        "plot.png",
        "helper.py",
        "numpy.py",
        "nbgrader_config.py",
        "old.pyc",
        "data/a.csv",
        "data/numpy/b.csv",
    ):
        (submitted / name).write_text(name)
    (submitted / "random" / "__init__.py").write_text("")
    (submitted / "secret").symlink_to("/etc/passwd")
    os.mkfifo(submitted / "pipe")
    kept = ["lab.ipynb", "timestamp.txt"]
    for name in (*kept, "gone.txt"):
        (graded / name).write_text("kept")
    (graded / "data").write_text("a file where there is a folder now")
    (graded / "plot.png").mkdir()
    put_neighbours(look(submitted), graded, ["*.pyc"])
    assert there(graded) == {*kept, "plot.png", "helper.py", "data/a.csv", "data/numpy/b.csv"}
    assert (graded / "plot.png").stat().st_mode & 0o077 == 0
    (submitted / "plot.png").unlink()
    put_neighbours(look(submitted), graded, ["*.pyc"])
    assert there(graded) == {*kept, "helper.py", "data/a.csv", "data/numpy/b.csv"}


def test_grade_puts_them_there_too_and_says_what_is_unchanged(course, capsys):
    submitted = hand_in(course, "ada", answered("4"), **{"data.csv": "a student's", "notes/mine.txt": "mine"})
    graded = course / "autograded" / "ada" / "ps"
    assert grade(course) == 0
    assert there(graded) == {"lab.ipynb", "data.csv", "notes/mine.txt"}
    assert (graded / "data.csv").read_text() == "the instructor's"
    assert "unchanged" not in capsys.readouterr().out
    assert grade(course) == 0
    said = capsys.readouterr().out
    assert "[1/1] ada: graded, 2 of 2 points, unchanged\n" in said and ": 1 graded; 1 unchanged, graded before." in said
    shutil.rmtree(submitted / "notes")
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.Autograde.exclude_overwriting = {'ps': ['data.csv']}\n")
    assert grade(course) == 0
    assert there(graded) == {"lab.ipynb", "data.csv"} and (graded / "data.csv").read_text() == "a student's"


def test_without_execution_no_output_that_was_handed_in_earns_a_point(course):
    forged = [{"output_type": "execute_result", "data": {"text/plain": "2"}, "metadata": {}, "execution_count": 7}]
    forged += [{"output_type": "display_data", "data": {"text/html": "<script>pwned()</script>"}, "metadata": {}}]
    cells = json.loads(json.dumps(answered("5")))
    for each in cells[:2]:
        each["outputs"] = [*forged, {"output_type": "nonsense"}, 3]
    hand_in(course, "ada", cells)
    hand_in(course, "cut", [])
    (course / "submitted" / "cut" / "ps" / "lab.ipynb").write_text("{")
    done = run("autograde", "ps", "--no-execute", cwd=course)
    assert done.returncode == 0 and "every test needs manual review" in done.stderr, done.stderr[-3000:]
    assert grades(course, "ada")["test-value"] == (None, True)
    assert grades(course, "cut")["test-value"] == (0.0, False)
    shown = nbformat.read(course / "autograded" / "ada" / "ps" / "lab.ipynb", 4)
    assert [each.outputs for each in shown.cells[:2]] == [forged[:1], forged[:1]]
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.Execute.enabled = False\n")
    with pytest.raises(BadArgumentError, match="nbgrader autograde ps --no-execute"):
        grade(course)


@pytest.mark.parametrize(
    ("section", "timeout", "expected"),
    [
        (None, None, (300, 120, 300)),
        ("Execute", 7, (7, 7, 7)),
        ("ExecutePreprocessor", 600, (600, 600, 600)),
        ("Execute", None, (1800, 1800, 1800)),
        ("Execute", -1, (1800, 1800, 1800)),
    ],
)
def test_nbgraders_time_for_a_cell_is_the_engines_where_it_is_set(section, timeout, expected):
    config = Config()
    if section:
        config[section].timeout = timeout
    engine = GradingEngine(config=config)
    assert (engine.cell_seconds, engine.question_seconds, engine.check_seconds) == expected
    config.GradingEngine.cell_seconds = 20
    assert GradingEngine(config=config).settings("ps").times.cell == 20


def test_words_in_place_of_a_time_keep_one_submission_from_being_graded_and_no_other(course):
    hand_in(course, "ada", answered("4"), **{"timestamp.txt": "yesterday, I swear"})
    hand_in(course, "bob", answered("4"), **{"timestamp.txt": ""})
    done = run("autograde", "ps", cwd=course)
    assert done.returncode == 1 and "nobody can tell whether this was late" in done.stderr
    assert there(course / "autograded") == {"bob/ps/lab.ipynb", "bob/ps/timestamp.txt", "bob/ps/data.csv"}


def test_feedback_says_what_is_not_marked_yet_and_is_released_to_whom_it_can_be(course):
    receipts = {"timestamp.txt": "2030-02-02 15:30:00.000000 UTC", "submission_secret.txt": "a1" * 64}
    hand_in(course, "ada", answered("4"), **receipts)
    hand_in(course, "bob", answered("3"))
    assert grade(course) == 0
    assert grades(course, "ada") == {"test-value": (2.0, False), "why": (None, True)}
    assert run("generate_feedback", "ps", cwd=course).returncode == 0
    page = (course / "feedback" / "ada" / "ps" / "lab.html").read_text()
    assert "(Score: 2.0 so far / 5.0)" in page and "Score: 2.0 / 2.0" in page
    assert page.count("Score: not marked yet / 3.0") == 2
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        mark = book.find_grade("why", "lab", "ps", "ada")
        mark.manual_score, mark.needs_manual_grade = 0.0, False
        book.db.commit()
    assert run("generate_feedback", "ps", "--force", cwd=course).returncode == 0
    page = (course / "feedback" / "ada" / "ps" / "lab.html").read_text()
    assert "(Score: 2.0 / 5.0)" in page and page.count("Score: 0.0 / 3.0") == 2 and "not marked yet" not in page
    exchange = course.parent / "exchange"
    exchange.mkdir()
    exchange.chmod(0o1777)
    done = run("release_feedback", "ps", "--course", "abc101", f"--Exchange.root={exchange}", cwd=course)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    assert "came with the submission: feedback/bob/ps." in done.stderr
    assert len([*exchange.rglob("*.html")]) == 1
