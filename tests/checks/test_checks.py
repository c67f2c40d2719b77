"""Checks and verdicts: what students see of a check, and what nbgrader reads of it."""

from __future__ import annotations

import logging
import math
import os
import sys
import warnings

import nbformat
import numpy as np
import pytest
from nbgrader.utils import determine_grade

from course_utils.checks import ExerciseCheck, Incorrect, Verdict, as_array, describe, exercise, when_ready
from course_utils.checks.core import messages, seeds
from course_utils.errors import BadArgumentError
from nbgrader_isolated.wire import criteria


@exercise
def double(check):
    """A small check, with a criterion for the sum and one for its type."""
    number = int(check.rng.integers(1, 1000))
    with check.criterion(0.75, "twice the number"):
        given = check.call(number)
        if given != 2 * number:
            raise Incorrect(f"For {number} you gave {given!r};", f"expected {2 * number}.", "Think of addition.")
    with check.criterion(0.25, "an integer"):
        if not isinstance(check.call(number), int):
            raise Incorrect("That is no integer.")


def function(source: str):
    """A function as a notebook cell would define it, whose lines are known by number."""
    names: dict = {}
    exec(compile(source, "<cell>", "exec"), names)
    return names["double"]


STUB = "def double(number):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"


def test_a_right_answer_earns_all_points():
    verdict = double(lambda number: 2 * number)
    assert (verdict.outcome, verdict.score) == ("right", 1.0)
    assert verdict.marks(20) == 20.0


def test_part_of_an_answer_earns_part_of_the_points_and_hears_what_was_given_expected_and_where_to_look(capsys):
    verdict = double(lambda number: 2.0 * number)
    assert verdict.outcome == "not yet"
    assert verdict.marks(20) == 15.0
    shown = capsys.readouterr().out
    assert "15 of 20 points" in shown
    assert "an integer: That is no integer." in shown
    assert "Already right: twice the number." in shown


def test_the_untouched_stub_is_not_attempted():
    verdict = double(function(STUB))
    assert (verdict.outcome, verdict.score) == ("not attempted", 0.0)


def test_a_library_that_raises_not_implemented_is_an_error_of_the_answer_not_an_untouched_stub():
    class Unfinished:
        def work(self):
            raise NotImplementedError("this backend cannot")

    source = "def double(number):\n    return unfinished.work()\n"
    names = {"unfinished": Unfinished()}
    exec(compile(source, "<cell>", "exec"), names)
    verdict = double(names["double"])
    assert verdict.outcome == "not yet"
    assert "this backend cannot" in verdict.text()


def test_an_error_in_the_answer_is_told_with_its_line():
    verdict = double(function("def double(number):\n    half = 0\n    return number / half\n"))
    assert verdict.outcome == "not yet"
    assert "ZeroDivisionError: division by zero (line 3 of your cell" in verdict.text()
    assert verdict.text().count("ZeroDivisionError") == 1, "the same finding is told once for all parts"


def test_parts_that_fail_alike_stand_on_a_line_above_what_is_said_of_them():
    verdict = double(function("def double(number):\n    return number / 0\n"))
    assert "  · twice the number; an integer:\n    Your function raised ZeroDivisionError" in verdict.text()
    assert "<li>twice the number; an integer:<br>Your function raised ZeroDivisionError" in verdict.box()


def test_an_error_that_an_exercise_knows_brings_its_own_advice():
    check = ExerciseCheck("double", lambda: 1 / 0, advice={"division by zero": "Zero is where you must not go."})
    with check, check.criterion(1.0, "all"):
        check.call()
    assert "Zero is where you must not go." in check.verdict().text()
    assert "see the whole error" not in check.verdict().text()


def test_a_variable_that_gets_no_value_on_one_path_is_not_taken_for_a_cell_that_was_not_run():
    verdict = double(function("def double(number):\n    if not number:\n        twice = 0\n    return twice\n"))
    assert "On one path through your function that name never gets a value. Is every case covered?" in verdict.text()
    assert "set-up cell" not in verdict.text()


class Spiteful:
    """Lets itself be returned, and raises when a check calls it."""

    def __init__(self, error):
        self.error = error

    def __call__(self):
        raise self.error


@pytest.mark.parametrize("error", [AttributeError("no shape yet"), SystemExit("bye"), RecursionError()])
def test_an_error_in_judging_what_an_answer_gave_is_a_finding_and_the_other_parts_are_still_judged(error):
    check = ExerciseCheck("double", lambda: Spiteful(error))
    with check:
        with check.criterion(0.75, "twice the number"):
            check.call()()
        with check.criterion(0.25, "an integer"):
            if not isinstance(check.call(), int):
                raise Incorrect("That is no integer.")
    verdict = check.verdict()
    assert (verdict.outcome, verdict.score) == ("not yet", 0.0)
    assert f"twice the number: {messages.UNEXPLAINED} {type(error).__name__}" in verdict.text()
    assert "an integer: That is no integer." in verdict.text()


class Everything:
    """Says that it is equal to whatever it is compared with."""

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = None


def test_a_check_in_a_notebook_sees_of_an_object_what_the_grader_sees():
    verdict = double(lambda number: Everything())
    assert (verdict.outcome, verdict.score) == ("not yet", 0.0), "a stand-in is equal to nothing but itself"

    class Fitted:
        coefficients = (1.5, 2.5)

        def predict(self, rows):
            return np.asarray(rows) * 2

    check = ExerciseCheck("fit", Fitted)
    with check, check.criterion(1.0, "all"):
        given = check.call()
        assert given.coefficients == (1.5, 2.5) and given.predict([3]).tolist() == [6]
        assert describe(given) == "a Fitted"
    assert check.verdict().outcome == "right"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (zip([1], [2], strict=True), "list"),
        ({1: 2}.items(), "list"),
        (np.zeros(2, [("a", float)]), "dictionary"),
        (np.longdouble(1), "float64"),
        (type("Number", (float,), {})(2.0), "Number"),
        (lambda: [[]], None),
    ],
)
def test_what_the_grader_would_refuse_is_refused_in_the_notebook_in_its_words(value, said):
    from nbgrader_isolated.wire.crossing import as_data, require_object, send
    from nbgrader_isolated.wire.encode import WireError

    def stays(thing):
        require_object(thing)
        return as_data(thing) or ("handle", 0)

    verdict = double(lambda number: value)
    if said is None:
        send(value, stays)
        assert "cannot be handed in" not in verdict.text()
        return
    with pytest.raises(WireError, match=said) as refused:
        send(value, stays)
    assert f"What your function returns cannot be handed in: {refused.value}" in verdict.text()


def test_an_error_between_the_parts_costs_only_the_parts_that_were_still_to_come():
    check = ExerciseCheck("double", lambda: 1)
    with check:
        with check.criterion(0.4, "first"):
            check.call()
        raise ValueError("damaged")
    verdict = check.verdict()
    assert (verdict.outcome, verdict.score) == ("not yet", 0.4)
    assert f"the rest of the check: {messages.UNEXPLAINED} ValueError: damaged" in verdict.text()


def test_a_name_that_does_not_exist_sends_the_student_to_the_cell_that_defines_it():
    verdict = double(function("def double(number):\n    return twice * number\n"))
    assert "name 'twice' is not defined" in verdict.text()
    assert "set-up cell" in verdict.text()


def test_exit_in_an_answer_does_not_end_the_notebook():
    verdict = double(function("def double(number):\n    raise SystemExit('bye')\n"))
    assert "SystemExit: bye" in verdict.text()


def test_a_keyboard_interrupt_still_interrupts():
    with pytest.raises(KeyboardInterrupt):
        double(function("def double(number):\n    raise KeyboardInterrupt\n"))


def test_something_that_is_no_function_is_named_for_what_it_is():
    verdict = double([1, 2])
    assert "double stands for a list of length 2, not for a function" in verdict.text()


def test_an_answer_without_return_is_asked_for_one():
    def nothing(number):
        number * 2

    assert "is there a return?" in describe(nothing(1))


def test_an_error_of_the_check_itself_before_it_calls_the_answer_is_not_blamed_on_the_student():
    check = ExerciseCheck("double", lambda: 1)
    with pytest.raises(BadArgumentError), check, check.criterion(1.0, "all"):
        raise BadArgumentError("the check is broken")


def test_shares_that_do_not_add_up_are_refused():
    check = ExerciseCheck("double", lambda: 1)
    with check, check.criterion(0.5, "half"):
        pass
    with pytest.raises(ValueError, match=r"add up to 0\.5"):
        check.verdict()


def test_nothing_reaches_stderr_whatever_an_answer_does(capfd):
    def noisy(number):
        print("on stderr", file=sys.stderr)
        os.write(2, b"from C\n")
        warnings.warn("a warning", stacklevel=1)
        logging.getLogger("tensorflow").warning("retracing")
        return 2 * number

    assert double(noisy).outcome == "right"
    assert capfd.readouterr().err == ""
    assert logging.root.manager.disable == logging.NOTSET, "logging works again afterwards"
    os.write(2, b"again\n")
    assert capfd.readouterr().err == "again\n", "stderr works again afterwards"


def test_what_an_answer_prints_is_shown_with_the_verdict_but_not_in_a_hidden_check():
    def chatty(number):
        print(f"got {number}")
        return 2 * number

    assert "got " in double(chatty).text()
    assert "got " not in double(chatty, seed=1).text()


def test_printing_without_end_is_cut():
    def chatty(number):
        for _ in range(10_000):
            print("x" * 100)
        return 2 * number

    assert len(double(chatty).text()) < 3000


@pytest.mark.parametrize("score", [0.0, 1 / 3, 0.999, 1.0])
def test_marks_are_plain_floats_between_zero_and_the_points(score, capsys):
    verdict = Verdict("double", "right" if score == 1 else "not yet", score)
    for points in (1, 7, 15, 20.5):
        marks = verdict.marks(points)
        assert type(marks) is float
        assert 0 <= marks <= points


@pytest.mark.parametrize("points", [0, -1, math.nan, math.inf, "20", None])
def test_points_that_nbgrader_would_misread_are_refused(points):
    with pytest.raises(ValueError, match="points"):
        Verdict("double", "right", 1.0).marks(points)


@pytest.mark.parametrize(
    ("outcome", "score"), [("right", 0.5), ("not yet", 1.0), ("maybe", 0.5), ("not yet", math.nan)]
)
def test_a_verdict_that_contradicts_itself_cannot_be_made(outcome, score):
    with pytest.raises(ValueError, match=r"outcome|score"):
        Verdict("double", outcome, score)


def test_nbgrader_reads_the_marks_from_the_last_line_and_ignores_the_box(capsys):
    verdict = double(lambda number: 2.0 * number)
    cell = nbformat.v4.new_code_cell(
        metadata={"nbgrader": {"grade": True, "solution": False, "grade_id": "t", "points": 20, "schema_version": 3}},
        outputs=[
            nbformat.v4.new_output("display_data", data={"text/plain": verdict.text(20), "text/html": verdict.box(20)}),
            nbformat.v4.new_output("execute_result", data={"text/plain": repr(verdict.marks(20))}, execution_count=1),
        ],
    )
    assert determine_grade(cell) == (15.0, 20.0)


def test_the_box_says_the_outcome_in_words_and_escapes_what_a_student_wrote():
    verdict = Verdict("double", "not yet", 0.5, ("<script>alert(1)</script>",), ("<b>",), "<i>printed</i>")
    box = verdict.box(20)
    assert "✘ Not yet: double" in box
    assert "10 of 20 points" in box
    assert "<script>" not in box and "<b>" not in box and "<i>" not in box
    assert verdict._repr_html_() == verdict.box()


def test_the_secret_seed_comes_from_the_environment_then_the_file_then_a_public_text(monkeypatch, tmp_path):
    monkeypatch.delenv(seeds.ENVIRONMENT_VARIABLE, raising=False)
    public = seeds.secret_seed()
    assert seeds.secret_text(tmp_path) == seeds.secret_text() == seeds.PUBLIC_SECRET
    (tmp_path / seeds.FILE_NAME).write_text("from the file\nsecond line\n", encoding="utf-8")
    assert seeds.secret_text(tmp_path) == "from the file"
    monkeypatch.setenv(
        seeds.ENVIRONMENT_VARIABLE, seeds.secret_text(tmp_path)
    )  # as nbgrader_config.py does for test cells
    from_file = seeds.secret_seed()
    monkeypatch.setenv(seeds.ENVIRONMENT_VARIABLE, "from the environment")
    assert seeds.secret_text(tmp_path) == "from the environment"
    from_environment = seeds.secret_seed()
    assert len({public, from_file, from_environment}) == 3
    monkeypatch.setenv(seeds.ENVIRONMENT_VARIABLE, "from the file")
    assert seeds.secret_seed() == from_file
    assert all(0 <= seed < 2**63 for seed in (public, from_file, from_environment))


def test_exercises_and_seeds_give_different_numbers_and_the_same_ones_again():
    def draw(name, seed):
        return tuple(seeds.generator(name, seed).integers(1 << 60, size=2))

    drawn = [draw(name, seed) for name in ("a", "b") for seed in (None, 0, 1)]
    assert len(set(drawn)) == 6
    assert drawn == [draw(name, seed) for name in ("a", "b") for seed in (None, 0, 1)]


def test_arrays_of_any_kind_become_numpy_arrays():
    import keras
    import ml_dtypes

    numbers = [[1.0, 2.0], [3.0, 4.0]]
    for value in (
        numbers,
        np.array(numbers),
        keras.ops.convert_to_tensor(numbers),
        np.array(numbers, ml_dtypes.bfloat16),
    ):
        array = as_array(value, "your numbers")
        assert type(array) is np.ndarray
        assert array.dtype.kind == "f"
        assert array.tolist() == numbers


@pytest.mark.parametrize(
    "value",
    [
        None,
        "0.5",
        [[1], [2, 3]],
        object(),
        {"a": 1},
        np.timedelta64(3, "s"),
        np.ma.array([1.0, 9], mask=[0, 1]),
        np.ma.masked,
    ],
)
def test_what_cannot_be_read_as_numbers_is_said_to_the_student(value):
    with pytest.raises(Incorrect, match="cannot be read as numbers"):
        as_array(value, "your numbers")


class Crossed(TypeError):
    """As the grading program's: it says why something could not come over."""

    cannot_cross = "A 'Lambda' cannot be handed over."


def test_what_cannot_be_handed_in_is_not_called_an_error_of_the_function():
    def refused(number):
        raise Crossed("What your function returns cannot be handed to the grader. A 'Lambda' cannot be handed over.")

    told = double(refused).text()
    assert "What your function returns cannot be handed in: A 'Lambda' cannot be handed over." in told
    assert "raised" not in told and "Crossed" not in told


@pytest.mark.parametrize(
    "value", [zip("abcde", range(5), strict=True), map(str, range(5)), (("a", 0.1) for _ in range(5)), iter([])]
)
def test_what_is_gone_once_it_is_looked_at_is_refused_in_the_notebook_as_it_is_when_graded(value):
    from course_utils.checks.lab1.predictions import read_pairs

    with pytest.raises(Incorrect, match=r"list\(zip\(names, probabilities\)\) makes one"):
        read_pairs(value)
    assert read_pairs(list(zip("abcde", [0.5] * 5, strict=True)))[4] == ("e", 0.5)


def models_to_hand_in() -> dict:
    """Models as a student might return them, each made when it is asked for; True where it can be handed in."""
    import keras

    layers, schedules = keras.layers, keras.optimizers.schedules

    class Doubling(layers.Layer):
        def call(self, inputs):
            return 2 * inputs

    class Mine(keras.Model):
        def __init__(self):
            super().__init__()
            self.top = layers.Dense(2)

        def call(self, inputs):
            return self.top(inputs)

    class Named(keras.Model):
        """As Keras's own examples have it: a class of its own around inputs and outputs."""

    class Unruly(Doubling):
        def get_config(self):
            raise RuntimeError("sprung")

    class MyLoss(keras.losses.Loss):
        def call(self, truth, given):
            return keras.ops.mean(given)

    class MySchedule(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.1

        def get_config(self):
            return {}

    class MySGD(keras.optimizers.SGD):
        pass

    def my_loss(truth, given):
        return keras.ops.mean(given)

    def chain(*some):
        return keras.Sequential([keras.Input((4, 4, 3)), *some])

    def compiled(*settings, **more):
        model = chain(layers.Flatten(), layers.Dense(2))
        model.compile(*settings, **more)
        return model

    def functional(change):
        images = keras.Input((4, 4, 3))
        return keras.Model(images, change(images))

    def called(model):
        model(np.zeros((1, 3), np.float32))
        return model

    def sharing():
        shared, given = layers.Dense(3), keras.Input((3,))
        one, two = (keras.Sequential([keras.Input((3,)), shared], name=name) for name in ("one", "two"))
        return keras.Model(given, layers.Add()([one(given), two(given)]))

    def subclassed():
        given = keras.Input((3,))
        return Named(given, layers.Dense(2)(given))

    return {
        "a chain": (True, lambda: chain(layers.Conv2D(2, 1, activation="relu"), layers.GlobalAveragePooling2D())),
        "arithmetic": (True, lambda: functional(lambda x: keras.ops.mean(x / 127.5 - 1, axis=(1, 2)))),
        "an operation that is not listed": (False, lambda: functional(lambda x: keras.ops.arctan(x))),
        "a Lambda": (False, lambda: chain(layers.Lambda(lambda x: x / 255))),
        "a Lambda in a model inside": (False, lambda: chain(chain(layers.Lambda(lambda x: x / 255)))),
        "a layer of one's own": (False, lambda: chain(Doubling())),
        "a model of one's own": (False, lambda: called(Mine())),
        "one that has never been called": (False, Mine),
        "one of inputs and outputs": (False, subclassed),
        "a layer that cannot be looked at": (False, lambda: chain(Unruly())),
        "no weights yet": (False, lambda: keras.Sequential([layers.Dense(2)])),
        "weights since it was called": (True, lambda: called(keras.Sequential([layers.Dense(2)]))),
        "an activation of one's own": (False, lambda: chain(layers.Dense(2, activation=lambda x: x + 1))),
        "an activation of Keras": (True, lambda: chain(layers.Dense(2, activation=keras.activations.relu))),
        "an odd name": (False, lambda: chain(layers.Dense(2, name="a:b"))),
        "a name with an umlaut": (True, lambda: chain(layers.Dense(2, name="größe"))),
        "too many numbers": (False, lambda: functional(lambda x: layers.UpSampling2D(9000)(x))),
        "a layer in two models": (False, sharing),
        "augmentation": (True, lambda: chain(layers.RandAugment(), layers.RandomErasing(), layers.Dense(2))),
        "far too much of it": (False, lambda: chain(layers.RandAugment(num_ops=100))),
        "a Pipeline": (True, lambda: chain(layers.Pipeline([layers.RandomFlip()]))),
        "a Pipeline with a Lambda": (False, lambda: chain(layers.Pipeline([layers.Lambda(lambda x: x)]))),
        "GroupNormalization and PReLU": (True, lambda: chain(layers.GroupNormalization(3), layers.PReLU())),
        "a loss by name": (True, lambda: compiled("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])),
        "a loss as a function": (True, lambda: compiled("adamax", keras.losses.categorical_crossentropy)),
        "a loss of one's own": (False, lambda: compiled("adam", my_loss)),
        "a loss without a name": (False, lambda: compiled("adam", lambda truth, given: given)),
        "a class of loss": (False, lambda: compiled("adam", MyLoss())),
        "no loss": (True, lambda: compiled("adam")),
        "metrics of one's own": (True, lambda: compiled("adam", "mse", metrics=[my_loss, "accuracy"])),
        "Lion": (True, lambda: compiled(keras.optimizers.Lion(1e-4), "mse")),
        "an optimiser of one's own": (False, lambda: compiled(MySGD(), "mse")),
        "a schedule": (True, lambda: compiled(keras.optimizers.SGD(schedules.CosineDecay(0.1, 9)), "mse")),
        "another schedule": (True, lambda: compiled(keras.optimizers.SGD(schedules.PolynomialDecay(0.1, 9)), "mse")),
        "a schedule of one's own": (False, lambda: compiled(keras.optimizers.SGD(MySchedule()), "mse")),
    }


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`")
def test_a_model_is_refused_in_the_notebook_exactly_where_it_would_be_when_graded():
    from course_utils.checks.common.models import as_model
    from nbgrader_isolated.wire.encode import WireError
    from nbgrader_isolated.wire.keras_model import pack, unpack

    for case, (crosses, make) in models_to_hand_in().items():
        model, said = make(), ""
        try:
            assert as_model(model) is model
        except Incorrect as finding:
            said = str(finding)
        try:
            # The examiner takes it for a student's once more, and must find the same.
            as_model(unpack(pack(model)))
            refused = ""
        except WireError as error:
            refused = str(error)
        assert bool(said) == bool(refused) == (not crosses), (case, said, refused)
        assert refused in said and "Traceback" not in said
        if refused:
            assert said.startswith("Your model cannot be handed in. ")
            assert "Expected a keras.Sequential, or a keras.Model(inputs, outputs), of Keras's own layers." in said


def test_a_model_without_weights_may_be_left_to_the_check_that_asks_for_its_shape():
    import keras

    from course_utils.checks.common.models import as_model

    layers, given = keras.layers, keras.Input((3,))
    tensor = layers.Dense(3)(given)
    whole = keras.Model(given, layers.Add()([given, tensor]))
    for model, words in (
        (keras.Sequential([layers.Dense(2)]), "has no weights yet"),
        (keras.Sequential(whole.layers), "do not fit together"),
    ):
        assert as_model(model, complete=False) is model
        with pytest.raises(Incorrect, match=f"{words}.*loses the shortcuts"):
            as_model(model)


def test_a_look_at_a_result_waits_for_the_answer_without_a_traceback(capsys):
    with when_ready("exercise 1"):
        raise NotImplementedError
    assert capsys.readouterr().out == (
        "○ Nothing to look at yet. Answer exercise 1, run its cell, then run this one again.\n"
    )
    with when_ready("exercise 1"):
        raise ValueError("wrong shape")
    assert "it raised ValueError: wrong shape" in capsys.readouterr().out


def test_what_each_criterion_came_to_is_noted_for_the_item_analysis(monkeypatch):
    def noted(answer):
        monkeypatch.setattr(criteria, "_noted", None)
        kept = criteria.collect()
        double(answer)
        return [(one["title"], one["share"], one["finding"]) for one in kept]

    assert noted(lambda number: 2 * number) == [("twice the number", 0.75, ""), ("an integer", 0.25, "")]
    assert noted(lambda number: 2.0 * number) == [
        ("twice the number", 0.75, ""),
        ("an integer", 0.25, "That is no integer."),
    ]
    assert noted(function(STUB)) == [("", 1.0, "Not attempted.")]
