"""Fine-tuning from cached activations: what the frozen layers make of an image is computed once, not in every epoch.

The layers below the freezing point do not change. ``split`` cuts a base in two there. ``features.extract`` runs the
lower part once (or ``features.extract_augmented`` once per augmented copy), and the upper part and a head are trained
on what comes out. Both parts are made of the base's own layers, so the base learns what the upper part learns.
"""

from typing import Any, NamedTuple

from course_utils.errors import BadArgumentError, require_known
from course_utils.inspect import blocks, multiply_adds_by_block, training_cost
from course_utils.inspect.graph import Graph, graph


def split(base: Any, first: str) -> tuple[Any, Any]:
    """Cuts a base in two at the freezing point: what stays frozen, and what is to learn.

    No weight is copied: both parts share their layers with the base. ``trainable`` flags are left as they are.

    Args:
        base: a built model with one input and one output, or one with a base as one of its layers: the head is then
            part of the upper part. Random layers in the lower part do nothing to cached activations.
        first: name of the first layer of the upper part, for example ``"block5_conv1"``.

    Returns:
        ``(bottom, top)``, two models; ``top(bottom(x))`` is ``base(x)``.

    Raises:
        UnknownNameError: the base has no such layer.
        BadArgumentError: nothing lies below that layer, a skip connection passes by the cut, or the model is not built.
    """
    import keras

    flat = graph(base)
    names = [call.layer.name for call in flat.calls]
    wanted = first.rpartition("/")[2]
    require_known("layer", names, wanted)
    entering = flat.calls[names.index(wanted)].inputs
    passing = _passing(flat, entering)
    if passing:
        raise BadArgumentError(
            f"{base.name} cannot be cut before {first!r}: {passing}. One tensor must carry everything across the cut. "
            f"Cut before {_nearest(freezing_points(base), names, wanted)} instead."
        )
    bottom = keras.Model(flat.input, entering[0], name=f"{base.name}_bottom")
    return bottom, keras.Model(entering[0], flat.output, name=f"{base.name}_top")


def freezing_points(base: Any) -> list[str]:
    """Lists, first to last, the names of the layers with weights before which a base can be cut in two.

    In a plain chain such as VGG16 that is every layer but the first; in a network with skip connections, those that no
    connection passes by.
    """
    flat = graph(base)
    weighted = [call for call in flat.calls if getattr(call.layer, "weights", None)]
    return [call.layer.name for call in weighted if not _passing(flat, call.inputs)]


def join(bottom: Any, trained: Any) -> Any:
    """Joins the lower part and a model that takes its activations, such as the upper part with a head.

    The joined model shares all its layers with the two; it is not compiled.
    """
    import keras

    return keras.Model(bottom.input, trained(bottom.output))


class Work(NamedTuple):
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
    """Counts the work of fine-tuning the upper part, as ``inspect.training_cost`` does.

    Args:
        bottom: from ``split``, of a base with a fixed input size.
        top: from ``split``; all of its layers are taken to be trained.
        epochs: how often every image is trained on.
        copies: how many augmented copies are cached; every epoch uses one of them.
    """
    below = sum(multiply_adds_by_block(bottom).values())
    cost = training_cost(top, trainable=list(blocks(top)))
    above = cost.forward + cost.backward
    return Work(end_to_end=epochs * (below + above), training=epochs * above, caching=copies * below)


def _passing(flat: Graph, entering: list[Any]) -> str:
    """Says what passes by a cut at the tensors that enter a layer, in words; an empty text if nothing does."""
    if len(entering) > 1:
        return "that layer joins several tensors"
    if entering[0] is flat.input:
        return "nothing but the input lies below it"
    for tensor, call in flat.passing(entering[0]):
        maker = next((one.layer.name for one in flat.calls if one.output is tensor), "the input")
        return f"a skip connection from {maker!r} to {call.layer.name!r} passes by the cut"
    return ""


def _nearest(points: list[str], names: list[str], first: str) -> str:
    if not points:
        return "another base's layer: this one cannot be cut anywhere"
    near = sorted(points, key=lambda name: abs(names.index(name) - names.index(first)))[:2]
    return " or ".join(repr(name) for name in sorted(near, key=names.index))
