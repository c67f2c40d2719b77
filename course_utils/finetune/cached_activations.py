"""Fine-tuning from cached activations: what the frozen layers make of an image is computed once, not in every epoch.

The layers below the freezing point do not change, so they give the same activations in every epoch. ``split`` cuts a base
in two there. ``features.extract`` runs the lower part once (or ``features.extract_augmented`` once per augmented copy), and
what comes out, its activations, is what the upper part and a head are trained on. Both parts are made of the base's
own layers, so the base learns what the upper part learns. ``work`` says how much that can save.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from course_utils.errors import BadArgumentError, unknown_name

__all__ = ["Work", "freezing_points", "join", "split", "work"]


def split(base: Any, first: str) -> tuple[Any, Any]:
    """Cuts a base in two at the freezing point: what stays frozen, and what is to learn.

    No weight is copied: both parts share their layers with the base. ``trainable`` flags are left as they are.

    Args:
        base: a built Functional model with one input and one output, such as ``load_base`` gives.
        first: name of the first layer of the upper part, for example ``"block5_conv1"``.

    Returns:
        ``(bottom, top)``, two models; ``top(bottom(x))`` is ``base(x)``.

    Raises:
        UnknownNameError: the base has no such layer.
        BadArgumentError: nothing lies below that layer, or a skip connection passes by the cut.
    """
    import keras

    layers = {layer.name: layer for layer in base.layers}
    if first not in layers:
        raise unknown_name("layer", first, layers)
    entering = layers[first].input
    passing = _passing(base, entering)
    if passing:
        raise BadArgumentError(
            f"{base.name} cannot be cut before {first!r}: {passing}. One tensor must carry everything across the cut. "
            f"Cut before {_nearest(base, first)} instead."
        )
    bottom = keras.Model(base.input, entering, name=f"{base.name}_bottom")
    top = keras.Model(entering, base.output, name=f"{base.name}_top")
    return bottom, top


def freezing_points(base: Any) -> list[str]:
    """Lists, first to last, the names of the layers with weights before which a base can be cut in two.

    In a plain chain such as VGG16 that is every layer but the first; in a network with skip connections, those that no
    connection passes by.
    """
    return [layer.name for layer in base.layers if layer.weights and not _passing(base, layer.input)]


def join(bottom: Any, trained: Any) -> Any:
    """Joins the lower part and a model that takes its activations, such as the upper part with a head.

    The joined model shares all its layers with the two; it is not compiled.
    """
    import keras

    return keras.Model(bottom.input, trained(bottom.output))


@dataclass(frozen=True)
class Work:
    """Multiply-adds per training image, for the whole of a training; the head is left out, being small.

    Attributes:
        end_to_end: every image passes the whole base in every epoch.
        training: the same, but only through the upper part.
        caching: once through the lower part, for each view.
    """

    end_to_end: int
    training: int
    caching: int

    @property
    def allowed(self) -> float:
        """How many times faster training from cached activations can be, the caching pass left out."""
        return self.end_to_end / self.training

    @property
    def allowed_with_caching(self) -> float:
        """The same with the caching pass counted."""
        return self.end_to_end / (self.training + self.caching)


def work(bottom: Any, top: Any, *, epochs: int, copies: int = 1) -> Work:
    """Counts the work of fine-tuning the upper part, end to end and from cached activations.

    Args:
        bottom: from ``split``, of a base with a fixed input size.
        top: from ``split``; all of its layers are taken to be trained.
        epochs: how often every image is trained on.
        copies: how many augmented copies are cached; every epoch uses one of them.

    Returns:
        The counts, as ``inspect.training_cost`` counts: forward once, backward once for a layer's own gradient and
        once more to pass the gradient on.
    """
    from course_utils.inspect import blocks, multiply_adds_by_block, training_cost

    below = sum(multiply_adds_by_block(bottom).values())
    cost = training_cost(top, trainable=list(blocks(top)))
    above = cost.forward + cost.backward
    return Work(end_to_end=epochs * (below + above), training=epochs * above, caching=copies * below)


def _passing(base: Any, entering: Any) -> str:
    """Says what passes by a cut at this tensor, in words; an empty text if nothing does."""
    import keras

    if isinstance(entering, (list, tuple)):
        return "that layer joins several tensors"
    makers = {id(layer.output): layer for layer in base.layers}
    below = {id(layer) for layer in keras.Model(base.input, entering).layers}
    if len(below) <= 1:
        return "nothing but the input lies below it"
    for layer in base.layers:
        if id(layer) not in below:
            for tensor in layer.input if isinstance(layer.input, list) else [layer.input]:
                if id(tensor) != id(entering) and id(makers[id(tensor)]) in below:
                    return f"a skip connection from {makers[id(tensor)].name!r} to {layer.name!r} passes by the cut"
    return ""


def _nearest(base: Any, first: str) -> str:
    order = {layer.name: place for place, layer in enumerate(base.layers)}
    points = freezing_points(base)
    if not points:
        return "another base's layer: this one cannot be cut anywhere"
    near = sorted(points, key=lambda name: abs(order[name] - order[first]))[:2]
    return " or ".join(repr(name) for name in sorted(near, key=order.get))
