"""Writing a submission takes as much work in a full gradebook as in an empty one, and no index of ours is in nbgrader's way."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from datetime import datetime
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import event
from sqlalchemy.pool import Pool
from test_command import nbgrader
from test_engine import cell, file_of

from nbgrader_isolated.gradebook.marks import Writer, add_indexes
from nbgrader_isolated.outcomes import Mark, Outcome, Record
from nbgrader_isolated.plugin.configuration import load

LAB = [cell("x = 1", "answer", "one"), cell("assert x == 1", "test", "test-one", 3), cell("assert x", "test", "two", 1)]
OURS = {
    "nbgrader_isolated_submitted_notebook_assignment_id": "submitted_notebook",
    "nbgrader_isolated_grade_notebook_id": "grade",
    "nbgrader_isolated_comment_notebook_id": "comment",
}


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """One lab, due long ago, so that penalties are worked out too."""
    course = tmp_path_factory.mktemp("released")
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    (course / "source" / "lab").mkdir(parents=True)
    (course / "source" / "lab" / "lab.ipynb").write_bytes(file_of(LAB))
    nbgrader("generate_assignment", "lab", cwd=course)
    with gradebook(course) as book:
        book.update_or_create_assignment("lab", duedate=datetime(2020, 1, 1))
    return course


@pytest.fixture
def course(released, tmp_path):
    return shutil.copytree(released, tmp_path / "course")


def gradebook(course):
    return Gradebook(f"sqlite:///{course / 'gradebook.db'}")


def writer_of(course):
    return Writer(*reversed(load(course)[:2]), "lab")


def records():
    marks = [Mark("test-one", 3.0, 3.0), Mark("two", 1.0, 1.0)]
    return [Record("lab", Outcome.GRADED, marks=marks, cells=json.loads(file_of(LAB)))]


def late(course, student):
    folder = course / "submitted" / student / "lab"
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text("2020-01-03 00:00:00 UTC")
    return folder


def indexes(course):
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as other:
        return dict(other.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))


@contextlib.contextmanager
def steps():
    """Counts what SQLite does, in the instructions of its own machine: the same on every computer, however busy."""
    counted = SimpleNamespace(number=0)

    def count():
        counted.number += 1

    def connected(connection, _):
        connection.set_progress_handler(count, 1)

    event.listen(Pool, "connect", connected)
    try:
        yield counted
    finally:
        event.remove(Pool, "connect", connected)


def test_a_submission_takes_as_many_steps_in_a_full_gradebook_as_in_an_empty_one(course):
    writer, taken = writer_of(course), {}
    writer.write("somebody", records(), late(course, "somebody"))
    for students in (1, 60):
        for number in range(students):
            writer.write(f"s{students}-{number}", [])
        with steps() as counted:
            writer.write(f"new{students}", records(), late(course, f"new{students}"))
            writer.write(f"new{students}", records(), course / "submitted" / f"new{students}" / "lab")
        taken[students] = counted.number
    assert taken[1] > 1000
    assert taken[60] <= taken[1] * 1.01, taken
    with gradebook(course) as book:
        assert [book.find_submission("lab", student).score for student in ("somebody", "new1", "new60")] == [4.0] * 3


def test_the_indexes_are_there_once_and_nbgrader_s_commands_work_with_them(course):
    writer_of(course), writer_of(course)
    assert indexes(course) == OURS
    nbgrader("db", "upgrade", cwd=course)
    nbgrader("generate_assignment", "lab", "--force", cwd=course)
    writer_of(course).write("amy", records())
    nbgrader("export", cwd=course)
    assert "amy" in (course / "grades.csv").read_text()
    assert indexes(course) == OURS


@pytest.mark.parametrize("made", [False, True])
def test_a_gradebook_that_cannot_be_written_to_can_be_opened_with_its_indexes_or_without(course, made):
    if made:
        writer_of(course)
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(f"c.CourseDirectory.db_url = 'sqlite:///{course}/gradebook.db?timeout=0.1'\n")
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        assert writer_of(course).students() == set()
    assert indexes(course) == (OURS if made else {})
    read_only = f"sqlite:///file:{course}/gradebook.db?mode=ro&uri=true"
    with Gradebook(read_only) as book:
        add_indexes(book)
        assert [assignment.name for assignment in book.assignments] == ["lab"]
    assert indexes(course) == (OURS if made else {})


def test_a_gradebook_in_another_database_is_left_alone():
    add_indexes(SimpleNamespace(engine=SimpleNamespace(dialect=SimpleNamespace(name="postgresql"))))
