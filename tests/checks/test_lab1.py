"""What is special to lab 1's checks; what holds for every lab is in test_labs.py."""

from __future__ import annotations

import pytest
from lab_checks import parameters_of_checks

from authoring.checking import lab as lab_harness
from authoring.checking.answers import read_answers
from course_utils.checks import lab1
from course_utils.checks.lab1 import exercises
from tests.trap import Trap

ANSWERS = read_answers("lab1")


@pytest.fixture(scope="module")
def lab():
    return lab_harness.Lab("lab1")


def reference(lab, name):
    """The worked solution's function of that name."""
    names = lab.fresh_names()
    for cell in lab.cells:
        if cell.role == "answer":
            lab_harness.run_cell(cell, names)
    return names[name]


def test_a_damaged_classifier_is_told_once_and_does_not_spoil_the_next_check(lab):
    [damaging] = [one for one in ANSWERS if one.name == "vector_by_damaging_the_classifier"]
    names = lab.fresh_names()
    exec(damaging.source, names)
    verdict = exercises.penultimate(names["penultimate"])
    assert "expected it to stay as it was" in verdict.text()
    assert exercises.penultimate(reference(lab, "penultimate")).outcome == "right"


@pytest.mark.parametrize("exercise", parameters_of_checks(lab1))
@pytest.mark.parametrize("kind", ["value", "in a list", "in a dictionary", "model", "function"])
def test_no_value_whatever_makes_a_check_end_in_a_traceback(exercise, kind):
    import keras

    class Unruly(keras.Model):
        output_shape = input_shape = property(Trap._spring)

        def call(self, images):
            raise RuntimeError("sprung")

    value = {
        "value": Trap(),
        "in a list": [Trap()] * 5,
        "in a dictionary": {f"block{number}": Trap() for number in range(1, 6)},
        "model": Unruly() if kind == "model" else None,
    }.get(kind)
    verdict = getattr(exercises, exercise)(Trap() if kind == "function" else lambda *given: value)
    assert verdict.outcome == "not yet"
    assert verdict.findings
    assert verdict.score < 0.2, "only what does not depend on the value, such as an unharmed classifier"


def test_the_tests_an_answer_can_touch_include_those_of_answers_that_use_it(lab):
    source = "def prepare_batch(photos, name):\n    pass\n"
    assert lab.tests_that_see("prepare-batch", source) == {"test-prepare-batch"}
    source = "def prepare_batch(photos, name):\n    pass\n\n\ndef top_five():\n    pass\n"
    assert lab.tests_that_see("prepare-batch", source) == {"test-prepare-batch", "test-top-five"}
