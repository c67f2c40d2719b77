"""How often the labs' checks are wrong: what is on file is good enough, and the instructors' page says what is on file."""

from __future__ import annotations

import importlib
import json

import pytest

from authoring.checking.answers import ROOT, labs
from authoring.checking.coverage import demands_of
from course_utils.checks.lab4 import artefacts, stages
from course_utils.checks.lab6 import handed_in


@pytest.fixture
def calibrate(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    return importlib.import_module("calibrate")


def test_the_instructors_page_says_what_is_on_file_and_nothing_else(calibrate):
    text, runs = calibrate.DOCUMENT.read_text("utf-8"), calibrate.kept_runs()
    assert calibrate.documented(text, runs) == text, "run: python benchmarks/calibrate.py --document"
    assert calibrate.report(runs) in text


def test_limits_were_measured_as_they_are_and_part_right_from_wrong():
    found = json.loads((ROOT / "benchmarks/results/calibration_limits.json").read_text("utf-8"))
    downhill, gain = found["downhill"], found["gain"]
    assert (downhill["limit"], downhill["margin"]) == (stages.DOWNHILL, stages.MARGIN)
    assert gain["limit"] == handed_in.LEAST_GAIN
    for part in (downhill, gain):
        assert all(row["passed"] == row["runs"] for row in part["right"].values())
        assert not any(row["passed"] for row in part["wrong"].values())


@pytest.mark.parametrize(
    ("lab", "exercise", "demand", "limit"),
    [
        ("lab4", "trained-tensors", "learned", artefacts.THRESHOLD),
        ("lab4", "trained-tensors", "learned", artefacts.LEAST_GAIN),
        ("lab6", "hand-in", "second stage", handed_in.LEAST_GAIN),
    ],
)
def test_a_limit_stands_in_the_demand_that_it_decides(lab, exercise, demand, limit):
    assert f"at least {100 * limit:g} %" in demands_of(lab)[exercise][demand]


@pytest.mark.parametrize("lab", labs())
def test_hardly_any_right_answer_fails_and_no_wrong_one_passes(calibrate, lab):
    row = calibrate.summary(calibrate.kept_runs()).get(lab)
    assert row is not None and row["right_runs"] >= 100, f"run: python benchmarks/calibrate.py {lab}"
    assert row["right_runs"] - row["right_passed"] <= 0.005 * row["right_runs"]
    assert row["wrong_runs"]
    assert row["wrong_passed"] == 0


def test_rates_are_worked_out_from_runs(calibrate):
    runs = {
        "lab1": {
            "right": {"one": {"0": True, "1": False}, "two": {"0": True, "1": True}},
            "wrong": {"three": {"0": True}, "four": {"0": False}},
        }
    }
    row = calibrate.summary(runs)["lab1"]
    assert (row["right_runs"], row["right_passed"], row["false_fail_rate"]) == (4, 3, 0.25)
    assert (row["wrong_runs"], row["wrong_passed"], row["wrong_pass_rate"]) == (2, 1, 0.5)
