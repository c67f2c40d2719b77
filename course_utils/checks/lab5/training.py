"""Lab 5's exhibits 5, freezing, and 6, learning rates."""

from __future__ import annotations

import copy

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, as_number, describe, exercise, once
from course_utils.checks.common.models import as_model, output_of
from course_utils.checks.common.weights import OLD_OPTIMIZER, cross_entropy, weights_of
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

    with check.criterion(0.7, "moved layers"):
        found = given(after)
        for name, why in zip(names, inputs.MOVES, strict=True):
            if name not in found:
                raise Incorrect(
                    f"You leave out {name}, which moved {why};",
                    f"expected {', '.join(names)}.",
                    "np.array_equal compares two arrays to the last bit. Compare every array of a layer.",
                )
    with check.criterion(0.3, "other layers"):
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

ALIKE = 0.6
"""Cosine between the base's way with some labels and with others. Right answers reach 0.29, one that trains on its own answers 0.88."""


@exercise(advice=OLD_OPTIMIZER)
def train_in_two_stages(check: ExerciseCheck) -> None:
    """Checks ``train_in_two_stages(model, images, labels, head_epochs, all_epochs)``: the head first, then everything.

    Every call starts from the same weights: what differs in the end comes from how long the stages were, and from the labels.
    """
    classes = int(check.rng.integers(3, 6))
    labels = check.rng.permutation(np.arange(24) % classes)
    images = inputs.images(check.rng, 24) / 2 + (labels[:, None, None, None] + 0.5) / classes - 0.5
    sizes = int(check.rng.integers(2**31))

    def fresh(batchnorm: bool = False):
        return inputs.small_model(np.random.default_rng(sizes), classes, batchnorm=batchnorm)

    start = inputs.starting_weights(check.rng, fresh())
    of_base = ("block1_conv", "block2_conv")

    @once
    def trained(head_epochs: int, all_epochs: int, learned: int = 0, other_labels: bool = False, norms: bool = False):
        """The layers that moved, by how much each weight of the head did, and of the base, and the model.

        With ``learned`` the head has a first stage of so many epochs behind it before the call; with ``norms`` the base has BatchNorm.
        """
        model = fresh(norms)
        if not norms:
            model.set_weights(trained(learned, 0)[-1].get_weights() if learned else start)
        model.get_layer(inputs.BASE).trainable = False
        before = weights_of(model)
        given = check.call(
            model, images.copy(), (labels + 1) % classes if other_labels else labels.copy(), head_epochs, all_epochs
        )
        found, after = findings.moved_layers(before, given), weights_of(as_model(given))
        steps = [
            np.concatenate([(after[name] - array).ravel() for name, array in before.items() if name.startswith(layers)])
            for layers in ("head", of_base)
        ]
        return found, *steps, given

    def require_head() -> None:
        """What keeps still where nothing was trained is no merit."""
        if "head" not in trained(1, 0)[0]:
            raise Incorrect("After the first stage alone the head has not moved;", "expected it to.", "Is there a fit?")

    def require_base() -> None:
        expected = {"head", *of_base}
        if not (still := expected - trained(1, 1)[0]):
            still = {*expected, "block1_scaled", "block2_scaled"} - trained(1, 1, 0, False, True)[0]
        if still:
            raise Incorrect(
                f"After the second stage {', '.join(sorted(still))} has not moved;",
                "expected all layers to.",
                "Setting trainable changes nothing for a step that a fit has built: compile again, then fit.",
            )

    with check.criterion(0.25, "head alone"):
        require_head()
        if early := trained(1, 0)[0] - {"head"}:
            said = f"With all_epochs=0, {', '.join(sorted(early))} of the base moved;"
            raise Incorrect(said, "expected the head alone to move.")
        # A base that is free only in the second stage does not care how long the first one was; the head does.
        near, far = np.linalg.norm(trained(1, 1)[2]), np.linalg.norm(trained(LONG, 1)[2])
        # What a head has learned can be large, and so are then the base's gradients: a base trainable from the start outruns that too.
        if far > FARTHER * near and far > FARTHER * np.linalg.norm(trained(1, 1, LONG)[2]):
            raise Incorrect(
                f"With head_epochs={LONG} the base moves {far / near:.1f} times as far as with "
                "head_epochs=1, all_epochs being 1 both times;",
                "expected about as far.",
                "The base was already trainable in the first stage.",
            )
    with check.criterion(0.3, "base trained"):
        require_base()
    with check.criterion(0.2, "epochs"):
        require_head()
        # Measured by what a first stage of one epoch does, so that the second stage's learning rate does not matter.
        one, more = np.linalg.norm(trained(1, 0)[1]), np.linalg.norm(trained(LONG, 1)[1] - trained(1, 1)[1])
        if not more >= AT_LEAST * one:
            raise Incorrect(
                f"With head_epochs={LONG} the head ends about where it does with head_epochs=1, all_epochs being 1 both "
                f"times: its weights differ by {more:.2g}, and a single epoch for the head moves them by {one:.2g};",
                f"expected {LONG - 1} more epochs to take it farther.",
                "fit(…, epochs=head_epochs) for the head alone comes first, also where a second stage follows.",
            )
        # Of all weights, where no weight of the base moves: that costs another criterion.
        part = 2 if trained(1, 1)[0] & set(of_base) else 1
        near = trained(1, 1)[part] - (trained(1, 0)[part] if part == 1 else 0)
        most = trained(1, LONG)[part] - (trained(1, 0)[part] if part == 1 else 0)
        near, most = np.linalg.norm(near), np.linalg.norm(most)
        if not most >= AT_LEAST * near:
            raise Incorrect(
                f"With all_epochs={LONG} the weights move {most / near:.1f} times as far as with all_epochs=1, "
                "head_epochs being 1 both times;",
                f"expected {LONG - 1} more epochs to take them farther.",
                "fit trains for one epoch unless it is asked for more: epochs=all_epochs.",
            )
    with check.criterion(0.25, "learning"):
        require_head()

        def loss(model, wanted: np.ndarray = labels) -> float:
            return cross_entropy(output_of(model, images), wanted)

        untrained = fresh()
        untrained.set_weights(start)
        before, after, misled = loss(untrained), loss(trained(LONG, 1)[-1]), loss(trained(LONG, 1, 0, True)[-1])
        # Some of what is gained comes with any labels, from their frequencies.
        if not (after < before and misled - after > (before - after) / 4):
            raise Incorrect(
                f"On the images it was given the model's loss goes from {before:.3f} to {after:.3f} with head_epochs={LONG}, and to "
                f"{misled:.3f} when other labels come with them;",
                "expected it to fall, and to be smallest with the right labels.",
                "Is it fit that moves the weights, with these images and labels?",
            )
        # A head that has learned these labels is given them again, and others. Only the second stage moves the base.
        model, others = trained(1, LONG, LONG, True)[-1], (labels + 1) % classes
        ways = np.array([trained(1, LONG, LONG, one)[2] for one in (False, True)])
        alike = ways[0] @ ways[1] / max(np.prod(np.linalg.norm(ways, axis=1)), 1e-30)
        tuned, old = loss(model, others), trained(LONG, 0)[-1].get_layer(inputs.BASE).get_weights()
        model.get_layer(inputs.BASE).set_weights(old)
        if trained(1, 1)[0] & set(of_base) and (alike > ALIKE or not tuned < loss(model, others)):
            said = "With the base as it was before the second stage the loss is less;"
            said = "In the second stage the base moves as it does with other labels;" if alike > ALIKE else said
            raise Incorrect(said, "expected it to learn.", "Does that stage train on the labels that were given?")


@exercise
def how_far(check: ExerciseCheck) -> None:
    """Checks ``how_far(before, after)``: how far weights moved, relative to their length, all taken as one vector."""

    def check_amount(amount: float) -> None:
        # Lengths so different that a mean over the arrays is far from the length of the whole.
        shapes = [(3, 3, 2, 4), (4,), (4, 5), (5,)]
        scales = (1, 9, 0.2, 4)
        before = [check.rng.normal(scale=scale, size=shape) for scale, shape in zip(scales, shapes, strict=True)]
        after = [array + amount * check.rng.normal(size=array.shape) for array in before]
        given = as_number(check.call(*copy.deepcopy((before, after))), "the distance")
        flat, moved = (np.concatenate([array.ravel() for array in arrays]) for arrays in (before, after))
        expected = float(np.linalg.norm(moved - flat) / np.linalg.norm(flat))
        if abs(given - expected) > 1e-4 * expected:
            moves = [np.linalg.norm(new - old) for old, new in zip(before, after, strict=True)]
            lengths = [np.linalg.norm(array) for array in before]
            wrong = {
                "This is the mean over the arrays; long ones must count more.": np.mean(np.divide(moves, lengths)),
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

    with check.criterion(1.0, "relative length"):
        for exponent in check.rng.permutation([-3, -1]):
            check_amount(float(10.0**exponent * check.rng.uniform(1, 5)))
        check_amount(0.0)


HEAD_RATES = (1e-4, 1e-1)
"""From where to where a new head's learning rate may lie in a plan (Adam, a small network)."""

FINE_TUNING_RATES = (1e-7, 1e-4)
"""The learning rates that a plan may have once pretrained weights are trained: slower than that, nothing moves."""


@exercise
def training_plan(check: ExerciseCheck) -> None:
    """Checks ``training_plan(head_epochs, all_epochs)``: for each of two stages the learning rate and the epochs."""
    lengths = [sorted(map(int, check.rng.choice(np.arange(2, 20), size=2, replace=False))) for _ in range(3)]
    lengths = [lengths[0], lengths[1][::-1], lengths[2]]  # one first stage is the longer one
    plans = once(lambda: [findings.read_plan(check.call(*pair)) for pair in lengths])

    def require_rate(stage: int, name: str, low: float, high: float, look: str = "") -> None:
        if not any(plan[stage]["epochs"] > plan[stage]["initial_epoch"] for plan in plans()):
            raise Incorrect("A stage of your plan never runs an epoch;", "expected as many as are asked for.")
        for plan in plans():
            if not low <= plan[stage]["learning_rate"] <= high * (1 + 1e-9):
                rate = f"Your {name} has the learning rate {plan[stage]['learning_rate']:g};"
                raise Incorrect(rate, f"expected {low:g} to {high:g}.", look)

    with check.criterion(0.25, "head rate"):
        slow = "A head starts from random weights: slower than that, it has hardly moved when the base is unfrozen."
        require_rate(0, "head", *HEAD_RATES, slow)
    with check.criterion(0.25, "second rate"):
        require_rate(1, "second stage", *FINE_TUNING_RATES)
        low = HEAD_RATES[0]
        for first, second in plans():
            # A first rate that is too low costs its own criterion.
            if second["learning_rate"] > max(first["learning_rate"], low) / 10 * (1 + 1e-9):
                raise Incorrect(
                    f"Your learning rate goes from {first['learning_rate']:g} to {second['learning_rate']:g};",
                    "expected it to fall to a tenth or less.",
                )
    with check.criterion(0.5, "epochs"):
        for (head_epochs, all_epochs), stages in zip(lengths, plans(), strict=True):
            ran = [list(range(int(stage["initial_epoch"]), int(stage["epochs"]))) for stage in stages]
            expected = [list(range(head_epochs)), list(range(head_epochs, head_epochs + all_epochs))]
            if ran != expected:
                twice = sorted(set(ran[0]) & set(ran[1]))
                look = "fit stops before epochs, and epochs counts from the beginning of the first stage."
                if twice:
                    look = f"Epoch {twice[0]} runs twice: history.epoch[-1] is the last one that was run, not the next."
                raise Incorrect(
                    f"For {head_epochs} and {all_epochs} epochs your stages run {len(ran[0])} and {len(ran[1])}: "
                    f"epochs {_span(ran[0])}, then {_span(ran[1])};",
                    f"expected {_span(expected[0])}, then {_span(expected[1])}.",
                    look,
                )


def _span(epochs: list[int]) -> str:
    return f"{epochs[0]} to {epochs[-1]}" if epochs else "none"
