"""What training costs: multiply-adds, memory and seconds, computed from the shapes of layers."""

from collections.abc import Collection, Mapping
from math import prod
from types import MappingProxyType
from typing import Any, NamedTuple

from course_utils.errors import BadArgumentError, require_integer, require_known
from course_utils.inspect.graph import Call, graph
from course_utils.inspect.trainable import blocks

ASSUMED_RATE = 60e9
"""Multiply-adds per second: about what two cores of a laptop manage in convolutions."""
_FLOAT = 4  # bytes
BATCH_SIZE = 32


def multiply_adds(layer: Any, calls: Mapping[int, Call] = MappingProxyType({})) -> int:
    """Counts the multiply-adds of one layer of a built Functional or Sequential model for one image, forward.

    Convolutions (plain, depthwise, separable, transposed) and Dense are counted; everything else counts as 0. ``calls``
    holds the layer's use by its id where its own tensors have no fixed size.

    Raises:
        BadArgumentError: the layer's output has no fixed size.
    """
    from keras import layers

    kernels = [weight for weight in layer.weights if "kernel" in weight.name]
    counted = (layers.Dense, layers.Conv2D, layers.Conv2DTranspose, layers.DepthwiseConv2D, layers.SeparableConv2D)
    if not kernels or not isinstance(layer, counted):
        return 0
    if isinstance(layer, layers.Dense):
        kernels = kernels[:1]
    # Each number of a kernel is used once at every place of the output, or of the input where it is transposed.
    places = prod(_shape(layer, "input" if isinstance(layer, layers.Conv2DTranspose) else "output", calls)[:-1])
    return places * sum(prod(weight.shape) for weight in kernels)


def multiply_adds_by_block(model: Any) -> dict[str, int]:
    """Counts the multiply-adds of each of a model's `blocks` for one image, forward; blocks without any are left out."""
    calls = _calls(model)
    counts = {name: sum(multiply_adds(layer, calls) for layer in layers) for name, layers in blocks(model).items()}
    return {name: count for name, count in counts.items() if count}


class TrainingCost(NamedTuple):
    """What an epoch of training costs with some blocks trainable; an estimate."""

    parameters: int  #: of the whole model
    trainable: int  #: those of them that an optimizer would change
    forward: int  #: multiply-adds for one image, forward
    backward: int  #: multiply-adds for one image, for the gradients
    memory: (
        int  #: bytes for weights, gradients, Adam's two moments, and the activations a batch keeps for the gradients
    )
    seconds: float  #: per epoch, at `ASSUMED_RATE`


def training_cost(model: Any, *, trainable: Collection[str], images: int = 1000) -> TrainingCost:
    """Estimates what training would cost if exactly these blocks were trainable; changes nothing in the model.

    Each layer costs its multiply-adds once forward. Backward, a trainable layer costs them again for its own gradient,
    and every layer after the first trainable one costs them again to pass the gradient on. That is why freezing the
    first blocks saves the most time although they hold the fewest parameters. BatchNorm's statistics do not count as
    trainable.

    Args:
        model: a built model with a fixed input size.
        trainable: names of blocks, as `blocks` gives them.
        images: how many there are in an epoch.

    Raises:
        UnknownNameError: a block that the model does not have.
        BadArgumentError: ``images`` is no positive integer, or a layer has no fixed size.
    """
    images = require_integer("images", images, minimum=1)
    groups = blocks(model)
    require_known("block", groups, *trainable)
    calls = _calls(model)
    forward = backward = changed = kept = 0
    passing = False
    for name, layers in groups.items():
        for layer in layers:
            cost = multiply_adds(layer, calls)
            learned = sum(prod(w.shape) for w in layer.weights if not w.name.startswith("moving_"))
            learns = name in trainable and learned > 0
            forward += cost
            backward += cost * (passing + learns)
            changed += learned * learns
            passing |= learns
            if passing:
                kept += prod(_shape(layer, "output", calls))
    total = model.count_params()
    return TrainingCost(
        parameters=total,
        trainable=changed,
        forward=forward,
        backward=backward,
        memory=_FLOAT * (total + 3 * changed + BATCH_SIZE * kept),
        seconds=images * (forward + backward) / ASSUMED_RATE,
    )


def _calls(model: Any) -> dict[int, Call]:
    """The use of each layer where a nested base was built for any size: the size is only that of the model around it."""
    nested = [layer for layer in model.layers if getattr(layer, "layers", None) and getattr(layer, "inputs", None)]
    if all(None not in tensor.shape[1:] for layer in nested for tensor in layer.inputs):
        return {}
    return {id(call.layer): call for call in graph(model).calls}


def _shape(layer: Any, side: str, calls: Mapping[int, Call]) -> tuple[int, ...]:
    """Reads the shape of a layer's input or output for one image, whichever tensor comes first."""
    try:
        if id(layer) in calls:
            tensor = calls[id(layer)].output if side == "output" else calls[id(layer)].inputs
        else:
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
