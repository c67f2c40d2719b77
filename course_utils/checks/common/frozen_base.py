"""Whether a base is in a model, is whole, stays as it was, and is frozen while the rest learns."""

import numpy as np

from course_utils.checks import Incorrect
from course_utils.checks.common.models import predict
from course_utils.checks.common.weights import batch_norms, comparable_losses, is_statistic
from course_utils.inspect import leaf_layers, weight_values


def weighted_layers(model) -> list[tuple[str, object]]:
    """(path, layer) of every layer with weights, nested models opened up, first to last."""
    return [(path, layer) for path, layer in leaf_layers(model) if layer.weights]


def layers_of_base(model, base) -> list[tuple[str, object]]:
    """The layers of a model, with their paths, that stand where those of a base do, whatever they are called.

    Every layer of the base with weights is looked for, in order and without gaps; where they are not, this is a
    complaint.
    """

    def shapes(layers: list) -> list:
        return [[tuple(weight.shape) for weight in layer.weights] for _, layer in layers]

    wanted, there = shapes(weighted_layers(base)), weighted_layers(model)
    found = shapes(there)
    for start in range(len(found) - len(wanted) + 1):
        if found[start : start + len(wanted)] == wanted:
            return there[start : start + len(wanted)]
    raise Incorrect(
        f"Your model has {len(there)} layers with weights, and the base's {len(wanted)} are not among them in their order;",
        "expected the whole base inside.",
        "Call base(…) like a layer, or list it in a Sequential.",
    )


def check_untouched(model, base) -> None:
    """Complains unless a base inside a model has the reference's weights, bit for bit, and its statistics."""
    changed: dict[bool, dict[str, None]] = {False: {}, True: {}}
    own = weighted_layers(base)
    for (path, layer), (_, reference) in zip(layers_of_base(model, base), own, strict=True):
        for weight, expected in zip(layer.weights, reference.weights, strict=True):
            if not np.array_equal(weight_values(weight), weight_values(expected)):
                changed[is_statistic(weight.name)][path.rpartition("/")[2]] = None
    weights, statistics = map(list, changed.values())
    if weights:
        look = "Is the base frozen when fit begins?"
        if len(weights) >= len(own) - 2:
            look = "If its weights are random: did you build a base of your own, without its pretrained weights?"
        raise Incorrect(
            f"In the base {len(weights)} of {len(own)} layers have other weights than ImageNet's, first {weights[0]};",
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


def check_base_frozen(model, base) -> None:
    """Complains unless nothing of the base is trainable in a model."""
    free, inside = {id(weight) for weight in model.trainable_variables}, layers_of_base(model, base)
    if loose := [layer.name for _, layer in inside if any(id(weight) in free for weight in layer.weights)]:
        raise Incorrect(
            f"In the base {len(loose)} of {len(inside)} layers are trainable, first {loose[0]};",
            "expected none.",
            "They are BatchNorm layers, all of them: these need freezing too."
            if set(loose) <= batch_norms(model)
            else "base.trainable = False freezes all of it. The argument training=False of a call freezes nothing.",
        )


def check_only_head_trains(model, base) -> None:
    """Complains unless nothing of the base is trainable in a model, and something after it is."""
    check_base_frozen(model, base)
    if not model.trainable_variables:
        raise Incorrect(
            "Nothing at all is trainable in your model, the head included;",
            "expected the layers after the base to learn.",
            "Freeze the base alone: not the whole model, nor its layers in a loop that reaches the head.",
        )


def losses_with_and_without_tuning(model, base, images: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """The loss of a model as it is, and with the reference's weights put back into the base inside it; see ``comparable_losses``.

    The model takes ``images``, (N, height, width, 3), and ends in probabilities; it is left as it was.
    """
    inside = [layer for _, layer in layers_of_base(model, base)]
    kept = [layer.get_weights() for layer in inside]
    tuned = predict(model, images, at_once=16)
    for layer, (_, reference) in zip(inside, weighted_layers(base), strict=True):
        layer.set_weights(reference.get_weights())
    put_back = predict(model, images, at_once=16)
    for layer, values in zip(inside, kept, strict=True):
        layer.set_weights(values)
    return comparable_losses(tuned, put_back, labels)
