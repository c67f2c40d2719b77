"""The page of published figures says what the benchmark measured, and what is exact is equal."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RESULTS = json.loads((ROOT / "benchmarks" / "results" / "published.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def benchmark():
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        import published
    finally:
        sys.path.pop(0)
    return published


def test_the_page_is_what_the_results_say(benchmark):
    assert benchmark.PAGE.read_text("utf-8") == benchmark.page(*map(benchmark.on_file, benchmark.SOURCES)), (
        "run `python benchmarks/published.py --page`"
    )


def test_every_published_accuracy_of_the_code_along_stands_there_with_the_images_it_was_taken_on(benchmark):
    rows = [line.split(" | ") for line in benchmark.PAGE.read_text("utf-8").splitlines() if "| accuracy" in line]
    assert [published for *_, published, _ in rows] == ["test 90 to 93 %", "validation 93.0 %", "test 90.6 %"]
    assert all(ours.startswith("on other images, ") for *_, ours in rows)


def test_the_two_answers_about_fine_tuning_stand_with_their_baselines(benchmark):
    text = " ".join(benchmark.PAGE.read_text("utf-8").split())
    assert "compared here with a dense head" in text and "Lesson 6 compares it with logistic regression" in text
    uses = benchmark.on_file("fine_tuning")["uses"]["rows"]
    value, low, _ = next(row["against_standalone"] for row in uses if row["use"] == benchmark.TUNED_IN_LESSON_6)
    assert f"as its head: {100 * value:+.1f} points ({100 * low:+.1f} to " in text


def test_counts_are_the_published_ones(benchmark):
    rows = benchmark.exact()
    assert rows == RESULTS["exact"]
    assert all(row["ours"] == row["published"] for row in rows)


def test_methods_come_in_the_published_order_where_our_images_decide_it():
    steps = RESULTS["methods"]["steps"]
    assert steps["features over scratch, augmented"][1] > 0
    assert all(high > 0 for _, _, high in steps.values()), "none is beyond doubt the other way round"


def test_precomputed_features_are_the_cheaper_mode():
    assert RESULTS["modes"]["end_to_end_over_cached"] > 2


def test_every_file_that_the_page_links_to_is_there(benchmark):
    for target in re.findall(r"\]\(([^)]+)\)", benchmark.PAGE.read_text("utf-8")):
        assert (benchmark.PAGE.parent / target).is_file(), target
