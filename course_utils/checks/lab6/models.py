"""Lab 6's exercises about the network: its two stages. See ``lab6``."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from course_utils.checks.common.augmentation import check_prepared, coloured_images
from course_utils.checks.common.finetuning import (
    batch_norms,
    layers_in,
    learning_rate,
    moved,
    one_step,
    trainable_names,
    unfrozen_names,
    weights_of,
)
from course_utils.checks.common.models import as_model
from course_utils.checks.common.training import check_only_head_trains, check_untouched, outputs, rebuilt
from course_utils.checks.core.exercise_check import ExerciseCheck, Incorrect, finite, once
from course_utils.checks.core.verdict import Verdict

BASE, SIZE, FIRST = "efficientnet_lite0", 96, "block7a_expand"
HIGHEST_RATE = 1e-3


# --- 3 and 4: the two stages ------------------------------------------------------------------------------------------


@functools.cache
def pretrained_base():
    """The pretrained base, to compare with; nobody may change it."""
    from course_utils.models.loading import load_base

    return load_base(BASE, input_shape=(SIZE, SIZE, 3))


def first_stage(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``first_stage(class_count)``: a compiled model of raw images, with a frozen EfficientNet-Lite0 in it."""
    check = ExerciseCheck("first_stage", answer, seed=seed)
    with check:
        classes = int(check.rng.choice([2, 3, 4, 5]))  # never the course's six
        images = coloured_images(check.rng, SIZE)
        given = once(lambda: as_model(check.call(classes)))
        copy = once(lambda: rebuilt(given()))
        with check.criterion(0.20, "one probability for each class"):
            scores = finite(outputs(copy(), images), "what your model gives")
            if scores.shape != (len(images), classes):
                raise Incorrect(
                    f"For {len(images)} images and {classes} classes your model gives shape {scores.shape};",
                    f"expected {(len(images), classes)}.",
                )
            if scores.min() < 0 or not np.allclose(scores.sum(axis=1), 1, atol=1e-3):
                raise Incorrect(
                    f"The numbers for one image add up to {scores[0].sum():.3g};",
                    "expected probabilities, which add up to 1.",
                    'Dense(class_count, activation="softmax").',
                )
        with check.criterion(0.30, "images from 0 to 255 reach the base prepared"):
            _check_prepared(copy(), images)
        with check.criterion(0.20, "the base is ImageNet's"):
            check_untouched(copy(), pretrained_base())
        with check.criterion(0.20, "only the head is trainable"):
            check_only_head_trains(copy(), pretrained_base())
        with check.criterion(0.10, "ready to train on whole-number labels"):
            model = given()
            learning_rate(model)
            loss = str(getattr(model.loss, "name", model.loss)).lower()
            if "sparse_categorical" not in loss.replace("sparsecategorical", "sparse_categorical"):
                raise Incorrect(
                    f"Your model is compiled with the loss {loss};", 'expected "sparse_categorical_crossentropy".'
                )
    return check.verdict()


def in_lab_6_s_words(check: Callable, *arguments: object) -> None:
    """Runs a check that other labs use too; they have cut-outs and scenes where this one has objects and images."""
    try:
        check(*arguments)
    except Incorrect as finding:
        told = str(finding)
        for theirs, ours in (("cut-out", "object"), ("scene", "image")):
            told = told.replace(theirs, ours)
        raise Incorrect(told, "") from None


def _check_prepared(model, images: np.ndarray) -> None:
    try:
        check_prepared(model, pretrained_base(), images, BASE, tolerance=1e-3)
    except Incorrect as finding:
        # The helper's advice is for another base.
        told = str(finding).replace(
            "Is every pixel x turned into x / 127.5 - 1?", "Is every pixel x turned into (x - 127) / 128?"
        )
        raise Incorrect(told, "") from None


def second_stage(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``second_stage(model)``: the last stage of the base free, its BatchNorm frozen, compiled with a low rate."""
    check = ExerciseCheck("second_stage", answer, seed=seed)
    with check:
        classes = int(check.rng.integers(2, 6))
        model, base = _after_first_stage(classes)
        head = set(weights_of(model)) - set(weights_of(base))
        images = check.rng.uniform(0, 255, size=(4, SIZE, SIZE, 3)).astype(np.float32)
        labels = np.arange(4) % classes
        expected = unfrozen_names(base, FIRST) | head
        learned = weights_of(model)
        given = once(lambda: as_model(check.call(model)))
        with check.criterion(0.45, f"trainable: {FIRST} and all after it, and the head"):
            _check_trainable(trainable_names(given()), expected, batch_norms(base))
        with check.criterion(0.15, "a low learning rate"):
            rate = learning_rate(given())
            if not 0 < rate <= HIGHEST_RATE * 1.01:
                raise Incorrect(
                    f"Your model learns at a rate of {rate:g};",
                    f"expected at most {HIGHEST_RATE:g} for weights that are already good.",
                )
        with check.criterion(
            0.40, "nothing is lost, and a training step moves these and nothing else, statistics included"
        ):
            trained = given()
            before = weights_of(trained)
            lost = moved(learned, before)
            if lost:
                raise Incorrect(
                    f"In the model you return, before any training, {layers_in(lost)} do not hold the numbers they came with;",
                    "expected every weight as the first stage left it: only flags and the optimizer change here.",
                    "keras.models.clone_model copies the layers and begins with new weights: work on the model you are given.",
                )
            one_step(trained, images, labels)
            changed = moved(before, weights_of(trained))
            statistics = {name for name in changed if name.rpartition("/")[2].startswith("moving_")}
            if statistics:
                raise Incorrect(
                    f"After one step the BatchNorm statistics of {layers_in(statistics)} had moved;",
                    "expected them to stand still.",
                    "A BatchNorm layer's own trainable must be False.",
                )
            if changed - expected:
                raise Incorrect(
                    f"After one step {layers_in(changed - expected)} had moved;",
                    f"expected only {FIRST} and what follows it to learn.",
                )
            still = expected - changed
            if any(name.endswith("kernel") for name in still):
                raise Incorrect(
                    f"After one step {layers_in(still)} had not moved;",
                    "expected the last stage to learn.",
                    "Compile after the last change of trainable: the training step is built from what it finds then.",
                )
    return check.verdict()


def _after_first_stage(classes: int):
    """The model that ``second_stage`` is given, compiled for the head, and the base in it."""
    import keras

    from course_utils.models.loading import load_base

    base = load_base(BASE, input_shape=(SIZE, SIZE, 3))
    base.trainable = False
    images = keras.Input((SIZE, SIZE, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(images))
    pooled = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(images, keras.layers.Dense(classes, activation="softmax", name="head")(pooled))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    return model, base


def _check_trainable(given: set[str], expected: set[str], norms: set[str]) -> None:
    if given == expected:
        return
    surplus, missing = given - expected, expected - given
    said = [f"{layers_in(surplus)} should not be trainable and is"] if surplus else []
    said += [f"{layers_in(missing)} should be trainable and is not"] if missing else []
    look = ""
    if surplus and {name.rpartition("/")[0] for name in surplus} <= norms:
        look = "These are BatchNorm layers: they stay frozen wherever they stand."
    elif not given:
        look = "Nothing is trainable: base.trainable = True comes first, then freeze what lies before the last stage."
    elif surplus and not missing:
        look = f"Freeze every layer that comes before {FIRST}."
    raise Incorrect(
        "In your model " + " and ".join(said) + ";",
        f"expected {FIRST}, the layers after it but for BatchNorm, and the head.",
        look,
    )
