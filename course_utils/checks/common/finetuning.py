"""What checks of fine-tuning need: a small base with shortcuts, a model on it, and what a training step moved."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import numpy as np

from course_utils.checks.core.exercise_check import Incorrect, as_array, describe

SIDE = 24
"""Height and width of the made-up images."""


@contextlib.contextmanager
def in_float32() -> Iterator[None]:
    """Computes in float32 meanwhile, whatever the notebook has chosen: a check's numbers are compared closely."""
    import keras

    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)


def made_up_residual_base(rng: np.random.Generator):
    """A small base of six blocks with BatchNorm and shortcuts, as MobileNetV2 has them; sizes depend on the numbers.

    Block n runs from ``block_n_expand`` to ``block_n_add``; a shortcut leads around it.

    Returns:
        A ``keras.Model`` from (N, 24, 24, 3), with random weights and BatchNorm statistics that are not those of a new one.
    """
    import keras

    layers = keras.layers
    channels = int(rng.integers(5, 9))
    tensor = images = keras.Input((SIDE, SIDE, 3))
    tensor = layers.Conv2D(channels, 3, strides=2, padding="same", use_bias=False, name="stem_conv")(tensor)
    tensor = layers.BatchNormalization(name="stem_BN")(tensor)
    for block in range(1, 7):
        shortcut = tensor
        wide = int(rng.integers(10, 16))
        tensor = layers.Conv2D(wide, 1, name=f"block_{block}_expand")(tensor)
        tensor = layers.BatchNormalization(name=f"block_{block}_expand_BN")(tensor)
        tensor = layers.LeakyReLU(name=f"block_{block}_expand_relu")(tensor)
        tensor = layers.Conv2D(channels, 3, padding="same", name=f"block_{block}_project")(tensor)
        tensor = layers.BatchNormalization(name=f"block_{block}_project_BN")(tensor)
        tensor = layers.Add(name=f"block_{block}_add")([shortcut, tensor])
    base = keras.Model(images, tensor, name="made_up_base")
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            width = layer.gamma.shape[0]
            layer.moving_mean.assign(rng.normal(scale=0.1, size=width))
            layer.moving_variance.assign(rng.uniform(0.5, 2, size=width))
    return base


def made_up_augmentation():
    """Turns and mirrors the made-up images, in training only."""
    import keras

    layers = [keras.Input((SIDE, SIDE, 3)), keras.layers.RandomFlip(), keras.layers.RandomRotation(0.5)]
    return keras.Sequential(layers, name="augmentation")


def made_up_model(base, classes: int, rate: float):
    """A model in the state after the first stage: base frozen, head trained for a step, compiled for the head."""
    import keras

    base.trainable = False
    images = keras.Input(base.input_shape[1:])
    pooled = keras.layers.GlobalAveragePooling2D()(base(images))
    model = keras.Model(images, keras.layers.Dense(classes, activation="softmax", name="head")(pooled))
    model.compile(keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)  # else `fit` builds its step twice
    return model


def images_and_labels(rng: np.random.Generator, count: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Made-up images of noise, and a label for each; every class comes up."""
    labels = np.arange(count) % classes
    return rng.normal(size=(count, SIDE, SIDE, 3)).astype(np.float32), rng.permutation(labels)


def leaves(model) -> list:
    """A model's layers, first to last, with models inside it opened up."""
    from course_utils.inspect import leaf_layers

    return [layer for _, layer in leaf_layers(model)]


def weights_of(model) -> dict[str, np.ndarray]:
    """Every weight by ``layer/variable``; the name that artefacts use too."""
    return {
        f"{layer.name}/{variable.name}": np.array(as_array(variable.value, "a weight"))
        for layer in leaves(model)
        for variable in layer.weights
    }


def trainable_names(model) -> set[str]:
    """The weights that training would change now, by ``layer/variable``; a frozen container freezes all inside it."""
    free = {id(variable) for variable in model.trainable_variables}
    return {
        f"{layer.name}/{variable.name}" for layer in leaves(model) for variable in layer.weights if id(variable) in free
    }


def batch_norms(model) -> set[str]:
    """The names of the BatchNorm layers."""
    import keras

    return {layer.name for layer in leaves(model) if isinstance(layer, keras.layers.BatchNormalization)}


def unfrozen_names(base, first: str) -> set[str]:
    """What should be trainable: the weights of ``first`` and of all layers after it, those of BatchNorm left out."""
    layers, still = list(base.layers), batch_norms(base)
    start = [layer.name for layer in layers].index(first)
    return {
        f"{layer.name}/{variable.name}"
        for layer in layers[start:]
        if layer.name not in still
        for variable in layer.weights
    }


def learning_rate(model) -> float:
    """The learning rate a model is compiled with; of a schedule, the first one."""
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        raise Incorrect("Your model is not compiled;", "expected one that is ready to train.", "Call model.compile(…).")
    return float(as_array(optimizer.learning_rate, "the learning rate"))


def one_step(model, images: np.ndarray, labels: np.ndarray) -> None:
    """Trains a model for one step; what goes wrong is told."""
    from course_utils.checks.core.exercise_check import explain

    learning_rate(model)
    if getattr(model, "train_function", None) is None:
        # Without a graph: tracing a whole base for a single step takes longer than the step. A step that was built
        # before stays as it is, because it may be older than the flags.
        model.run_eagerly = True
    try:
        model.train_on_batch(images, labels)
    except Exception as error:
        raise Incorrect(
            f"Your model cannot be trained on whole-number labels: {explain(error)}.",
            "",
            'Which loss was it compiled with? "sparse_categorical_crossentropy" takes class numbers.',
        ) from None


def downhill(model, images: np.ndarray, labels: np.ndarray, first: str) -> dict[str, np.ndarray]:
    """Which way a step of plain gradient descent moves the weights that a second stage unfreezes.

    Args:
        model: a functional model with one base inside; it is left as it was.
        images: float32 (N, height, width, 3).
        labels: (N,) whole numbers.
        first: the first layer of the base that learns.

    Returns:
        ``layer/variable`` → the change, for the kernels from ``first`` on and the head's; the BatchNorm layers stand still.
    """
    import keras

    trial = keras.models.clone_model(model)
    trial.set_weights(model.get_weights())
    base = next(layer for layer in trial.layers if isinstance(layer, keras.Model))
    free, still = unfrozen_names(base, first), batch_norms(base)
    names = {name for name in free | {"head/kernel"} if name.endswith("kernel")}
    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name not in still
    trial.compile(keras.optimizers.SGD(1.0), loss="sparse_categorical_crossentropy", run_eagerly=True)
    before = weights_of(trial)
    trial.train_on_batch(images, labels)
    after = weights_of(trial)
    return {name: after[name] - before[name] for name in names}


def agreement(before: dict[str, np.ndarray], after: dict[str, np.ndarray], way: dict[str, np.ndarray]) -> float:
    """How well weights moved in a direction: the cosine of the angle, averaged over those that moved at all.

    Each weight counts alike, however large its gradient: a head's is far larger than a base's, and Adam takes no notice of it.

    Args:
        before: weights by name.
        after: the same later.
        way: the direction, for the weights that count.

    Returns:
        From -1 to 1, about 0 for noise; NaN where a weight is not finite; 1 where nothing that counts has moved.
    """
    found = []
    for name, direction in way.items():
        if name in after and after[name].shape == before[name].shape and not np.array_equal(before[name], after[name]):
            step = (after[name].astype(np.float64) - before[name]).ravel()
            length = float(np.linalg.norm(step) * np.linalg.norm(direction))
            found.append(float(step @ direction.ravel()) / length if length else 0.0)
    return float(np.mean(found)) if found else 1.0


def cross_entropy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The mean of -log(probability of the right class): what these labs train with."""
    right = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.clip(right, 1e-7, 1)).mean())


def moved(before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> set[str]:
    """The weights that are not the same any more, or gone."""
    return {name for name, array in before.items() if name not in after or not np.array_equal(array, after[name])}


def layers_in(names: set[str]) -> str:
    """The layers that weights belong to, in words: at most three of them."""
    found = sorted({name.rpartition("/")[0] for name in names})
    return ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")


def read_pair(value: object, what: str) -> tuple:
    """Reads two things that a function returns together."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise Incorrect(f"You return {describe(value)};", f"expected two things: {what}.")
    return tuple(value)
