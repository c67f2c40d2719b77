"""Lab 6's exercises about the network: its two stages."""

from __future__ import annotations

import functools

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, check_shape, exercise, once
from course_utils.checks.common import weights
from course_utils.checks.common.augmentation import check_preprocessed, coloured_images
from course_utils.checks.common.frozen_base import check_only_head_trains, check_untouched
from course_utils.checks.common.inputs import with_head
from course_utils.checks.common.models import as_model, check_probabilities, output_of, rebuilt
from course_utils.models import load_base

BASE, SIZE, FIRST = "efficientnet_lite0", 96, "block7a_expand"
HIGHEST_RATE = 1e-3


@functools.cache
def pretrained_base():
    """The pretrained base, to compare with; nobody may change it."""
    return load_base(BASE, input_shape=(SIZE, SIZE, 3))


@exercise
def first_stage(check: ExerciseCheck) -> None:
    """Checks ``first_stage(class_count)``: a compiled model of raw images, with a frozen EfficientNet-Lite0 in it."""
    classes = int(check.rng.choice([2, 3, 4, 5]))  # never the course's six
    images = coloured_images(check.rng, SIZE)
    given = once(lambda: as_model(check.call(classes)))
    copy = once(lambda: rebuilt(given()))
    with check.criterion(0.20, "one probability for each class"):
        scores = output_of(copy(), images)
        asked = f"For {len(images)} images and {classes} classes your model gives shape"
        check_shape(scores, (len(images), classes), asked)
        check_probabilities(scores)
    with check.criterion(0.30, "images from 0 to 255 reach the base preprocessed"):
        check_preprocessed(copy(), pretrained_base(), images, BASE, tolerance=1e-3)
    with check.criterion(0.20, "the base is ImageNet's"):
        check_untouched(copy(), pretrained_base())
    with check.criterion(0.20, "only the head is trainable"):
        check_only_head_trains(copy(), pretrained_base())
    with check.criterion(0.10, "ready to train on labels that are class numbers"):
        model = given()
        weights.learning_rate(model)
        loss = str(getattr(model.loss, "name", model.loss)).lower()
        if "sparse_categorical" not in loss.replace("sparsecategorical", "sparse_categorical"):
            expected = 'expected "sparse_categorical_crossentropy".'
            raise Incorrect(f"Your model is compiled with the loss {loss};", expected)


@exercise
def second_stage(check: ExerciseCheck) -> None:
    """Checks ``second_stage(model)``: the last stage of the base trainable, its BatchNorm frozen, a low learning rate."""
    import keras

    classes, base = int(check.rng.integers(2, 6)), load_base(BASE, input_shape=(SIZE, SIZE, 3))
    base.trainable = False
    model = with_head(base, classes, front=(keras.layers.Rescaling(1 / 128, offset=-127 / 128),))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    head = set(weights.weights_of(model)) - set(weights.weights_of(base))
    images = check.rng.uniform(0, 255, size=(4, SIZE, SIZE, 3)).astype(np.float32)
    expected, learned = weights.unfrozen_names(base, FIRST) | head, weights.weights_of(model)
    given = once(lambda: as_model(check.call(model)))
    with check.criterion(0.45, f"trainable: {FIRST} and all after it, and the head"):
        weights.check_trainable(given(), expected, "your model", first=FIRST)
    with check.criterion(0.15, "a low learning rate"):
        rate = weights.learning_rate(given())
        if not 0 < rate <= HIGHEST_RATE * 1.01:
            raise Incorrect(
                f"Your model's learning rate is {rate:g};",
                f"expected at most {HIGHEST_RATE:g} for weights that are already good.",
            )
    title = "nothing is lost, and a training step moves these and nothing else, statistics included"
    with check.criterion(0.40, title):
        before = weights.weights_of(given())
        lost = weights.moved(learned, before)
        if lost:
            raise Incorrect(
                f"In the model you return, before any training, {weights.layers_in(lost)} do not hold the weights they came with;",
                "expected every weight as the first stage left it: only flags and the optimizer change here.",
                "keras.models.clone_model copies the layers and begins with new weights: work on the model you are given.",
            )
        weights.one_step(given(), images, np.arange(4) % classes)
        changed = weights.moved(before, weights.weights_of(given()))
        if statistics := {name for name in changed if weights.is_statistic(name)}:
            raise Incorrect(
                f"After one step the BatchNorm statistics of {weights.layers_in(statistics)} had moved;",
                "expected them to stand still.",
                "A BatchNorm layer's own trainable must be False.",
            )
        if changed - expected:
            raise Incorrect(
                f"After one step {weights.layers_in(changed - expected)} had moved;",
                f"expected only {FIRST} and what follows it to learn.",
            )
        if any(name.endswith("kernel") for name in expected - changed):
            raise Incorrect(
                f"After one step {weights.layers_in(expected - changed)} had not moved;",
                "expected the last stage to learn.",
                "Compile after the last change of trainable: the training step is built from what it finds then.",
            )
