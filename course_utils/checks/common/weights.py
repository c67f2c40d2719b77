"""The weights of a model: which are trainable, which have moved, and a step of training that moves them."""

from collections.abc import Iterable

import numpy as np
from scipy.special import softmax

from course_utils.checks import Incorrect, as_array, explain, few
from course_utils.inspect import leaf_layers, weight_values

NEW_OPTIMIZER = "An optimizer belongs to the weights it was made for: after unfreezing, compile with a new one."
OLD_OPTIMIZER = {"cannot be called with the trainable variables": NEW_OPTIMIZER, "Unknown variable": NEW_OPTIMIZER}
"""What Keras's errors say of an old one → our advice."""


def leaves(model) -> list:
    """A model's layers, first to last, with models inside it opened up."""
    return [layer for _, layer in leaf_layers(model)]


def weights_of(model) -> dict[str, np.ndarray]:
    """A copy of every weight by ``layer/variable``; the name that artefacts use too."""
    return {f"{layer.name}/{weight.name}": weight_values(weight) for layer in leaves(model) for weight in layer.weights}


def trainable_names(model) -> set[str]:
    """The weights that training would change now, by ``layer/variable``; a frozen container freezes all inside it."""
    free = {id(weight) for weight in model.trainable_variables}
    return {f"{layer.name}/{weight.name}" for layer in leaves(model) for weight in layer.weights if id(weight) in free}


def batch_norms(model) -> set[str]:
    """The names of the BatchNorm layers."""
    import keras

    return {layer.name for layer in leaves(model) if isinstance(layer, keras.layers.BatchNormalization)}


def weight_names(model, layers: Iterable[str]) -> set[str]:
    """The weights of the layers of these names, by ``layer/variable``, those of BatchNorm left out."""
    wanted = set(layers) - batch_norms(model)
    return {
        f"{layer.name}/{weight.name}" for layer in leaves(model) if layer.name in wanted for weight in layer.weights
    }


def unfrozen_names(base, first: str) -> set[str]:
    """What should be trainable: the weights of ``first`` and of all layers after it, those of BatchNorm left out."""
    order = [layer.name for layer in base.layers]
    return weight_names(base, order[order.index(first) :])


def layer_of(name: str) -> str:
    """The layer in ``layer/variable``."""
    return name.rpartition("/")[0]


def is_statistic(weight: str) -> bool:
    """Whether a weight of this name is one of BatchNorm's moving statistics."""
    return weight.rpartition("/")[2].startswith("moving_")


def moved(before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> set[str]:
    """The weights that are not the same any more, or gone."""
    return {name for name, array in before.items() if name not in after or not np.array_equal(array, after[name])}


def layers_in(names: set[str]) -> str:
    """The layers that weights belong to, in words: at most three of them."""
    return few(sorted({layer_of(name) for name in names}))


def optimizer_of(model):
    """The optimizer a model is compiled with, without what mixed precision wraps it in."""
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        raise Incorrect("Your model is not compiled;", "expected one that is ready to train.", "Call model.compile(…).")
    return getattr(optimizer, "inner_optimizer", optimizer)


def nudged(values: np.ndarray) -> np.ndarray:
    """Weights whose smallest number is moved by its last bit, which is far less than float32's epsilon; in place."""
    place = np.unravel_index(np.abs(values).argmin(), values.shape)
    values[place] = np.nextafter(values[place], np.float32(np.inf))
    return values


def exchanged(values: np.ndarray) -> np.ndarray:
    """Weights whose smallest and largest number have changed places; in place."""
    places = [values.argmin(), values.argmax()]
    values.flat[places] = values.flat[places[::-1]]
    return values


def learning_rate(model, steps: Iterable[float] = (0, *np.geomspace(1, 1e4, 25))) -> float:
    """The learning rate a model is compiled with; of a schedule the largest at some of its first ten thousand steps."""
    import keras

    optimizer = optimizer_of(model)
    schedule = getattr(optimizer, "_learning_rate", None)
    is_one = isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule)
    rates = [schedule(int(step)) for step in steps] if is_one else [optimizer.learning_rate]
    return max(float(as_array(rate, "the learning rate")) for rate in rates)


def check_rate(model, low: float, high: float, purpose: str) -> None:
    """Complains unless a model's learning rate lies between two; that of a schedule at its tenth step too."""
    largest, tenth = learning_rate(model), learning_rate(model, (10,))
    if not low * 0.99 <= tenth <= largest <= high * 1.01:
        rate = largest if largest > high else tenth
        raise Incorrect(f"Your model's learning rate is {rate:g};", f"expected {low:g} to {high:g} for {purpose}.")


def one_step(model, images: np.ndarray, labels: np.ndarray) -> None:
    """Trains a compiled model for one step on labels that are class numbers; a failure is a complaint."""
    learning_rate(model)
    if getattr(model, "train_function", None) is None:
        # Without a graph: tracing a whole base for a single step takes longer than the step. A step that was built
        # before stays as it is, because it may be older than the flags.
        model.run_eagerly = True
    try:
        model.train_on_batch(images, labels)
    except Exception as error:
        raise Incorrect(
            f"One training step on {len(images)} images with labels from 0 to {int(labels.max())} failed: {explain(error)}.",
            "Expected one output per class, and a loss for class numbers.",
            '"sparse_categorical_crossentropy" is one.',
        ) from None


def cross_entropy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The mean of -log(probability of the right class): what these labs train with."""
    right = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.clip(right, 1e-7, 1)).mean())


STILL_FROZEN = (
    "The flags of its layers are set, but base.trainable is still False, so the base by itself reports nothing to train: "
    "base.trainable = True comes first."
)

UNSATURATED = 0.25
"""The share of a guess's loss, log(classes), below which two losses are compared at a temperature: near 0 their ratio is noise."""


def comparable_losses(tuned: np.ndarray, reference: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """The cross-entropies of two models on the same images, at the lowest temperature at which the second is not near 0.

    ``tuned`` and ``reference`` are their probabilities (N, classes), ``labels`` integers (N,). Where the second loss is large
    enough the temperature is 1, and both are as they are.
    """
    temperature = 1.0

    def loss(probabilities: np.ndarray) -> float:
        scores = np.log(np.clip(probabilities.astype(np.float64), 1e-37, 1))
        return cross_entropy(softmax(scores / temperature, axis=1), labels)

    while loss(reference) < UNSATURATED * np.log(reference.shape[1]):
        temperature *= 1.05
    return loss(tuned), loss(reference)


def check_trainable(model, expected: set[str], which: str, *, first: str = "") -> None:
    """Complains unless exactly these weights of a model, by ``layer/variable``, are trainable.

    The message calls the model ``which``, and names the layer from which on all are expected, ``first``, if there is one.
    """
    given, order = trainable_names(model), [layer.name for layer in leaves(model)]
    surplus, missing = given - expected, expected - given
    if not surplus and not missing:
        return

    def layers(names: set[str]) -> str:
        return few(layer for layer in order if layer in {layer_of(name) for name in names})

    said = [f"{layers(surplus)} can be trained and should not"] if surplus else []
    said += [f"{layers(missing)} cannot be trained and should"] if missing else []
    look = "A layer's trainable decides whether its weights are trained."
    if not given:
        said = ["nothing is trainable"]
        if any(layer.trainable and layer.weights for layer in leaves(model)):
            look = STILL_FROZEN
    elif surplus and {layer_of(name) for name in surplus} <= batch_norms(model):
        look = "These are BatchNorm layers, which are to stay frozen wherever they stand."
    elif first and layers(missing) == first:
        look = f"{first} itself is to be trained too."
    elif first and surplus and not missing:
        look = f"Freeze every layer that comes before {first}."
    raise Incorrect(
        f"In {which} {' and '.join(said)};", f"expected {layers(expected) or 'nothing'} to be trainable.", look
    )


def check_part(model, wanted: set[str], part: str, which: str, *, first: str = "") -> None:
    """Complains unless one part of a model's flags is right, whatever the others are; arguments as for ``check_trainable``.

    ``part`` is ``"unfrozen"``, what is ``wanted`` is trainable; ``"frozen"``, nothing else is, BatchNorm apart; ``"BatchNorm"``, none is.
    """
    free, norms = trainable_names(model), batch_norms(model)
    of_norms = {name for name in free if layer_of(name) in norms}
    expected = {"unfrozen": free | wanted, "frozen": of_norms | free & wanted, "BatchNorm": free - of_norms}[part]
    check_trainable(model, expected, which, first=first if part != "BatchNorm" else "")
    awake = [layer.name for layer in leaves(model) if layer.name in norms and layer.trainable]
    if part == "BatchNorm" and awake:  # with gamma and beta held one by one
        said, look = (
            f"In {which} {few(awake)} can still move;",
            "The layer's own trainable decides about its statistics too.",
        )
        raise Incorrect(said, "expected every BatchNorm layer to be frozen.", look)
