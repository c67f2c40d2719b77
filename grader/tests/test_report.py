"""Whoever reads a mark learns whether a sandbox was around the code that earned it: table, CSV, and a warning before."""

from __future__ import annotations

import csv
import logging

import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from nbgrader_isolated.commands import report
from nbgrader_isolated.outcomes import Mark, Outcome, Record
from nbgrader_isolated.plugin.autograde import SubmittedNotebook
from nbgrader_isolated.sandbox import bubblewrap


def test_table_and_csv_say_which_submissions_were_graded_without_a_sandbox(tmp_path):
    inside = Record("lab", Outcome.GRADED, marks=[Mark("test", 2.0, 2.0)])
    outside = Record("lab", Outcome.GRADED, marks=[Mark("test", 1.0, 2.0)], sandboxed=False)
    graded = {"ada": [inside], "bob": [outside], "both": [inside, outside]}
    report.write_csv(tmp_path / "marks.csv", graded)
    with open(tmp_path / "marks.csv", newline="") as file:
        found = {row["student"]: row["sandboxed"] for row in csv.DictReader(file)}
    assert found == {"ada": "yes", "bob": "NO", "both": "NO"}
    assert [line.split()[-1] for line in report.table(graded).splitlines()] == ["sandboxed", "yes", "NO", "NO"]


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
