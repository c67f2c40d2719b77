"""Lab 5's exhibits 5, freezing, and 6, learning rates."""

from __future__ import annotations

import copy

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, as_number, describe, exercise, once
from course_utils.checks.common.models import as_model
from course_utils.checks.common.weights import weights_of
from course_utils.checks.lab5 import findings, inputs


@exercise
def moved_layers(check: ExerciseCheck) -> None:
    """Checks ``moved_layers(before, after)``: the names of the layers in which any number differs."""
    before, after, names = inputs.snapshots(check.rng)
    kept = {name: [array.copy() for array in arrays] for name, arrays in before.items()}

    def given(second: dict) -> set[str]:
        value = check.call(kept, second)
        if not isinstance(value, list | tuple | set | np.ndarray) or not all(isinstance(n, str) for n in value):
            raise Incorrect(f"You return {describe(value)};", "expected a list of layers' names.")
        if unknown := set(map(str, value)) - set(before):
            raise Incorrect(f"You name {sorted(unknown)[0]!r};", "expected names among the dictionary's keys.")
        found = set(map(str, value))
        if second is after and found >= {name for name, arrays in before.items() if arrays}:
            raise Incorrect("You name every layer;", f"expected {', '.join(names)}.")
        return found

    with check.criterion(0.7, "layers that moved"):
        found = given(after)
        for name, why in zip(names, inputs.MOVES, strict=True):
            if name not in found:
                raise Incorrect(
                    f"You leave out {name}, which moved {why};",
                    f"expected {', '.join(names)}.",
                    "np.array_equal compares two arrays to the last bit. Compare every array of a layer.",
                )
    with check.criterion(0.3, "layers that did not"):
        found = given(after)
        if surplus := sorted(found - set(names)):
            raise Incorrect(f"You name {surplus[0]}, of which no number changed;", f"expected {', '.join(names)}.")
        if not found & set(names):
            raise Incorrect("You name no layer that moved;", f"expected {', '.join(names)}.")
        if given(kept):
            raise Incorrect("You name layers although nothing moved at all;", "expected an empty list.")


LONG = 12
"""Epochs of a long stage; a short one has 1."""

FARTHER = 3
"""How many times farther a base may get after a long first stage than after a short one."""

AT_LEAST = 1.5
"""How many times as far as one epoch a long stage must take what it trains; a stage that does not count its epochs gets about as far."""


NEW_OPTIMIZER = "An optimizer knows the weights it was made for: after unfreezing make a new one in compile."


@exercise(advice={"Unknown variable": NEW_OPTIMIZER})
def train_in_two_stages(check: ExerciseCheck) -> None:
    """Checks ``train_in_two_stages(model, images, labels, head_epochs, all_epochs)``: the head first, then everything.

    Every call starts from the same weights: what differs in the end comes from how long the stages were.
    """
    classes = int(check.rng.integers(3, 6))
    images, labels = inputs.images(check.rng, 24), check.rng.integers(classes, size=24)
    sizes = int(check.rng.integers(2**31))

    def fresh():
        return inputs.small_model(np.random.default_rng(sizes), classes)

    start = inputs.starting_weights(check.rng, fresh())
    of_base = ("block1_conv", "block2_conv")

    @once
    def trained(head_epochs: int, all_epochs: int, learned: int = 0) -> tuple:
        """The layers that moved, by how much each weight of the head did, and of the base, and all weights.

        With ``learned`` the head has a first stage of so many epochs behind it before the call.
        """
        model = fresh()
        model.set_weights(trained(learned, 0)[-1] if learned else start)
        model.get_layer(inputs.BASE).trainable = False
        before = weights_of(model)
        given = check.call(model, images.copy(), labels.copy(), head_epochs, all_epochs)
        found, after = findings.moved_layers(before, given), weights_of(as_model(given))
        steps = [
            np.concatenate([(after[name] - array).ravel() for name, array in before.items() if name.startswith(layers)])
            for layers in ("head", of_base)
        ]
        return found, *steps, given.get_weights()

    with check.criterion(0.4, "the first stage trains the head alone"):
        found, *_ = trained(1, 0)
        if "head" not in found:
            raise Incorrect("After the first stage alone the head has not moved;", "expected it to.", "Is there a fit?")
        if found != {"head"}:
            raise Incorrect(
                f"With all_epochs=0, {', '.join(sorted(found - {'head'}))} of the base moved;",
                "expected the head alone to move.",
            )
    with check.criterion(0.6, "the second stage trains the base too, and each stage lasts as long as it is asked to"):
        found, short, near, _ = trained(1, 1)
        if not found & set(of_base):
            raise Incorrect(
                "After the second stage no weight of the base has moved;",
                "expected all its layers to.",
                "Setting trainable changes nothing for a step that a fit has built: compile again, then fit.",
            )
        if still := {"head", *of_base} - found:
            raise Incorrect(f"After the second stage {', '.join(sorted(still))} has not moved;", "expected all to.")
        # A base that is free only in the second stage does not care how long the first one was; the head does.
        _, long, far, _ = trained(LONG, 1)
        near, far = np.linalg.norm(near), np.linalg.norm(far)
        # What a head has learned can be large, and so are then the base's gradients: a base trainable from the start outruns that too.
        if far > FARTHER * near and far > FARTHER * np.linalg.norm(trained(1, 1, LONG)[2]):
            raise Incorrect(
                f"With head_epochs={LONG} the base moves {far / near:.1f} times as far as with "
                "head_epochs=1, all_epochs being 1 both times;",
                "expected about as far.",
                "The base was already trainable in the first stage.",
            )
        # Measured by what a first stage of one epoch does, so that the second stage's learning rate does not matter.
        one, more = np.linalg.norm(trained(1, 0)[1]), np.linalg.norm(long - short)
        if not more >= AT_LEAST * one:
            raise Incorrect(
                f"With head_epochs={LONG} the head ends about where it does with head_epochs=1, all_epochs being 1 both "
                f"times: its weights differ by {more:.2g}, and a single epoch for the head moves them by {one:.2g};",
                f"expected {LONG - 1} more epochs to take it farther.",
                "fit(…, epochs=head_epochs) for the head alone comes first, also where a second stage follows.",
            )
        most = np.linalg.norm(trained(1, LONG)[2])
        if not most >= AT_LEAST * near:
            raise Incorrect(
                f"With all_epochs={LONG} the base moves {most / near:.1f} times as far as with all_epochs=1, "
                "head_epochs being 1 both times;",
                f"expected {LONG - 1} more epochs to take it farther.",
                "fit trains for one epoch unless it is asked for more: epochs=all_epochs.",
            )


@exercise
def how_far(check: ExerciseCheck) -> None:
    """Checks ``how_far(before, after)``: how far weights moved, relative to their length, all taken as one vector."""
    answers = []

    def check_amount(amount: float) -> None:
        # Lengths so different that a mean over the arrays is far from the length of the whole.
        shapes = [(3, 3, 2, 4), (4,), (4, 5), (5,)]
        scales = (1, 9, 0.2, 4)
        before = [check.rng.normal(scale=scale, size=shape) for scale, shape in zip(scales, shapes, strict=True)]
        after = [array + amount * check.rng.normal(size=array.shape) for array in before]
        given = as_number(check.call(*copy.deepcopy((before, after))), "the distance")
        answers.append(given)
        flat, moved = (np.concatenate([array.ravel() for array in arrays]) for arrays in (before, after))
        expected = float(np.linalg.norm(moved - flat) / np.linalg.norm(flat))
        if abs(given - expected) > 1e-4 * expected:
            moves, lengths = (
                [np.linalg.norm(array) for array in arrays] for arrays in (map(np.subtract, after, before), before)
            )
            wrong = {
                "This is the mean over the arrays; a long array and a short one must not count the same.": np.mean(
                    np.divide(moves, lengths)
                ),
                "This is the distance itself, not relative to the length before.": expected * np.linalg.norm(flat),
                "This is the square.": expected**2,
                "This is relative to the length after.": expected * np.linalg.norm(flat) / np.linalg.norm(moved),
            }
            raise Incorrect(
                f"You give {given:.6g};",
                f"expected {expected:.6g}: the length of all changes together, "
                f"{np.linalg.norm(moved - flat):.4g}, over the length of all weights before, {np.linalg.norm(flat):.4g}.",
                next((words for words, value in wrong.items() if value and abs(given - value) < 1e-4 * value), ""),
            )

    with check.criterion(0.8, "weights that moved"):
        for exponent in (-3, -1):
            check_amount(float(10.0**exponent * check.rng.uniform(1, 5)))
    with check.criterion(0.2, "weights that stayed"):
        if not any(answers):
            raise Incorrect("For weights that moved you give 0 too;", "expected 0 only for weights that stayed.")
        check_amount(0.0)


HEAD_RATES = (1e-4, 1e-1)
"""From where to where a new head's learning rate may lie in a plan (Adam, a small network)."""

FINE_TUNING_RATE = 1e-4
"""The highest learning rate that a plan may have once pretrained weights are trained."""


@exercise
def training_plan(check: ExerciseCheck) -> None:
    """Checks ``training_plan(head_epochs, all_epochs)``: for each of two stages the learning rate and the epochs."""
    lengths = [(int(a), int(b)) for a, b in check.rng.integers(2, 20, size=(3, 2))]
    plans = once(lambda: [findings.read_plan(check.call(*pair)) for pair in lengths])
    with check.criterion(0.5, "the learning rate falls"):
        for first, second in plans():
            low, high = HEAD_RATES
            if not low <= first["learning_rate"] <= high:
                raise Incorrect(
                    f"Your head has the learning rate {first['learning_rate']:g};",
                    f"expected {low:g} to {high:g}.",
                    "A head starts from random weights: slower than that, it has hardly moved when the base becomes trainable.",
                )
            if not 0 < second["learning_rate"] <= FINE_TUNING_RATE:
                raise Incorrect(
                    f"Your second stage has the learning rate {second['learning_rate']:g};",
                    f"expected at most {FINE_TUNING_RATE:g}, and more than 0.",
                )
            if second["learning_rate"] > first["learning_rate"] / 10 * (1 + 1e-9):
                raise Incorrect(
                    f"Your learning rate goes from {first['learning_rate']:g} to {second['learning_rate']:g};",
                    "expected it to fall to a tenth or less.",
                )
    with check.criterion(0.5, "every epoch once"):
        for (head_epochs, all_epochs), stages in zip(lengths, plans(), strict=True):
            ran = [list(range(int(stage["initial_epoch"]), int(stage["epochs"]))) for stage in stages]
            expected = [list(range(head_epochs)), list(range(head_epochs, head_epochs + all_epochs))]
            if ran != expected:
                twice = sorted(set(ran[0]) & set(ran[1]))
                look = "fit stops before epochs, and epochs counts from the beginning of the first stage."
                if twice:
                    look = (
                        f"Epoch {twice[0]} runs twice: history.epoch[-1] is the last epoch that was run, not the next."
                    )
                raise Incorrect(
                    f"For {head_epochs} and {all_epochs} epochs your stages run {len(ran[0])} and {len(ran[1])}: "
                    f"epochs {_span(ran[0])}, then {_span(ran[1])};",
                    f"expected {_span(expected[0])}, then {_span(expected[1])}.",
                    look,
                )


def _span(epochs: list[int]) -> str:
    return f"{epochs[0]} to {epochs[-1]}" if epochs else "none"
