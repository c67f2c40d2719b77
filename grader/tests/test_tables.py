"""What a spreadsheet opens: no name of a student's is a formula or moves a column, and points have the digits that count."""

from __future__ import annotations

import csv
import warnings

import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from nbgrader_isolated.gradebook import spreadsheet
from nbgrader_isolated.gradebook.spreadsheet import guarded, number
from nbgrader_isolated.gradebook.standing import HEADS, Standing, cells
from nbgrader_isolated.plugin.configure import ClosedCsv
from nbgrader_isolated.text_table import columns

FORMULAS = ["=1+1", "+4", "-2+3", "@SUM(A1)", "\tx", " =1", "\uff1d1+1", "\r=1"]


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def exported(tmp_path):
    """What the exporter makes of a class with names and points that nbgrader writes as they are."""
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        book.add_assignment("lab")
        book.add_notebook("nb", "lab")
        for name, points in (("t", 30), ("u", 30)):
            book.add_grade_cell(name, "nb", "lab", max_score=points, cell_type="code")
        for which, formula in enumerate(FORMULAS):
            book.add_student(formula, last_name=formula, first_name="Ada, Countess", email=f"{which}@x")
        with warnings.catch_warnings():  # nbgrader's own way makes SQLAlchemy warn, see ``gradebook.Writer.write``
            warnings.simplefilter("ignore", SAWarning)
            book.add_submission("lab", FORMULAS[0])
        for name, points in (("t", 26.9), ("u", 0.1 + 1e-15)):
            book.find_grade(name, "nb", "lab", FORMULAS[0]).auto_score = points
        book.db.commit()
        config = Config()
        config.ClosedCsv.to = str(tmp_path / "grades.csv")
        ClosedCsv(config=config).export(book)
    return rows(tmp_path / "grades.csv")


def test_the_exported_marks_have_nbgraders_columns_and_no_formula(exported):
    assert list(exported[0]) == [
        *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
        *("raw_score", "late_submission_penalty", "score", "max_score"),
    ]
    assert {row["student_id"] for row in exported} == {f"'{name}" for name in FORMULAS}
    assert {row["last_name"] for row in exported} == {f"'{name}" for name in FORMULAS}
    assert {row["first_name"] for row in exported} == {"Ada, Countess"}
    assert {(row["duedate"], row["max_score"]) for row in exported} == {("", "60")}


def test_points_are_exported_with_the_digits_that_count(exported):
    points = {row["student_id"]: (row["raw_score"], row["score"]) for row in exported}
    assert points.pop("'=1+1") == ("27", "27")
    assert set(points.values()) == {("0", "0")}


def test_the_report_has_no_formula_and_bears_a_name_that_is_no_text(tmp_path):
    graded = [Standing(name, "graded", 2.0, automatic=-0.5) for name in (*FORMULAS, "\udcff\udcfe")]
    spreadsheet.write(tmp_path / "marks.csv", HEADS, map(cells, graded))
    found = rows(tmp_path / "marks.csv")
    assert [row["student"] for row in found] == [*(f"'{name}" for name in FORMULAS), "\\udcff\\udcfe"]
    assert {row["automatic"] for row in found} == {"-0.5"}  # a number is no formula


def test_numbers_stay_numbers_and_text_stays_text():
    assert [number(value) for value in (27.000000000000004, 0.1 + 0.2, 0, -0.0000001, 100, 2.5, 1 / 3)] == [
        *("27", "0.3", "0", "0", "100", "2.5", "0.333333")
    ]
    assert (guarded(-3), guarded("lab1"), guarded("")) == (-3, "lab1", "")


def test_columns_line_up_to_the_left_or_to_the_right_and_no_line_ends_in_spaces():
    table = columns([("name", "points", "note"), ("Zoë", "7.5", ""), ("a long name", "10", "late")], right=[1])
    assert table.splitlines() == ["name         points  note", "Zoë             7.5", "a long name      10  late"]
