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


def test_common_mistakes_are_named_and_partial_answers_earn_their_part():
    """Which ones is said in the answers' files (says, marks) and held by `make lab-check`."""
    assert sum(bool(answer.says) for answer in ANSWERS) >= 20
    assert sum(answer.marks is not None for answer in ANSWERS) >= 4


def test_an_answer_that_remembers_what_the_visible_check_wants_passes_it_and_fails_the_hidden_one(lab):
    top_five, remembered = reference(lab, "top_five"), []

    def parrot(classifier, photo, class_names):
        if not remembered:
            remembered.append(top_five(classifier, photo, class_names))
        return remembered[0]

    assert exercises.top_five(parrot).outcome == "right"
    assert exercises.top_five(parrot, seed=1).outcome == "not yet"


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


def test_frozen_layers_are_blamed_only_when_the_numbers_were_right_before_freezing():
    def forgets_the_frozen(base):
        counts = {}
        for layer in base.layers:
            block = layer.name.split("_")[0]
            counts[block] = counts.get(block, 0) + (layer.count_params() if layer.trainable else 0)
        return counts

    told = exercises.parameters_by_block(forgets_the_frozen)
    assert told.score == pytest.approx(0.8)
    assert "A frozen layer keeps its parameters" in told.text()

    def halves(base):
        return {block: number // 2 for block, number in forgets_the_frozen(base).items()}

    told = exercises.parameters_by_block(halves)
    assert "A frozen layer keeps its parameters" not in told.text()
    assert "numbers for another base; frozen layers count too:\n" in told.text().replace("\n    ", "\n")


def test_the_tests_an_answer_can_touch_include_those_of_answers_that_use_it(lab):
    source = "def prepare_batch(photos, name):\n    pass\n"
    assert lab.tests_that_see("prepare-batch", source) == {"test-prepare-batch"}
    source = "def prepare_batch(photos, name):\n    pass\n\n\ndef top_five():\n    pass\n"
    assert lab.tests_that_see("prepare-batch", source) == {"test-prepare-batch", "test-top-five"}
