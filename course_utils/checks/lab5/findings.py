"""How lab 5's checks read what a student's function gives: yes or no, pairs, plans, and models that have been trained."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_utils.checks.common.augmentation import dropout_at_rest
from course_utils.checks.common.models import as_model, predict
from course_utils.checks.core.exercise_check import Incorrect, as_array, describe, explain, finite
from course_utils.checks.lab5.inputs import BASE


def read_number(value: object, what: str) -> float:
    """Reads one number; ``what`` names it, for the message."""
    if isinstance(value, bool | np.bool_):
        raise Incorrect(f"For {what} you return {value};", "expected a number.")
    array = finite(as_array(value, f"what you return for {what}"), f"what you return for {what}")
    if array.size != 1:
        raise Incorrect(
            f"For {what} you return {describe(value)};", "expected one number.", "Is a mean or a sum missing?"
        )
    return float(array.reshape(()))


def read_answer(value: object) -> bool:
    """Reads True or False, from Python, NumPy or a tensor."""
    array = as_array(value, "your answer") if not isinstance(value, str | list | tuple | dict) else None
    if array is None or array.dtype.kind != "b" or array.size != 1:
        raise Incorrect(f"You return {describe(value)};", "expected True or False.")
    return bool(array.reshape(()))


def check_answers(given: Sequence[bool], expected: Sequence[bool], cases: Sequence[str], *, only: bool) -> None:
    """Complains about a yes that should be a no, or the other way round.

    An answer that is always the same is no diagnosis, so it is right about nothing, even where it happens to be.

    Args:
        given: the student's answers.
        expected: the right ones.
        cases: what each model was, in words.
        only: look at the cases whose right answer is this.
    """
    if len(set(given)) == 1:
        raise Incorrect(
            f"You answer {given[0]} for all of {len(given)} models;",
            f"expected True for {sum(expected)} of them and False for the others.",
        )
    for answer, right, case in zip(given, expected, cases, strict=True):
        if right == only and answer != right:
            raise Incorrect(f"For a model {case} you answer {answer};", f"expected {right}.")


def read_positions(value: object, length: int, which: str) -> np.ndarray:
    """Reads positions from 0 to ``length`` - 1, each at most once, or a mask of that length; returns them sorted."""
    array = as_array(value, f"your {which} part")
    if array.dtype.kind == "b" and array.shape == (length,):
        return np.flatnonzero(array)
    if array.ndim != 1 or (array.size and (array != np.floor(array)).any()):
        raise Incorrect(f"Your {which} part is {describe(value)};", "expected one row of whole numbers: positions.")
    array = np.sort(array).astype(np.int64)
    if array.size and (array[0] < 0 or array[-1] >= length):
        raise Incorrect(
            f"Your {which} part goes from {array[0]} to {array[-1]};",
            f"expected positions from 0 to {length - 1}.",
            "Return where the images are, not which object they show.",
        )
    if len(np.unique(array)) < len(array):
        raise Incorrect(f"Your {which} part names some images more than once;", "expected each at most once.")
    return array


def read_split(value: object, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Reads a pair (train, test) of positions."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise Incorrect(
            f"You return {describe(value)};", "expected two things: the positions for training and for testing."
        )
    return read_positions(value[0], length, "training"), read_positions(value[1], length, "test")


def read_plan(value: object) -> list[dict[str, float]]:
    """Reads a plan of two stages: learning rate and the numbers for ``fit``."""
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(isinstance(stage, dict) for stage in value):
        raise Incorrect(f"You return {describe(value)};", "expected a list of two dictionaries, one per stage.")
    keys, stages = ("learning_rate", "initial_epoch", "epochs"), []
    for number, stage in enumerate(value, start=1):
        missing = [key for key in keys if key not in stage]
        if missing:
            raise Incorrect(f"Stage {number} of your plan has no {missing[0]!r};", "expected all three entries.")
        stages.append({key: read_number(stage[key], f"{key} of stage {number}") for key in keys})
        for key in ("initial_epoch", "epochs"):
            if stages[-1][key] != int(stages[-1][key]) or stages[-1][key] < 0:
                raise Incorrect(
                    f"Stage {number} has {key} = {stages[-1][key]:g};", "expected a whole number from 0 on."
                )
    return stages


def weights_by_layer(model) -> dict[str, list[np.ndarray]]:
    """A model's weights: path of the layer, such as "base/block1_conv" → copies of its arrays."""
    from course_utils.inspect import leaf_layers, weight_values

    return {path: [weight_values(weight) for weight in layer.weights] for path, layer in leaf_layers(model)}


def moved_since(before: dict[str, list[np.ndarray]], value: object) -> set[str]:
    """The layers of a model in which any number differs from before.

    Args:
        before: from ``weights_by_layer``.
        value: the student's model, with the layers it had then.
    """
    after = weights_by_layer(as_model(value))
    lost = [path for path, arrays in before.items() if arrays and path not in after]
    if lost:
        raise Incorrect(
            f"The model you return has no layer {lost[0]};",
            f"expected the model that you were given, with its layers {', '.join(path for path in before if before[path])}.",
        )
    return {path for path, arrays in before.items() if not all(map(np.array_equal, arrays, after[path]))}


def train_one_step(model, images: np.ndarray, labels: np.ndarray) -> None:
    """Compiles a model anew and fits it on one batch, with what is trainable now."""
    import keras

    model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    model.fit(images, labels, batch_size=len(images), epochs=1, verbose=0)


def in_base(paths: set[str]) -> set[str]:
    """The names, without the base's, of those layers that belong to the base."""
    return {path.split("/", 1)[1] for path in paths if path.startswith(f"{BASE}/")}


def random_layers(model) -> list[tuple[int, str]]:
    """Where a model's layers that change images at random stand among all its layers, and what class they are."""
    from course_utils.inspect import leaf_layers

    kinds = [type(layer).__name__ for _, layer in leaf_layers(model)]
    others = ("RandAugment", "Solarization")  # at random too, under names of another kind
    return [(place, kind) for place, kind in enumerate(kinds) if kind.startswith("Random") or kind in others]


def passes_differ(model, images: np.ndarray) -> bool:
    """Whether two passes in training mode differ for another reason than Dropout or noise."""
    try:
        with dropout_at_rest(model):
            first, second = (as_array(model(images, training=True), "what your model gives") for _ in range(2))
    except Incorrect:
        raise
    except Exception as error:
        raise Incorrect(f"Your model cannot be used in training mode: {explain(error)}.", "") from None
    return not np.allclose(first, second, atol=1e-6)


def received_by_last(model, batch: np.ndarray) -> np.ndarray:
    """What a model's last layer receives for a batch."""
    import keras

    try:
        return predict(keras.Model(model.inputs, model.layers[-1].input), batch)
    except Exception as error:
        raise Incorrect(
            f"The way into your model's last layer cannot be followed: {explain(error)}.",
            "Build keras.Model(inputs, outputs) whose last layer is the new Dense.",
        ) from None


def without_last(model):
    """A model without its last layer."""
    import keras

    return keras.Model(model.inputs, model.layers[-1].input)


def first_with_weights(model) -> int:
    """Where the first layer with weights stands among all of a model's layers."""
    from course_utils.inspect import leaf_layers

    return next((place for place, (_, layer) in enumerate(leaf_layers(model)) if layer.weights), 0)


def holds_weights(model, weights: list[np.ndarray]) -> bool:
    """Whether each of some arrays is among a model's weights, bit for bit."""
    own = model.get_weights()
    return all(any(np.array_equal(array, other) for other in own) for array in weights)
