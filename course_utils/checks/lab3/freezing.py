"""Whether the right layers are frozen, whether what moved is told apart by layer, and what one training step moves."""

from __future__ import annotations

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, describe, few
from course_utils.checks.common.frozen_base import check_only_head_trains, layers_of_base, weighted_layers
from course_utils.checks.common.models import as_model, copy_of
from course_utils.checks.common.weights import check_trainable, layers_in, moved, one_step, weight_names, weights_of
from course_utils.inspect import weight_values


def small_vgg16(rng: np.random.Generator):
    """A base with VGG16's layers and names, and few filters, whose sizes depend on the random numbers."""
    import keras

    layers = keras.layers
    tensor = images = keras.Input((32, 32, 3))
    for block, depth in enumerate((2, 2, 3, 3, 3), start=1):
        filters = int(rng.integers(2, 9))
        for number in range(1, depth + 1):
            name = f"block{block}_conv{number}"
            tensor = layers.Conv2D(filters, 3, padding="same", activation="relu", name=name)(tensor)
        tensor = layers.MaxPooling2D(name=f"block{block}_pool")(tensor)
    return keras.Model(images, tensor, name="small_vgg16")


def check_flags(
    check: ExerciseCheck, base, layers: list[str], which: str, *arguments: object, frozen: bool = False
) -> None:
    """Complains unless exactly these layers of the base come back trainable, and all its weights with them.

    Args:
        check: the check of a function that is given a copy of the base, and the ``arguments``.
        base: as it is known here.
        layers: their names; those without weights and those of BatchNorm, which is never to be trained, do not count.
        which: the base, in words.
        frozen: whether it comes with nothing trainable.
    """
    model = as_model(check.call(copy_of(base, frozen=frozen), *arguments))
    which = " with ".join([which, *map(repr, arguments)])
    there, known = ([layer.name for _, layer in weighted_layers(one)] for one in (model, base))
    if there != known:
        raise Incorrect(
            f"For {which} you return a model of {len(there)} layers with weights, not the base's {len(known)};",
            "expected the base that you were given, with other flags.",
        )
    other = moved(weights_of(base), weights_of(model))
    if other:
        raise Incorrect(
            f"For {which} some layers that you return hold other weights than the base's: {layers_in(other)};",
            "expected the base's own weights and statistics, with other flags.",
            "keras.models.clone_model copies the layers and begins with new weights: change the flags of the base itself.",
        )
    check_trainable(model, weight_names(base, layers), which)


def check_found(value: object, weights: list[str], statistics: list[str], look: str) -> None:
    """Complains unless a student's dictionary names the layers whose weights, and those whose statistics, were changed.

    They may come in any order; ``look`` says what to think of when something is missing or too much.
    """
    if not isinstance(value, dict) or set(value) != {"weights", "statistics"}:
        keys = f" with the keys {', '.join(map(repr, value))}" if isinstance(value, dict) and value else ""
        expected = 'expected a dictionary with "weights" and "statistics".'
        raise Incorrect(f"You return {describe(value)}{keys};", expected)
    for key, expected in {"weights": weights, "statistics": statistics}.items():
        if isinstance(value[key], str) or not all(isinstance(name, str) for name in value[key]):
            raise Incorrect(f"The value for {key!r} is {describe(value[key])};", "expected a list of layers' names.")
        names = [str(name) for name in value[key]]
        surplus = [name for name in names if name not in expected]
        missing = [name for name in expected if name not in names]
        if surplus or missing:
            said = [f"does not name {few(missing)}"] if missing else []
            said += [f"names {few(surplus)}, where none were changed"] if surplus else []
            raise Incorrect(
                f"Your list of {key} {' and '.join(said)};", f"expected {few(expected) or 'an empty list'}.", look
            )
        if len(set(names)) < len(names):
            raise Incorrect(f"Your list of {key} names a layer more than once;", "expected each once.")


def check_one_step(model, base, images: np.ndarray, labels: np.ndarray) -> None:
    """Trains the check's copy of a student's model for one step, and complains unless the head moved and nothing of the base did."""
    import keras

    check_only_head_trains(model, base)
    inside = {id(weight) for _, layer in layers_of_base(model, base) for weight in layer.weights}
    before = [weight_values(weight) for weight in model.weights]
    model.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy(), run_eagerly=True)
    one_step(model, images, labels)
    pairs = zip(model.weights, before, strict=True)
    changed = [weight for weight, was in pairs if not np.array_equal(weight_values(weight), was)]
    of_base = [weight.path for weight in changed if id(weight) in inside]
    if of_base:
        raise Incorrect(
            f"One training step moved {few(of_base)} in the base, statistics included;",
            "expected the base to stand still.",
        )
    if not changed:
        raise Incorrect("One training step moved nothing at all;", "expected the head to move.")
