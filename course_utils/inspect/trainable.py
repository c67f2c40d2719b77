"""What of a model trains, layer by layer or block by block, and whether the training step knows."""

import re
import warnings
from collections.abc import Collection, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.inspect.tables import Table

# "block1_conv1", "block_13_expand", "block3b_project", "conv2_block1_1_conv"; MobileNet's "conv_dw_3", "conv_pw_3_bn".
_BLOCK = re.compile(r"^(.*?block_?\d+[a-z]?)(?![a-z0-9])|^conv_(?:dw|pw|pad)_(\d+)")


def leaf_layers(model: Any) -> list[tuple[str, Any]]:
    """Lists the layers of a built Keras model, with nested models opened up.

    Returns:
        (path, layer), first to last, for example ``("vgg16/block1_conv1", <Conv2D>)``. A layer used twice comes once.
    """
    import keras

    found: dict[int, tuple[str, Any]] = {}

    def walk(layers: Sequence[Any], prefix: str) -> None:
        for layer in layers:
            if isinstance(layer, keras.Model) and layer.layers:
                walk(layer.layers, f"{prefix}{layer.name}/")
            else:
                found.setdefault(id(layer), (prefix + layer.name, layer))

    walk(model.layers, "")
    return list(found.values())


def block_name(layer_name: str) -> str | None:
    """Reads a block's name from a layer's: ``"block_13"`` from ``"block_13_expand_BN"``; ``None`` if it names no block."""
    match = _BLOCK.match(layer_name)
    return match and (match.group(1) or f"conv_{match.group(2)}")


def blocks(model: Any) -> dict[str, list[Any]]:
    """Groups a built model's layers, first to last, into the blocks that their names give.

    ``block1_conv1`` and ``block1_pool`` belong to ``block1``. Layers without a block in their name join the block
    before them; those before the first block make up ``stem``; those after the last stand alone, because that is where
    a head is. A model whose layers name no blocks has one block per layer. The blocks of a nested model are called
    ``name of the model/block``.
    """
    leaves = leaf_layers(model)
    container = [path.rpartition("/")[0] for path, _ in leaves]
    named = [block_name(layer.name) for _, layer in leaves]
    last = {container[i]: i for i, block in enumerate(named) if block}  # the last layer of a block, per (nested) model
    current: dict[str, str] = {}
    grouped: dict[str, list[Any]] = {}
    for i, (path, layer) in enumerate(leaves):
        inside = container[i]
        if named[i]:
            current[inside] = named[i]
        alone = i > last.get(inside, -1)
        name = path if alone else (inside + "/" if inside else "") + current.get(inside, "stem")
        grouped.setdefault(name, []).append(layer)
    return grouped


def weight_values(weight: Any) -> np.ndarray:
    """Copies the numbers of a Keras variable into an array of its shape and dtype, on every backend."""
    import keras

    # Keras 3.15 converts in a way that NumPy 2 calls outdated; nothing is wrong with the numbers.
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        return keras.ops.convert_to_numpy(weight)


def trainable_table(model: Any, *, by: str = "layer") -> Table:
    """Tabulates what of a built model is trainable, by ``"layer"``, or by ``"block"`` as `blocks` groups them.

    Returns:
        A table to print or show. Its rows hold ``name``, ``kind`` (class of the layer, or number of layers),
        ``parameters``, ``trainable_parameters`` and ``trainable`` (the flag; for a block "yes", "no" or "partly"); the
        last row is the total. A note warns if the training step was built for other weights.

    Raises:
        BadArgumentError: the model is not built, or ``by`` is something else.
    """
    if not model.built:
        raise BadArgumentError(
            "A built model was expected, whose weights exist; one that has seen no input shape was received. "
            "Give it a keras.Input, or call it once on a batch."
        )
    if by not in ("layer", "block"):
        raise BadArgumentError(f"by was expected to be 'layer' or 'block'; {by!r} was received. Choose one of the two.")
    trainable = {id(weight) for weight in model.trainable_variables}
    rows = []
    if by == "layer":
        for name, layer in leaf_layers(model):
            row = {"name": name, "kind": type(layer).__name__, "trainable": bool(layer.trainable)}
            rows.append(row | _counts([layer], trainable))
    else:
        for name, layers in blocks(model).items():
            flags = {bool(layer.trainable) for layer in layers if layer.weights}
            flag = None if not flags else "partly" if len(flags) == 2 else "yes" if True in flags else "no"
            row = {"name": name, "kind": f"{len(layers)} layer{'s' * (len(layers) > 1)}", "trainable": flag}
            rows.append(row | _counts(layers, trainable))
    rows.append({"name": "total", "kind": "", "trainable": None} | _counts([model], trainable))
    stale = stale_compile(model)
    columns = [("name", by), ("kind", "class" if by == "layer" else "size"), ("parameters", "parameters")]
    columns += [("trainable_parameters", "trainable"), ("trainable", "flag")]
    return Table(columns, rows, caption=f"{model.name}: what is trainable", notes=[str(stale)] if stale else [])


def parameters_by_block(model: Any) -> dict[str, int]:
    """Counts the parameters of each block of a built model, by the names that `blocks` gives; empty blocks are left out."""
    counts = {name: _counts(layers, ())["parameters"] for name, layers in blocks(model).items()}
    return {name: count for name, count in counts.items() if count}


class StaleCompile(NamedTuple):
    """Where the built training step and the present flags disagree; false when they do not."""

    still_trained: tuple[str, ...] = ()  # paths of weights that are frozen by now, but that the step was built to train
    not_trained: tuple[str, ...] = ()  # paths of those that are trainable by now, but that it was not built to train
    ignored: bool = True  # whether ``fit`` goes on silently as before; otherwise it may obey, or stop with an error

    def __bool__(self) -> bool:
        return bool(self.still_trained or self.not_trained)

    def __str__(self) -> str:
        if not self:
            return "The training step and the trainable flags agree."
        parts = []
        if self.still_trained:
            first = self.still_trained[0]
            parts.append(f"{len(self.still_trained)} weights are frozen now but were trained ({first} …)")
        if self.not_trained:
            parts.append(f"{len(self.not_trained)} are trainable now but were not ({self.not_trained[0]} …)")
        effect = "fit goes on as before" if self.ignored else "fit may stop with an error"
        return (
            f"Warning: trainable flags changed after the training step was built: {'; '.join(parts)}. "
            f"Until the next compile, {effect}."
        )

    __repr__ = __str__


def stale_compile(model: Any) -> StaleCompile:
    """Finds out whether ``trainable`` was changed after a ``fit`` without a new ``compile``.

    The first ``fit`` builds the optimizer for the weights that are trainable then, on every backend, and keeps it for
    later calls. So the list of weights the optimizer was built for says what the step trains. Under TensorFlow the step
    itself is traced too: a change made afterwards does nothing, and Keras says nothing. (Under PyTorch, or with
    ``run_eagerly``, a freeze is obeyed and an unfreeze raises; under JAX both raise.) A change made before the first
    ``fit`` is obeyed, but reported where ``optimizer.build`` was called before it.

    Returns:
        A record that is false when flags and training step agree, and prints as a sentence.
    """
    import keras

    optimizer = getattr(model, "optimizer", None)
    if not getattr(model, "compiled", False) or model.train_function is None or not getattr(optimizer, "built", False):
        return StaleCompile()
    # Keras offers no public way to ask an optimizer for its weights.
    built_for = {id(weight): weight.path for weight in optimizer._trainable_variables}
    present = {id(weight): weight.path for weight in model.trainable_variables}
    return StaleCompile(
        still_trained=tuple(path for key, path in built_for.items() if key not in present),
        not_trained=tuple(path for key, path in present.items() if key not in built_for),
        ignored=keras.backend.backend() == "tensorflow" and not model.run_eagerly,
    )


def _counts(layers: Sequence[Any], trainable: Collection[int]) -> dict[str, int]:
    """Counts the numbers in the weights of layers; ``trainable`` holds the ids of the weights that train."""
    sizes = {id(weight): prod(weight.shape) for layer in layers for weight in layer.weights}
    return {
        "parameters": sum(sizes.values()),
        "trainable_parameters": sum(size for key, size in sizes.items() if key in trainable),
    }
