"""Whether the right layers are frozen, whether what moved is told apart by layer, and what one training step moves."""

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, describe, few, once
from course_utils.checks.common import weights
from course_utils.checks.common.frozen_base import layers_of_base, weighted_layers
from course_utils.checks.common.inputs import with_biases
from course_utils.checks.common.models import as_model, copy_of
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
    return with_biases(rng, keras.Model(images, tensor, name="small_vgg16"))


Case = tuple[object, list[str], bool, tuple]
"""A base; the names of the layers that should be trainable in the end; whether it comes frozen; further arguments."""


def check_flags(check: ExerciseCheck, cases: list[Case], frozen: str, free: str = "") -> None:
    """Goes through the criteria of a function that returns a base with other flags.

    ``frozen`` is what the criterion is called of the layers that should be frozen, ``free`` that of those that should be
    trainable; with none, nothing should. BatchNorm, which never should, has a criterion of its own.
    """

    @once
    def given(number: int) -> tuple:
        """The model; what was asked of which base; and weights: to be trainable, trainable, BatchNorm's and others by their flags."""
        base, layers, comes_frozen, arguments = cases[number]
        which = " with ".join([base.name + " that comes frozen" * comes_frozen, *map(repr, arguments)])
        model = as_model(check.call(copy_of(base, frozen=comes_frozen), *arguments))
        own, norms = weights.leaves(model), weights.batch_norms(base)
        # A layer's own flag, also inside a frozen base: in a model around that base its weights learn all the same, and
        # BatchNorm's statistics move.
        awake = {f"{layer.name}/" for layer in own if layer.name in norms and layer.trainable}
        others = [layer for layer in own if layer.name not in norms]
        loose = {f"{layer.name}/{weight.name}" for layer in others for weight in layer.trainable_weights}
        return model, which, weights.weight_names(base, layers), weights.trainable_names(model), awake, loose

    kinds = {frozen: "frozen", "BatchNorm": "BatchNorm"} | ({free: "free"} if free else {})
    for title, part in kinds.items():
        with check.criterion(1 / (len(kinds) + 1), title):
            for number in range(len(cases)):
                model, which, wanted, trainable, norms, loose = given(number)
                own = weights.leaves(model)
                flags_alone = any(layer.trainable and layer.weights for layer in own) and not model.trainable
                free_look = weights.STILL_FROZEN if flags_alone else ""
                norms_look = "The layer's own trainable decides, wherever it stands."
                frozen_look = norms_look if flags_alone else ""
                names, what, expected, look = {
                    "frozen": (loose - wanted, "can be trained", "frozen", frozen_look),
                    "BatchNorm": (norms, "is trainable, which is BatchNorm", "frozen", norms_look),
                    "free": (wanted - trainable, "cannot be trained", "trainable", free_look),
                }[part]
                if names:
                    order, there = [layer.name for layer in own], {weights.layer_of(name) for name in names}
                    named = few(sorted(there, key=lambda name: order.index(name) if name in order else 0))
                    raise Incorrect(f"For {which} {named} {what};", f"expected it to be {expected}.", look)
    with check.criterion(1 / (len(kinds) + 1), "base returned"):
        for number, (base, *_) in enumerate(cases):
            model, which, *_ = given(number)
            there, known = ([layer.name for _, layer in weighted_layers(one)] for one in (model, base))
            if there != known:
                raise Incorrect(
                    f"For {which} you return a model of {len(there)} layers with weights, not the base's {len(known)};",
                    "expected the base that you were given, with other flags.",
                )
            if other := weights.moved(weights.weights_of(base), weights.weights_of(model)):
                raise Incorrect(
                    f"For {which} some layers that you return hold other weights than the base's: {weights.layers_in(other)};",
                    "expected the base's own weights and statistics, with other flags.",
                    "keras.models.clone_model copies the layers and begins with new weights.",
                )


def read_found(value: object) -> dict[str, list[str]]:
    """Reads what ``what_moved`` returned: "weights" and "statistics" → names of layers, some of them perhaps twice."""
    if not isinstance(value, dict) or set(value) != {"weights", "statistics"}:
        keys = f" with the keys {', '.join(map(repr, value))}" if isinstance(value, dict) and value else ""
        expected = 'expected a dictionary with "weights" and "statistics".'
        raise Incorrect(f"You return {describe(value)}{keys};", expected)
    for key, names in value.items():
        if isinstance(names, str) or not all(isinstance(name, str) for name in names):
            raise Incorrect(f"The value for {key!r} is {describe(names)};", "expected a list of layers' names.")
    return {key: [str(name) for name in names] for key, names in value.items()}


def step_moves(model, base, images: np.ndarray) -> tuple[list[str], list[str]]:
    """The weights that one step of training moves: those of the base inside, statistics included, and the others.

    ``model`` is the check's copy of a student's. It ends in a vector for each of ``images``, (N, height, width, 3), and
    whatever it ends in can be trained with a mean squared error.
    """
    import keras

    inside = {id(weight) for _, layer in layers_of_base(model, base) for weight in layer.weights}
    before = [weight_values(weight) for weight in model.weights]
    model.compile(keras.optimizers.SGD(1.0), "mse", run_eagerly=True)
    targets = np.eye(int(model.output_shape[-1]), dtype=np.float32)[np.arange(len(images)) % model.output_shape[-1]]
    weights.one_step(model, images, targets)
    pairs = zip(model.weights, before, strict=True)
    changed = [weight for weight, was in pairs if not np.array_equal(weight_values(weight), was)]
    of_base = [weight.path for weight in changed if id(weight) in inside]
    return of_base, [weight.path for weight in changed if id(weight) not in inside]
