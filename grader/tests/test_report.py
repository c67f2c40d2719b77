"""What the report says is what the gradebook and the records hold: points, what is open, late or missing, how it was graded."""

from __future__ import annotations

import csv
import logging
import warnings
from datetime import datetime, timedelta

import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from nbgrader_isolated import cli
from nbgrader_isolated.commands import report
from nbgrader_isolated.gradebook.standing import Standing, cells, plural, summary
from nbgrader_isolated.outcomes import Mark, Outcome, Record
from nbgrader_isolated.plugin.autograde import SubmittedNotebook
from nbgrader_isolated.run.records import write_plain
from nbgrader_isolated.sandbox import bubblewrap

DUE = datetime(2026, 11, 2, 18)
CONFIG = """c = get_config()
c.AssignLatePenalties.plugin_class = "nbgrader_isolated.gradebook.late.LatePenalty"
"""


def open_book(course):
    return Gradebook(f"sqlite:///{course}/gradebook.db")


@pytest.fixture
def course(tmp_path):
    """A gradebook of one test and one essay, a class in every state, and the records that go with it."""
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    with open_book(tmp_path) as book, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own way of adding a submission
        book.add_assignment("lab", duedate=DUE)
        book.add_notebook("lab", "lab")
        book.add_grade_cell("test", "lab", "lab", max_score=20, cell_type="code")
        book.add_grade_cell("essay", "lab", "lab", max_score=10, cell_type="markdown")
        for student in ("ada", "bob", "cut", "dan", "eve", "fay"):
            book.add_student(student)
        for student, handed_in in (("ada", DUE), ("bob", None), ("cut", DUE + timedelta(hours=30)), ("fay", DUE)):
            book.add_submission("lab", student, timestamp=handed_in)
        book.db.commit()
    give(tmp_path, "ada", test=0.1 + 0.2, essay=8, extra=1.5)
    give(tmp_path, "bob", test=20, essay=None)
    give(tmp_path, "cut", test=20, essay=10, late=6)
    give(tmp_path, "fay", test=20, essay=10)
    for student, outcome in (("ada", "graded"), ("bob", "graded"), ("cut", "timed out")):
        place = tmp_path / "evidence" / "lab" / student / "lab"
        place.mkdir(parents=True)
        write_plain(place, Record("lab", Outcome(outcome), marks=[Mark("test", 20.0, 20.0)], seconds=2.04).plain())
    handed = tmp_path / "submitted" / "dan" / "lab"
    handed.mkdir(parents=True)
    (handed / "timestamp.txt").write_text("2026-11-02 19:00:00.000000 UTC")
    return tmp_path


def give(course, student, *, test, essay, extra=0.0, late=0.0):
    with open_book(course) as book:
        grades = {name: book.find_grade(name, "lab", "lab", student) for name in ("test", "essay")}
        grades["test"].auto_score, grades["essay"].manual_score = test, essay
        grades["test"].needs_manual_grade = False
        grades["essay"].needs_manual_grade, grades["essay"].extra_credit = essay is None, extra
        book.find_submission_notebook("lab", "lab", student).late_submission_penalty = late
        book.db.commit()


def told(course, capsys, *options):
    assert cli.main(["report", "lab", "--course", str(course), *options]) == 0
    return capsys.readouterr().out


def table_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_points_add_up_and_are_written_as_people_write_them(course, capsys):
    told(course, capsys, "--csv", str(course / "t.csv"))
    found = table_of(course / "t.csv")
    columns = ("automatic", "by hand", "extra credit", "late penalty", "total", "of", "open")
    assert {name: [row[column] for column in columns] for name, row in found.items()} == {
        "ada": ["0.3", "8", "1.5", "0", "9.8", "30", "0"],
        "bob": ["20", "0", "0", "0", "20", "30", "1"],
        "cut": ["20", "10", "0", "6", "24", "30", "0"],
        "dan": ["", "", "", "", "", "30", ""],
        "eve": ["", "", "", "", "", "30", ""],
        "fay": ["20", "10", "0", "0", "30", "30", "0"],
    }
    with open_book(course) as book:  # as nbgrader counts them, penalties apart
        for name in ("ada", "bob", "cut"):
            submission = book.find_submission("lab", name)
            assert float(found[name]["total"]) == pytest.approx(submission.score - submission.late_submission_penalty)


def test_late_missing_and_ungraded_work_is_said_and_a_time_that_is_not_known_is_no_time(course, capsys):
    printed = told(course, capsys, "--csv", str(course / "t.csv"))
    found = {
        name: (row["outcome"], row["late"], row["handed in (UTC)"]) for name, row in table_of(course / "t.csv").items()
    }
    assert found == {
        "ada": ("graded", "", "2026-11-02 18:00"),
        "bob": ("graded", "not known", ""),
        "cut": ("timed out", "1 d 6 h", "2026-11-04 00:00"),
        "dan": ("not graded yet", "1 h", "2026-11-02 19:00"),
        "eve": ("nothing handed in", "", ""),
        "fay": ("no record", "", "2026-11-02 18:00"),
    }
    assert "No time of handing in is known of these, so they are never late: bob." in printed
    assert (
        "6 students: 4 graded, 1 not graded yet, 1 nothing handed in; open, and 0 until given: 1 mark of 1 student."
        in printed
    )


def test_a_penalty_that_is_older_than_the_marks_is_said(course, capsys):
    assert "was computed before" not in told(course, capsys)
    give(course, "cut", test=20, essay=5, late=6)
    assert "computed before the last marks by hand; run `grade` once more: cut." in told(course, capsys)
    (course / "extensions.csv").write_text("assignment,student,days\nlab,cut,2\n")
    give(course, "cut", test=20, essay=5, late=0)
    assert "was computed before" not in told(course, capsys)


def test_columns_that_say_nothing_of_anybody_are_not_printed(course, capsys):
    assert " extra credit " in told(course, capsys)
    give(course, "ada", test=3, essay=8)
    heads = told(course, capsys).splitlines()[0]
    assert "extra credit" not in heads and "late penalty" in heads and "MB" not in heads


def test_nothing_to_report_and_an_assignment_that_is_not_there_are_explained(course, capsys):
    assert cli.main(["report", "lap", "--course", str(course)]) == 1
    assert "has no assignment 'lap'. Run: nbgrader generate_assignment lap" in capsys.readouterr().err
    with open_book(course) as book:
        book.add_assignment("new")
    assert cli.main(["report", "new", "--course", str(course)]) == 1
    assert "Nothing of 'new' is graded. Run: nbgrader-isolated grade new" in capsys.readouterr().err


def test_table_and_csv_say_which_submissions_were_graded_without_a_sandbox():
    inside, outside = (Standing(name, "graded", 2.0, total=1.0, sandboxed=name == "ada") for name in ("ada", "bob"))
    assert [cells(one)[-1] for one in (inside, outside)] == ["yes", "NO"]
    assert [line.split()[-1] for line in report.table([inside, outside]).splitlines()] == ["sandboxed", "yes", "NO"]
    assert "Graded WITHOUT A SANDBOX: bob." in list(report.remarks([inside, outside], {}, []))


def test_one_is_singular():
    assert (plural(1, "mark"), plural(2, "mark"), plural(0, "mark")) == ("1 mark", "2 marks", "0 marks")
    assert summary([Standing("ada", "graded", 2.0, total=1.0)]) == "1 student: 1 graded."


@pytest.mark.parametrize("available", [True, False])
def test_autograde_by_consent_warns_where_there_is_no_sandbox(available, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(bubblewrap, "probe", lambda: bubblewrap.Probe(available, "address space", "not here"))
    config = Config()
    config.GradingEngine.consent_to_no_sandbox = True
    converter = Autograde(coursedir=CourseDirectory(root=str(tmp_path)), config=config)
    monkeypatch.setattr(converter, "log", logging.getLogger("converter"))
    SubmittedNotebook(config=config, parent=converter)
    assert ("WITHOUT A SANDBOX" in caplog.text) is not available


def test_what_was_not_measured_is_no_zero_in_the_statistics():
    graded = {
        "ada": [Record("lab", Outcome.GRADED, marks=[Mark("test", 2.0, 2.0), Mark("essay", None, 5.0)])],
        "bob": [Record("lab", Outcome.NEEDS_MANUAL_REVIEW, marks=[Mark("test", None, 2.0), Mark("essay", None, 5.0)])],
        "eve": [Record("lab", Outcome.NOT_A_NOTEBOOK, marks=[Mark("test", 0.0, 2.0), Mark("essay", 0.0, 5.0)])],
    }
    assert report.exercises(graded).splitlines() == [
        "test: mean 2.00 of 2, 1 of 1 in full, 1 to review",
        "essay: 2 to review",
    ]
