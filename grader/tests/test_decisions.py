"""Extensions and settled pairs: tables that are read in the forms people write them, and refused by the line that is wrong."""

from __future__ import annotations

import pytest
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from nbgrader_isolated import cli
from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.gradebook.decisions import EXTENSIONS, SETTLED, extra_days, require_known, settled_pairs
from nbgrader_isolated.gradebook.late import LatePenalty
from nbgrader_isolated.plugin.configuration import load
from nbgrader_isolated.plugin.configure import configure
from nbgrader_isolated.plugin.preflight import private_places

TABLE = "assignment,student,days\nlab,ada,3\nlab,bob,0.5\nother,ada,9\n"


@pytest.mark.parametrize(
    "text",
    [TABLE, TABLE.replace(",", ";"), "\ufeff" + TABLE, TABLE.replace("\n", "\r\n"), TABLE.replace(",", " , ") + ",,\n\n",
     "Student,Why,Days,Assignment\nada,ill,3,lab\nbob,,0.5,lab\nada,,9,other\n"],
    ids=["plain", "semicolons", "byte order mark", "Windows", "spaces", "other columns"],
)  # fmt: skip
def test_extensions_are_read_in_whatever_form_they_come(text, tmp_path):
    (tmp_path / EXTENSIONS).write_text(text, encoding="utf-8", newline="")
    assert extra_days(tmp_path / EXTENSIONS, "lab") == {"ada": 3, "bob": 0.5}


def test_no_table_means_no_extension_and_no_pair(tmp_path):
    assert extra_days(tmp_path / EXTENSIONS, "lab") == {} and settled_pairs(tmp_path / SETTLED, "lab") == set()
    require_known(tmp_path, "lab", assignments=["lab"], students=[])


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (EXTENSIONS, "lab,adda,3", r"extensions.csv, line 2: expected a student on the roster, received 'adda'. Is it 'ada'\?"),
        (EXTENSIONS, "lap,ada,3", r"line 2: expected an assignment of the course, received 'lap'. Is it 'lab'\?"),
        (EXTENSIONS, "lab,,3", "received ''. Correct it, or take the row out"),
        (EXTENSIONS, "lab,ada,three", "line 2: expected a number of days, 0 or more, received 'three'"),
        (EXTENSIONS, "lab,ada,-1", "received '-1'"),
        (EXTENSIONS, "lab,ada,nan", "received 'nan'"),
        (EXTENSIONS, "lab,ada,3\nlab,ada,4", "line 3: expected one extension of 'ada' for 'lab', found another"),
        (SETTLED, "lab,ada,bobb", r"settled.csv, line 2: expected a student on the roster, received 'bobb'. Is it 'bob'\?"),
    ],
)  # fmt: skip
def test_a_row_that_can_help_nobody_is_named(name, text, message, tmp_path):
    heads = "assignment,student,days" if name == EXTENSIONS else "assignment,student,other"
    (tmp_path / name).write_text(f"{heads}\n{text}\n")
    with pytest.raises(BadArgumentError, match=message):
        require_known(tmp_path, "lab", assignments=["lab"], students=["ada", "bob"])


def test_who_has_left_the_course_may_stay_in_the_table_for_what_is_over(tmp_path):
    (tmp_path / EXTENSIONS).write_text("assignment,student,days\nlab1,gone,3\nlab2,ada,1\n")
    require_known(tmp_path, "lab2", assignments=["lab1", "lab2"], students=["ada"])


def test_a_table_without_its_columns_is_refused(tmp_path):
    (tmp_path / EXTENSIONS).write_text("lab,ada,3\n")
    with pytest.raises(BadArgumentError, match="expected the columns assignment, student, days, received lab, ada, 3"):
        extra_days(tmp_path / EXTENSIONS, "lab")


def test_a_pair_is_settled_in_either_order_and_for_its_assignment_alone(tmp_path):
    (tmp_path / SETTLED).write_text("assignment,student,other\nlab,bob,ada\n")
    assert settled_pairs(tmp_path / SETTLED, "lab") == {frozenset(("ada", "bob"))}
    assert settled_pairs(tmp_path / SETTLED, "other") == set()


def test_every_command_reads_the_table_in_the_courses_folder_wherever_it_was_started(tmp_path, monkeypatch):
    course = tmp_path / "course"
    course.mkdir()
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    (course / EXTENSIONS).write_text(TABLE)
    config = Config()
    config.CourseDirectory.root = str(course)
    configure(config)
    monkeypatch.chdir(tmp_path)
    for settings in (config, load(course)[0]):
        parent = AssignLatePenalties()
        parent.assignment_id = "lab"
        plugin = LatePenalty(config=settings, parent=parent)
        assert plugin.late_submission_penalty("ada", 90, 2.9 * 86400) == 0
        assert plugin.late_submission_penalty("eve", 90, 2.9 * 86400) == pytest.approx(27)


def test_the_tables_are_the_instructors_alone_and_a_stranger_stops_grading(tmp_path, capsys):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    (tmp_path / EXTENSIONS).write_text("assignment,student,days\nlab,adda,3\n")
    for place in ("source/lab", "submitted/ada/lab"):
        (tmp_path / place).mkdir(parents=True)
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        book.add_student("ada")
        book.add_assignment("lab")
        book.add_notebook("lab", "lab")
    (tmp_path / "source/lab/lab.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    _, course, engine = load(tmp_path)
    assert tmp_path / EXTENSIONS in private_places(course, engine).others
    assert cli.main(["grade", "lab", "--course", str(tmp_path), "--allow-open"]) == 1
    assert "expected a student on the roster, received 'adda'. Is it 'ada'?" in capsys.readouterr().err
    assert not (tmp_path / "evidence").exists()
