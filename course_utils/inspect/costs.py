"""What training costs: multiply-adds, memory and seconds, computed from the shapes of layers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import prod
from typing import Any

from course_utils.errors import BadArgumentError, unknown_name
from course_utils.inspect.trainable import blocks, parameters

# Used when nothing was measured: about what two cores of a laptop manage in convolutions.
ASSUMED_RATE = 60e9  # multiply-adds per second
_FLOAT = 4  # bytes


def multiply_adds(layer: Any) -> int:
    """Counts the multiply-adds of one layer for one image, forward.

    Convolutions (plain, depthwise, separable, transposed) and Dense are counted; everything else is small beside them
    and counts as 0.

    Args:
        layer: a layer of a built Functional or Sequential model.

    Returns:
        The count.

    Raises:
        BadArgumentError: if the layer's output has no fixed size.
    """
    import keras

    kernels = [weight for weight in layer.weights if "kernel" in weight.name]
    if not kernels or not isinstance(layer, (keras.layers.Dense, *_convolutions())):
        return 0
    places = prod(_shape(layer, "output")[:-1])
    if isinstance(layer, keras.layers.Conv2DTranspose):
        places = prod(_shape(layer, "input")[:-1])
    if isinstance(layer, keras.layers.Dense):
        kernels = kernels[:1]
    # A kernel's numbers are each used once at every place of the output.
    return places * sum(prod(weight.shape) for weight in kernels)


def multiply_adds_by_block(model: Any) -> dict[str, int]:
    """Counts the multiply-adds of each block for one image, forward.

    Args:
        model: a built model with a fixed input size.

    Returns:
        The count for each name that `blocks` gives; blocks that cost nothing are left out.
    """
    counts = {name: sum(multiply_adds(layer) for layer in layers) for name, layers in blocks(model).items()}
    return {name: count for name, count in counts.items() if count}


@dataclass(frozen=True)
class TrainingCost:
    """What an epoch of training costs with some blocks trainable; an estimate.

    Attributes:
        parameters: numbers in all weights.
        trainable: those of them that an optimizer would move.
        forward: multiply-adds for one image, forward.
        backward: multiply-adds for one image, for the gradients.
        memory: bytes for weights, gradients, Adam's two moments, and the activations a batch keeps for the gradients.
        seconds: per epoch.
    """

    parameters: int
    trainable: int
    forward: int
    backward: int
    memory: int
    seconds: float


def training_cost(
    model: Any,
    *,
    trainable: Collection[str],
    images: int = 1000,
    batch_size: int = 32,
    images_per_second: float | None = None,
) -> TrainingCost:
    """Estimates what training would cost if exactly these blocks were trainable; changes nothing in the model.

    Each layer costs its multiply-adds once forward. Backward, a trainable layer costs them again for its own gradient,
    and every layer after the first trainable one costs them again to pass the gradient on. That is why freezing the
    first blocks saves the most time although they hold the fewest parameters. BatchNorm's moving statistics are not
    counted as trainable.

    Args:
        model: a built model with a fixed input size.
        trainable: names of blocks, as `blocks` gives them.
        images: how many there are in an epoch.
        batch_size: images per step.
        images_per_second: measured speed of the whole model going forward; without it, `ASSUMED_RATE` is assumed.

    Returns:
        The estimate.

    Raises:
        UnknownNameError: for a block that the model does not have.
        BadArgumentError: if a number is not positive, or a layer has no fixed size.
    """
    for name, value in (
        ("images", images),
        ("batch_size", batch_size),
        ("images_per_second", images_per_second),
    ):
        if value is not None and not value > 0:
            raise BadArgumentError(
                f"{name} was expected to be above 0; {value!r} was received. Pass a positive number."
            )
    groups = blocks(model)
    for name in trainable:
        if name not in groups:
            raise unknown_name("block", name, groups)
    forward = backward = moved = kept = 0
    passing = False
    for name, layers in groups.items():
        free = name in trainable
        for layer in layers:
            cost = multiply_adds(layer)
            learns = free and bool(_trained_weights(layer))
            forward += cost
            backward += cost * (passing + learns)
            if learns:
                moved += sum(prod(weight.shape) for weight in _trained_weights(layer))
                passing = True
            if passing:
                kept += prod(_shape(layer, "output"))
    total = parameters(model)
    rate = images_per_second * forward if images_per_second else ASSUMED_RATE
    return TrainingCost(
        parameters=total,
        trainable=moved,
        forward=forward,
        backward=backward,
        memory=_FLOAT * (total + 3 * moved + batch_size * kept),
        seconds=images * (forward + backward) / rate if forward else 0.0,
    )


def _convolutions() -> tuple[type, ...]:
    from keras import layers

    return (layers.Conv2D, layers.Conv2DTranspose, layers.DepthwiseConv2D, layers.SeparableConv2D)


def _trained_weights(layer: Any) -> list[Any]:
    return [weight for weight in layer.weights if not weight.name.startswith("moving_")]


def _shape(layer: Any, side: str) -> tuple[int, ...]:
    """Reads the shape of a layer's input or output for one image, whichever tensor comes first."""
    try:
        tensor = getattr(layer, side)
    except (AttributeError, ValueError):  # used more than once, or never called on symbolic input
        tensor = None
    if isinstance(tensor, (list, tuple)):
        tensor = tensor[0]
    shape = tuple(getattr(tensor, "shape", (None, None))[1:])
    if None in shape:
        raise BadArgumentError(
            f"Layers of fixed size, each used once, were expected; the {side} of {layer.name!r} has none. "
            "Build the model with a fixed input_shape, for example (96, 96, 3)."
        )
    return shape
