"""One training step, and what it moved: whether a frozen base is in a model, is whole, and stays as it was."""

from __future__ import annotations

from math import prod

import numpy as np

from course_utils.checks.common.models import as_model
from course_utils.checks.core.exercise_check import Incorrect, describe, explain
from course_utils.inspect import compare, fingerprint, leaf_layers, weight_values


def rebuilt(value: object):
    """A copy of a student's model that belongs to the check, made as the grader makes it: from plain data.

    So a model that cannot be handed over (a Lambda, a class of one's own) is told about in the notebook already.

    Raises:
        Incorrect: the value is no model, or not one that can be handed over.
    """
    from nbgrader_isolated.wire import keras_model
    from nbgrader_isolated.wire.encode import WireError

    model = as_model(value)
    try:
        return keras_model.unpack(keras_model.pack(model))
    except WireError as error:
        raise Incorrect(f"Your model cannot be handed over. {error}", "Expected Keras's own layers.") from None
    except Exception as error:  # a class of the student's own may raise whatever it likes
        raise Incorrect(
            f"Your model, a {type(model).__name__}, cannot be handed over: copying it raised {type(error).__name__}.",
            "Expected a Sequential or functional model of Keras's own layers.",
        ) from None


def copy_of(model, *, frozen: bool = False):
    """A copy with the same names and weights, all of it trainable unless it is to be frozen."""
    import keras

    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    copy.trainable = not frozen
    return copy


def small_vgg16(rng: np.random.Generator):
    """A base with VGG16's layers and names, and few filters, whose numbers depend on the random numbers."""
    import keras

    layers = keras.layers
    tensor = images = keras.Input((32, 32, 3))
    for block, depth in enumerate((2, 2, 3, 3, 3), start=1):
        filters = int(rng.integers(2, 9))
        for number in range(1, depth + 1):
            tensor = layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"block{block}_conv{number}")(
                tensor
            )
        tensor = layers.MaxPooling2D(name=f"block{block}_pool")(tensor)
    return keras.Model(images, tensor, name="small_vgg16")


def weighted_layers(model) -> list[tuple[str, object]]:
    """(path, layer) of every layer with weights, nested models opened up, first to last."""
    return [(path, layer) for path, layer in leaf_layers(model) if layer.weights]


def trainable_parameters(model) -> int:
    """How many numbers an optimizer would move."""
    return sum(prod(weight.shape) for weight in model.trainable_variables)


def trained_layers(model) -> dict[str, int]:
    """Layer name → trainable parameters in it, for the layers that have some."""
    free = {id(weight) for weight in model.trainable_variables}
    counts = {
        layer.name: sum(prod(w.shape) for w in layer.weights if id(w) in free) for _, layer in weighted_layers(model)
    }
    return {name: count for name, count in counts.items() if count}


def check_trains(value: object, reference, names: list[str], which: str) -> None:
    """Complains unless exactly these layers of a base are trainable, but for BatchNorm, which never is, and all its numbers are there.

    Args:
        value: what a student's function returned for a copy of the base.
        reference: the base as it is known here, all of it trainable.
        names: layers that should be trainable; those without weights and BatchNorm do not count.
        which: the base and what was asked of it, in words.
    """
    model = as_model(value)
    there, known = ([layer.name for _, layer in weighted_layers(one)] for one in (model, reference))
    if there != known:
        raise Incorrect(
            f"For {which} you return a model of {len(there)} layers with weights, not the base's {len(known)};",
            "expected the base that you were given, with other flags.",
        )
    other = _with_other_numbers(model, reference)
    if other:
        raise Incorrect(
            f"For {which} {len(other)} of {len(known)} layers that you return hold other numbers than the base's, {_few(other)};",
            "expected the base's own weights and statistics, with other flags.",
            "keras.models.clone_model copies the layers and begins with new weights: change the flags of the base itself.",
        )
    counts = trained_layers(reference)
    norms = {layer.name for _, layer in weighted_layers(reference) if is_norm(layer)}
    expected = {name: counts[name] for name in known if name in names and name not in norms}
    given = trained_layers(model)
    if given == expected:
        return
    surplus = [name for name in given if name not in expected]
    missing = [name for name in expected if name not in given]
    flags = {layer.name for _, layer in weighted_layers(model) if layer.trainable}
    look = "A layer's trainable decides whether its weights are trained."
    if not given and flags == set(expected):
        look = (
            "The layers' own flags are right, but base.trainable is still False, so the base by itself reports nothing to "
            "train. Set base.trainable = True first, then freeze."
        )
    elif surplus and set(surplus) <= norms:
        look = "Those too many are BatchNorm layers, which are to stay frozen wherever they stand."
    raise Incorrect(
        f"For {which} {sum(given.values()):,} parameters in {len(given)} layers are trainable"
        + (f", {_few(surplus)} among them" if surplus else "")
        + (f", {_few(missing)} not" if missing else "")
        + ";",
        f"expected {sum(expected.values()):,} in {len(expected)}.",
        look,
    )


def _with_other_numbers(model, reference) -> list[str]:
    """The layers of a model whose weights or statistics differ from those of a model with the same layers."""
    pairs = zip(weighted_layers(model), weighted_layers(reference), strict=True)
    return [
        layer.name
        for (_, layer), (_, other) in pairs
        if len(layer.weights) != len(other.weights)
        or not all(
            np.array_equal(weight_values(a), weight_values(b))
            for a, b in zip(layer.weights, other.weights, strict=True)
        )
    ]


def _few(names: list[str]) -> str:
    return ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")


def is_norm(layer) -> bool:
    """Whether a layer is a BatchNormalization."""
    import keras

    return isinstance(layer, keras.layers.BatchNormalization)


def check_found(value: object, weights: list[str], statistics: list[str], look: str) -> None:
    """Complains unless a student's dictionary names the layers whose weights, and those whose statistics, were changed.

    Args:
        value: {"weights": names of layers, "statistics": names of layers}, in any order.
        weights: layers whose trained weights differ.
        statistics: layers whose BatchNorm statistics differ.
        look: what to think of when something is missing or too much.
    """
    if not isinstance(value, dict) or set(value) != {"weights", "statistics"}:
        keys = f" with the keys {', '.join(map(repr, value))}" if isinstance(value, dict) and value else ""
        raise Incorrect(
            f"You return {describe(value)}{keys};", 'expected a dictionary with "weights" and "statistics".'
        )
    for key, expected in {"weights": weights, "statistics": statistics}.items():
        names = value[key]
        if isinstance(names, str) or not all(isinstance(name, str) for name in names):
            raise Incorrect(f"The value for {key!r} is {describe(names)};", "expected a list of layers' names.")
        surplus = [str(name) for name in names if name not in expected]
        missing = [name for name in expected if name not in list(names)]
        if surplus or missing:
            said = [f"does not name {_few(missing)}"] if missing else []
            said += [f"names {_few(surplus)}, where none were changed"] if surplus else []
            raise Incorrect(
                f"Your list of {key} {' and '.join(said)};", f"expected {_few(expected) or 'an empty list'}.", look
            )
        if len(set(names)) < len(list(names)):
            raise Incorrect(f"Your list of {key} names a layer more than once;", "expected each once.")


def find_base(model, base) -> list[tuple[str, object]]:
    """The layers of a model that stand where those of a base do, whatever they are called and however deep they lie.

    Args:
        model: the check's copy of a student's model.
        base: the reference; every layer with weights is looked for, in this order and without gaps.

    Returns:
        (path in the model, layer), as many as the base has layers with weights.

    Raises:
        Incorrect: the base is not in the model.
    """
    wanted = [_shapes(layer) for _, layer in weighted_layers(base)]
    there = weighted_layers(model)
    found = [_shapes(layer) for _, layer in there]
    for start in range(len(found) - len(wanted) + 1):
        if found[start : start + len(wanted)] == wanted:
            return there[start : start + len(wanted)]
    raise Incorrect(
        f"Your model has {len(there)} layers with weights, and the base's {len(wanted)} are not among them in their order;",
        "expected the whole base inside.",
        "Call base(…) like a layer, or list it in a Sequential.",
    )


def _shapes(layer) -> list[tuple]:
    return [tuple(weight.shape) for weight in layer.weights]


def check_untouched(model, base) -> None:
    """Complains unless a base inside a model holds the reference's numbers, bit for bit; statistics are told apart."""
    moved, statistics = [], []
    for (path, layer), (_, reference) in zip(find_base(model, base), weighted_layers(base), strict=True):
        for weight, expected in zip(layer.weights, reference.weights, strict=True):
            if not np.array_equal(weight_values(weight), weight_values(expected)):
                (statistics if is_statistic(weight) else moved).append(path.rpartition("/")[2])
    moved, statistics = list(dict.fromkeys(moved)), list(dict.fromkeys(statistics))
    total = len(weighted_layers(base))
    if moved:
        look = "Is the base frozen when fit begins?"
        if len(moved) >= total - 2:
            look = "If it holds random numbers: did you build a base of your own, without its pretrained weights?"
        raise Incorrect(
            f"In the base {len(moved)} of {total} layers have other weights than ImageNet's, first {moved[0]};",
            "expected not one bit to differ.",
            look,
        )
    if statistics:
        raise Incorrect(
            f"The base's trained weights are ImageNet's, but the BatchNorm statistics of {len(statistics)} layers have "
            f"moved, first {statistics[0]};",
            "expected them to stand still.",
            "Statistics move without being trained, in every step, unless the BatchNorm layer's own trainable is False.",
        )


def is_statistic(weight) -> bool:
    """Whether a weight is one of BatchNorm's moving statistics."""
    return weight.name.startswith("moving_")


def check_only_head_trains(model, base) -> None:
    """Complains unless nothing of the base is trainable in a model, and something after it is."""
    inside = [layer for _, layer in find_base(model, base)]
    free = {id(weight) for weight in model.trainable_variables}
    loose = [layer.name for layer in inside if any(id(weight) in free for weight in layer.weights)]
    if loose:
        norms = all("batchnorm" in type(layer).__name__.lower() for layer in inside if layer.name in loose)
        raise Incorrect(
            f"In the base {len(loose)} of {len(inside)} layers are trainable, first {loose[0]};",
            "expected none.",
            "They are BatchNorm layers, all of them: these need freezing too."
            if norms
            else "base.trainable = False freezes all of it. The argument training=False of a call freezes nothing.",
        )
    if not free:
        raise Incorrect(
            "Nothing at all is trainable in your model, the head included;",
            "expected the layers after the base to learn.",
            "Freeze the base alone: not the whole model, nor its layers in a loop that reaches the head.",
        )


def check_one_step(model, base, images: np.ndarray, labels: np.ndarray) -> None:
    """Trains a model for one step and complains unless the head moved and nothing of the base did, statistics included.

    Args:
        model: the check's copy of a student's model; it is trained, so it is another one afterwards.
        base: the base that it should hold.
        images: float32 (N, height, width, 3).
        labels: (N,) whole numbers.
    """
    import keras

    check_only_head_trains(model, base)
    inside = {path for path, _ in find_base(model, base)}
    # Without a graph: tracing the whole base for a single step would take longer than the step.
    model.compile(
        optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(), run_eagerly=True
    )
    before = fingerprint(model)
    try:
        model.train_on_batch(images, labels)
    except Exception as error:
        raise Incorrect(
            f"One training step on {len(images)} images with labels from 0 to {int(labels.max())} failed: "
            f"{explain(error)}.",
            "Expected one output per class.",
        ) from None
    changed = compare(before, fingerprint(model))
    trained = [path for path in changed.moved if path in inside]
    drifted = [path for path in changed.statistics_moved if path in inside]
    if trained or drifted:
        kind = "weights" if trained else "BatchNorm statistics"
        raise Incorrect(
            f"One training step moved {kind} in {len(trained or drifted)} layers of the base, "
            f"first {(trained or drifted)[0]};",
            "expected the base to stand still.",
        )
    if not changed.moved:
        raise Incorrect("One training step moved nothing at all;", "expected the head to move.")


def outputs(model, images: np.ndarray, *, batch_size: int = 64) -> np.ndarray:
    """What a model gives for images, without training; (N, classes)."""
    import keras

    given = [
        keras.ops.convert_to_numpy(model(images[start : start + batch_size].astype(np.float32), training=False))
        for start in range(0, len(images), batch_size)
    ]
    return np.concatenate(given)
