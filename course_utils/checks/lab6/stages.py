"""Lab 6's exercises about the network: its two stages."""

from __future__ import annotations

import functools

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, check_close, check_shape, exercise, once
from course_utils.checks.common import weights
from course_utils.checks.common.augmentation import check_preprocessed, coloured_images, reaching
from course_utils.checks.common.frozen_base import (
    check_only_head_trains,
    check_untouched,
    layers_of_base,
    weighted_layers,
)
from course_utils.checks.common.inputs import pretrained, with_biases, with_head
from course_utils.checks.common.models import as_model, check_probabilities, output_of, predict, rebuilt
from course_utils.models import load_base

BASE, SIZE, FIRST = "efficientnet_lite0", 96, "block7a_expand"
LEARNING_RATES = (1e-6, 1e-3)


pretrained_base = functools.partial(pretrained, BASE, SIZE)


@exercise
def first_stage(check: ExerciseCheck) -> None:
    """Checks ``first_stage(class_count)``: a compiled model of raw images, with a frozen EfficientNet-Lite0 in it."""
    classes = int(check.rng.integers(2, 20))
    images = coloured_images(check.rng, SIZE)
    given = once(lambda: as_model(check.call(classes)))
    copy = once(lambda: rebuilt(given()))
    with check.criterion(0.15, "probabilities"):
        scores = output_of(copy(), images)
        asked = f"For {len(images)} images and {classes} classes your model gives shape"
        check_shape(scores, (len(images), classes), asked)
        check_probabilities(scores)
    with check.criterion(0.25, "preprocessing"):
        check_preprocessed(copy(), pretrained_base(), images, BASE, tolerance=1e-3)
    with check.criterion(0.20, "pretrained weights"):
        check_untouched(copy(), pretrained_base())
    with check.criterion(0.15, "averaged"):
        _check_averaged(copy(), images)
    with check.criterion(0.15, "frozen base"):
        check_only_head_trains(copy(), pretrained_base())
    with check.criterion(0.10, "compiled"):
        model = given()
        weights.learning_rate(model)
        loss = str(getattr(model.loss, "name", model.loss)).lower()
        if "sparse_categorical" not in loss.replace("sparsecategorical", "sparse_categorical"):
            expected = 'expected "sparse_categorical_crossentropy".'
            raise Incorrect(f"Your model is compiled with the loss {loss};", expected)


def _check_averaged(model, images: np.ndarray) -> None:
    """Complains unless the first layer with weights after the base receives the average of the base's last maps."""
    import keras

    base, layers = pretrained_base(), [layer for _, layer in weighted_layers(model)]
    last = layers_of_base(model, base)[-1][1]
    after = layers[layers.index(last) + 1 :]
    if not after:
        raise Incorrect("After the base your model has no layer with weights;", "expected a head that learns.")
    end = keras.Model(base.get_layer(weighted_layers(base)[-1][1].name).output, base.output)  # what has no weights
    maps = predict(end, np.asarray(last(reaching(model, last, images), training=False)))
    check_close(
        reaching(model, after[0], images),
        maps.mean(axis=(1, 2)),
        f"The first layer with weights after the base, {after[0].name}, receives",
        "the average of each map is",
        wrong=[
            ("These are the maps laid out in a row: Flatten keeps every place.", maps.reshape(len(maps), -1)),
            ("These are the maxima.", maps.max(axis=(1, 2))),
        ],
        look="GlobalAveragePooling2D takes the average.",
    )


@exercise(advice=weights.OLD_OPTIMIZER)
def second_stage(check: ExerciseCheck) -> None:
    """Checks ``second_stage(model)``: the end of the base trainable, its BatchNorm frozen, compiled at a low learning rate."""
    import keras

    classes, base = int(check.rng.integers(2, 9)), load_base(BASE, input_shape=(SIZE, SIZE, 3))
    base.trainable = False
    model = with_head(base, classes, front=(keras.layers.Rescaling(1 / 128, offset=-127 / 128),))
    with_biases(check.rng, model.get_layer("head"))
    # Marks that only a compilation takes away, also where a model travels as data and its optimizer is made again.
    marks = [f"first_stage_{check.rng.integers(1000)}", f"first_loss_{check.rng.integers(1000)}"]
    loss = keras.losses.SparseCategoricalCrossentropy(name=marks[1])
    model.compile(keras.optimizers.Adam(1e-2, name=marks[0]), loss=loss)
    model.optimizer.build(model.trainable_variables)
    learned, own = weights.weights_of(model), set(weights.weights_of(base))
    wanted = weights.unfrozen_names(base, FIRST) | (set(learned) - own)
    images = check.rng.uniform(0, 255, size=(4, SIZE, SIZE, 3)).astype(np.float32)

    @once
    def given():
        value = as_model(check.call(model))
        # What keeps still in a base that is frozen as a whole is no merit.
        if not weights.trainable_names(value) & own:
            look = "base.trainable = True comes first; model.trainable = True does nothing where it is True already."
            raise Incorrect("In the model you return nothing of the base is trainable;", f"expected {FIRST} on.", look)
        return value

    for share, part in ((0.25, "unfrozen"), (0.15, "frozen"), (0.20, "BatchNorm")):
        with check.criterion(share, part):
            weights.check_part(given(), wanted, part, "your model", first=FIRST)
    with check.criterion(0.15, "weights kept"):
        if lost := weights.moved(learned, weights.weights_of(given())):
            raise Incorrect(
                f"In the model you return, before any training, {weights.layers_in(lost)} do not hold the weights they came with;",
                "expected every weight as the first stage left it: only flags and the optimizer change here.",
                "keras.models.clone_model copies the layers and begins with new weights: work on the model you are given.",
            )
    with check.criterion(0.15, "recompiled"):
        weights.learning_rate(given())
        if [given().optimizer.name, getattr(given().loss, "name", "")] == marks:
            raise Incorrect(
                "Your model has the optimizer of the first stage;", "expected a new one.", weights.NEW_OPTIMIZER
            )
        before = weights.weights_of(given())
        names = {name for name in weights.trainable_names(given()) if name.endswith("kernel")}
        weights.one_step(given(), images, np.arange(4) % classes)
        if still := names - weights.moved(before, weights.weights_of(given())):
            raise Incorrect(
                f"After one training step {weights.layers_in(still)} had not moved;",
                "expected all that is trainable to.",
                "Compile after the last change of trainable: the training step is built from what it finds then.",
            )
    with check.criterion(0.10, "learning rate"):
        weights.check_rate(given(), *LEARNING_RATES, "weights that are already good")
