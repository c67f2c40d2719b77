"""What lab 4's checks put into a student's function: a small base with shortcuts, a model on it, and which way it learns."""

import contextlib
from collections.abc import Iterator

import numpy as np

from course_utils.checks.common.inputs import with_biases, with_head
from course_utils.checks.common.models import copy_of, predict
from course_utils.checks.common.weights import batch_norms, one_step, unfrozen_names, weights_of

SIDE = 24
"""Height and width of the made-up images."""


@contextlib.contextmanager
def in_float32() -> Iterator[None]:
    """Computes in float32 meanwhile, whatever the notebook has chosen: a check compares closely."""
    import keras

    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)


def residual_base(rng: np.random.Generator):
    """A small base of six blocks with BatchNorm and shortcuts, as MobileNetV2 has them, from (N, 24, 24, 3).

    Block n runs from ``block_n_expand`` to ``block_n_add``; a shortcut leads around it. No name says which layers are
    BatchNorm. Sizes, weights and BatchNorm statistics, which are not those of a new base, are drawn at random.
    """
    import keras

    layers = keras.layers
    channels = int(rng.integers(5, 9))
    tensor = images = keras.Input((SIDE, SIDE, 3))
    tensor = layers.Conv2D(channels, 3, strides=2, padding="same", use_bias=False, name="stem_conv")(tensor)
    tensor = layers.BatchNormalization(name="stem_scaled")(tensor)
    for block in range(1, 7):
        shortcut = tensor
        wide = int(rng.integers(10, 16))
        tensor = layers.Conv2D(wide, 1, name=f"block_{block}_expand")(tensor)
        tensor = layers.BatchNormalization(name=f"block_{block}_expand_scaled")(tensor)
        tensor = layers.LeakyReLU(name=f"block_{block}_expand_relu")(tensor)
        tensor = layers.Conv2D(channels, 3, padding="same", name=f"block_{block}_project")(tensor)
        tensor = layers.BatchNormalization(name=f"block_{block}_project_scaled")(tensor)
        tensor = layers.Add(name=f"block_{block}_add")([shortcut, tensor])
    base = keras.Model(images, tensor, name="made_up_base")
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            width = layer.gamma.shape[0]
            layer.moving_mean.assign(rng.normal(scale=0.1, size=width))
            layer.moving_variance.assign(rng.uniform(0.5, 2, size=width))
    return with_biases(rng, base)


def augmentation():
    """Rotates and mirrors the made-up images, in training only."""
    import keras

    layers = [keras.Input((SIDE, SIDE, 3)), keras.layers.RandomFlip(), keras.layers.RandomRotation(0.5)]
    return keras.Sequential(layers, name="augmentation")


def model_after_head(base, classes: int, learning_rate: float):
    """A model in the state after the first stage: base frozen, compiled for the head."""
    import keras

    base.trainable = False
    model = with_head(base, classes)
    model.compile(keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)  # else `fit` builds its step twice
    return model


def undecide(model, base, images: np.ndarray) -> None:
    """Gives a model a head to which all classes are about as likely for any of these images.

    So the loss falls by what tells one image's label from another's, and not by how frequent the labels are.
    """
    kernel, bias = model.get_layer("head").get_weights()
    centred = 0 * bias - predict(base, images).mean(axis=(0, 1, 2)) @ kernel / 10
    model.get_layer("head").set_weights([kernel / 10, centred])


def images_and_labels(rng: np.random.Generator, count: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Made-up images of noise in a colour of their class, and a label for each; every class comes up."""
    labels, colours = rng.permutation(np.arange(count) % classes), rng.normal(scale=0.3, size=(classes, 1, 1, 3))
    return (rng.normal(size=(count, SIDE, SIDE, 3)) + colours[labels]).astype(np.float32), labels


def downhill(model, images: np.ndarray, labels: np.ndarray, first: str) -> dict[str, np.ndarray]:
    """The direction in which a step of plain gradient descent on these images moves the weights that a second stage unfreezes.

    It gives ``layer/variable`` → the change, for the head's kernel and those from ``first`` on; BatchNorm layers stand still.
    ``model`` is functional, with one base inside, and is left as it was; ``images`` are float32 (N, height, width, 3),
    ``labels`` integers (N,).
    """
    import keras

    trial = copy_of(model)
    base = next(layer for layer in trial.layers if isinstance(layer, keras.Model))
    free, still = unfrozen_names(base, first), batch_norms(base)
    for layer in base.layers:
        layer.trainable = layer.name not in still
    trial.compile(keras.optimizers.SGD(1.0), loss="sparse_categorical_crossentropy")
    before = weights_of(trial)
    one_step(trial, images, labels)
    after = weights_of(trial)
    return {name: after[name] - before[name] for name in free | {"head/kernel"} if name.endswith("kernel")}


def agreement(before: dict[str, np.ndarray], after: dict[str, np.ndarray], direction: dict[str, np.ndarray]) -> float:
    """How well weights moved in a direction: the cosine of the angle, averaged over those that count and moved at all.

    Each weight counts alike, however large its gradient: a head's is far larger than a base's, and Adam takes no notice of it.
    From -1 to 1, about 0 for noise; NaN where a weight is not finite; 1 where nothing in ``direction`` has moved.
    """
    found = []
    for name, change in direction.items():
        if name in after and after[name].shape == before[name].shape and not np.array_equal(before[name], after[name]):
            step = (after[name].astype(np.float64) - before[name]).ravel()
            length = float(np.linalg.norm(step) * np.linalg.norm(change))
            found.append(float(step @ change.ravel()) / length if length else 0.0)
    return float(np.mean(found)) if found else 1.0
