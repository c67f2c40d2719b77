"""Lab 1's checks, tested: right answers keep full marks, wrong ones lose them, and an untouched notebook earns nothing."""

from __future__ import annotations

import lab_harness
import pytest

from course_utils.checks import lab1, seeds, sheet

MUTANTS = lab_harness.answers("mutants", "lab1")
VARIANTS = lab_harness.answers("variants", "lab1")


@pytest.fixture(scope="module")
def lab():
    return lab_harness.Lab("lab1")


def reference(lab, name):
    """The worked solution's function of that name."""
    names = dict(lab._names)
    for cell in lab.cells:
        if cell.role == "answer":
            lab_harness.run_cell(cell, names)
    return names[name]


@pytest.mark.parametrize("secret", ["one", "two", "three", "four", "five"])
def test_the_worked_solution_earns_all_90_automatic_points_with_any_secret(lab, secret, monkeypatch):
    monkeypatch.setenv(seeds.ENVIRONMENT_VARIABLE, secret)
    results = lab.mark(hidden_only=True)
    assert {name: result.marks for name, result in results.items()} == lab.tests
    assert all(type(result.marks) is float for result in results.values())
    assert all(result.errors == "" for result in results.values())
    assert sum(result.marks for result in results.values()) == 90


def test_the_untouched_notebook_runs_from_top_to_bottom_and_says_not_attempted_everywhere(lab, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    names = {"__name__": "__main__"}
    said = []
    for cell in lab_harness.cells(lab_harness.as_student_gets_it(lab.notebook)):
        result = lab_harness.run_cell(cell, names)
        if cell.role == "test":
            assert result.marks == 0.0
            assert type(result.marks) is float
            said.append(result.printed.split(":")[0])
    assert said == ["○ Not attempted"] * 5


def test_the_untouched_notebook_earns_nothing_from_the_hidden_tests(lab):
    released = lab_harness.as_student_gets_it(lab.notebook, hidden_tests=True)
    assert [result.marks for result in lab.mark(notebook=released).values()] == [0.0] * 5


def test_every_look_at_a_result_works_on_the_worked_solution(lab, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    names = dict(lab._names)
    looks = 0
    for cell in lab.cells:
        if cell.role == "answer":
            lab_harness.run_cell(cell, names)
        elif cell.role == "plain":
            result = lab_harness.run_cell(cell, names)
            assert "Nothing to look at yet" not in result.printed, cell.source
            looks += 1
    assert looks == 5
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_wrong_answer_loses_points_where_it_must_and_nowhere_else(lab, mutant):
    results = lab.try_answer(mutant)
    failed = lab.failed(results)
    assert lab_harness.caught(mutant, failed), f"{mutant.says} It failed {sorted(failed) or 'nothing'}."
    told = "".join(result.printed for result in results.values())
    assert mutant.hint in told, "the verdict recognises the mistake"
    assert sheet.UNJUDGED not in told, "a plausible mistake gets a sentence of its own"
    if mutant.marks is not None:
        assert [results[test].marks for test in mutant.must_fail] == [mutant.marks]


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_a_right_answer_written_differently_keeps_full_marks(lab, variant):
    assert lab.failed(lab.try_answer(variant)) == set(), variant.says


def test_every_hidden_test_is_the_only_one_that_must_catch_some_mutant(lab):
    assert len(MUTANTS) >= 8
    assert len(VARIANTS) >= 5
    alone = {next(iter(mutant.must_fail)) for mutant in MUTANTS if len(mutant.must_fail) == 1}
    assert alone == set(lab.tests)
    for mutant in MUTANTS:
        assert mutant.must_fail | mutant.may_fail <= set(lab.tests), mutant.name
        assert mutant.says.endswith("."), mutant.name


def test_common_mistakes_are_named_and_partial_answers_earn_their_part():
    """Which ones is said in the mutants' files (HINT, MARKS) and held by the test of each mutant."""
    assert sum(bool(mutant.hint) for mutant in MUTANTS) >= 20
    assert sum(mutant.marks is not None for mutant in MUTANTS) >= 4


def test_an_answer_that_remembers_what_the_visible_check_wants_passes_it_and_fails_the_hidden_one(lab):
    top_five, remembered = reference(lab, "top_five"), []

    def parrot(classifier, photo, class_names):
        if not remembered:
            remembered.append(top_five(classifier, photo, class_names))
        return remembered[0]

    assert lab1.top_five(parrot).outcome == "right"
    assert lab1.top_five(parrot, seed=1).outcome == "not yet"


def test_a_damaged_classifier_is_told_once_and_does_not_spoil_the_next_check(lab):
    [damaging] = [one for one in MUTANTS if one.name == "vector_by_damaging_the_classifier"]
    names = dict(lab._names)
    exec(damaging.path.read_text(encoding="utf-8"), names)
    verdict = lab1.penultimate(names["penultimate"])
    assert "expected it to stay as it was" in verdict.text()
    assert lab1.penultimate(reference(lab, "penultimate")).outcome == "right"


class Trap:
    """A value that raises at whatever is done with it."""

    def __getattribute__(self, name):
        raise RuntimeError("sprung")

    def _spring(self, *_):
        raise RuntimeError("sprung")

    __call__ = __len__ = __iter__ = __getitem__ = __eq__ = __array__ = __float__ = __bool__ = __str__ = _spring
    __hash__ = None


@pytest.mark.parametrize("exercise", ["prepare_batch", "top_five", "parameters_by_block", "penultimate", "rebuild"])
@pytest.mark.parametrize("kind", ["value", "in a list", "in a dictionary", "model", "function"])
def test_no_value_whatever_makes_a_check_end_in_a_traceback(exercise, kind):
    import keras

    class Unruly(keras.Model):
        output_shape = input_shape = property(Trap._spring)

        def call(self, pictures):
            raise RuntimeError("sprung")

    value = {
        "value": Trap(),
        "in a list": [Trap()] * 5,
        "in a dictionary": {f"block{number}": Trap() for number in range(1, 6)},
        "model": Unruly() if kind == "model" else None,
    }.get(kind)
    verdict = getattr(lab1, exercise)(Trap() if kind == "function" else lambda *given: value)
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

    told = lab1.parameters_by_block(forgets_the_frozen)
    assert told.score == pytest.approx(0.8)
    assert "A frozen layer keeps its parameters" in told.text()

    def halves(base):
        return {block: number // 2 for block, number in forgets_the_frozen(base).items()}

    told = lab1.parameters_by_block(halves)
    assert "A frozen layer keeps its parameters" not in told.text()
    assert "numbers for another base; frozen layers count too:\n" in told.text().replace("\n    ", "\n")


def test_the_tests_a_mutant_can_touch_include_those_of_answers_that_use_it(lab):
    source = "def prepare_batch(photos, name):\n    pass\n"
    assert lab.tests_that_see("prepare-batch", source) == {"test-prepare-batch"}
    source = "def prepare_batch(photos, name):\n    pass\n\n\ndef top_five():\n    pass\n"
    assert lab.tests_that_see("prepare-batch", source) == {"test-prepare-batch", "test-top-five"}
