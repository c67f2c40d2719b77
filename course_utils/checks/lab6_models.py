"""Lab 6's exercises about the network: its two stages, and what is handed in. See ``lab6``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import numpy as np

from course_utils.checks.augmentation import check_prepared, coloured_pictures
from course_utils.checks.finetuning import (
    batch_norms,
    cross_entropy,
    layers_in,
    learning_rate,
    moved,
    one_step,
    trainable_names,
    unfrozen_names,
    weights_of,
)
from course_utils.checks.models import as_model
from course_utils.checks.sheet import NotYet, Sheet, as_array, describe, finite, once
from course_utils.checks.splits import (
    check_complete,
    check_no_leak,
    read_split,
)
from course_utils.checks.training import (
    check_only_head_trains,
    check_untouched,
    find_base,
    outputs,
    rebuilt,
    weighted_layers,
)
from course_utils.checks.verdict import Verdict

BASE, SIZE, FIRST = "efficientnet_lite0", 96, "block7a_expand"
HIGHEST_RATE = 1e-3
FEWEST_PICTURES, FEWEST_HELD_OUT, FEWEST_OBJECTS = 40, 6, 4
LARGEST_MB = 20
MOST_LOOKED_AT = 64
LEAST_GAIN = 0.02
"""By which share fine-tuning must lower the loss on the pictures it trained on: Adam at 1e-6 or SGD at 1e-4 still lower it by more."""


# --- 3 and 4: the two stages ------------------------------------------------------------------------------------------


@functools.cache
def _reference():
    from course_utils.models import load_base

    return load_base(BASE, input_shape=(SIZE, SIZE, 3))


def first_stage(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``first_stage(class_count)``: a compiled model of raw pictures, with a frozen EfficientNet-Lite0 in it."""
    sheet = Sheet("first_stage", answer, seed=seed)
    with sheet:
        classes = int(sheet.rng.choice([2, 3, 4, 5]))  # never the course's six
        pictures = coloured_pictures(sheet.rng, SIZE)
        given = once(lambda: as_model(sheet.call(classes)))
        copy = once(lambda: rebuilt(given()))
        with sheet.part(0.20, "one probability for each class"):
            scores = finite(outputs(copy(), pictures), "what your model gives")
            if scores.shape != (len(pictures), classes):
                raise NotYet(
                    f"For {len(pictures)} pictures and {classes} classes your model gives shape {scores.shape};",
                    f"expected {(len(pictures), classes)}.",
                )
            if scores.min() < 0 or not np.allclose(scores.sum(axis=1), 1, atol=1e-3):
                raise NotYet(
                    f"The numbers for one picture add up to {scores[0].sum():.3g};",
                    "expected probabilities, which add up to 1.",
                    'Dense(class_count, activation="softmax").',
                )
        with sheet.part(0.30, "pictures from 0 to 255 reach the base prepared"):
            _check_prepared(copy(), pictures)
        with sheet.part(0.20, "the base is ImageNet's"):
            check_untouched(copy(), _reference())
        with sheet.part(0.20, "only the head is trainable"):
            check_only_head_trains(copy(), _reference())
        with sheet.part(0.10, "ready to train on whole-number labels"):
            model = given()
            learning_rate(model)
            loss = str(getattr(model.loss, "name", model.loss)).lower()
            if "sparse_categorical" not in loss.replace("sparsecategorical", "sparse_categorical"):
                raise NotYet(
                    f"Your model is compiled with the loss {loss};", 'expected "sparse_categorical_crossentropy".'
                )
    return sheet.verdict()


def in_lab_6_s_words(check: Callable, *arguments: object) -> None:
    """Runs a check that other labs use too; they have cut-outs and scenes where this one has objects and pictures."""
    try:
        check(*arguments)
    except NotYet as finding:
        told = str(finding)
        for theirs, ours in (("cut-out", "object"), ("scene", "picture")):
            told = told.replace(theirs, ours)
        raise NotYet(told, "") from None


def _check_prepared(model, pictures: np.ndarray) -> None:
    try:
        check_prepared(model, _reference(), pictures, BASE, tolerance=1e-3)
    except NotYet as finding:
        # The helper's advice is for another base.
        told = str(finding).replace(
            "Is every pixel x turned into x / 127.5 - 1?", "Is every pixel x turned into (x - 127) / 128?"
        )
        raise NotYet(told, "") from None


def second_stage(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``second_stage(model)``: the last stage of the base free, its BatchNorm frozen, compiled with a low rate."""
    sheet = Sheet("second_stage", answer, seed=seed)
    with sheet:
        classes = int(sheet.rng.integers(2, 6))
        model, base = _after_first_stage(classes)
        head = {name for name in weights_of(model) if name not in weights_of(base)}
        pictures = sheet.rng.uniform(0, 255, size=(4, SIZE, SIZE, 3)).astype(np.float32)
        labels = np.arange(4) % classes
        expected = unfrozen_names(base, FIRST) | head
        learned = weights_of(model)
        given = once(lambda: as_model(sheet.call(model)))
        with sheet.part(0.45, f"trainable: {FIRST} and all after it, and the head"):
            _check_trainable(trainable_names(given()), expected, batch_norms(base))
        with sheet.part(0.15, "a low learning rate"):
            rate = learning_rate(given())
            if not 0 < rate <= HIGHEST_RATE * 1.01:
                raise NotYet(
                    f"Your model learns at a rate of {rate:g};",
                    f"expected at most {HIGHEST_RATE:g} for weights that are already good.",
                )
        with sheet.part(0.40, "nothing is lost, and a training step moves these and nothing else, statistics included"):
            trained = given()
            before = weights_of(trained)
            lost = moved(learned, before)
            if lost:
                raise NotYet(
                    f"In the model you return, before any training, {layers_in(lost)} do not hold the numbers they came with;",
                    "expected every weight as the first stage left it: only flags and the optimizer change here.",
                    "keras.models.clone_model copies the layers and begins with new weights: work on the model you are given.",
                )
            one_step(trained, pictures, labels)
            changed = moved(before, weights_of(trained))
            statistics = {name for name in changed if name.rpartition("/")[2].startswith("moving_")}
            if statistics:
                raise NotYet(
                    f"After one step the BatchNorm statistics of {layers_in(statistics)} had moved;",
                    "expected them to stand still.",
                    "A BatchNorm layer's own trainable must be False.",
                )
            if changed - expected:
                raise NotYet(
                    f"After one step {layers_in(changed - expected)} had moved;",
                    f"expected only {FIRST} and what follows it to learn.",
                )
            still = expected - changed
            if any(name.endswith("kernel") for name in still):
                raise NotYet(
                    f"After one step {layers_in(still)} had not moved;",
                    "expected the last stage to learn.",
                    "Compile after the last change of trainable: the training step is built from what it finds then.",
                )
    return sheet.verdict()


def _after_first_stage(classes: int):
    """The model that ``second_stage`` is given, compiled for the head, and the base in it."""
    import keras

    from course_utils.models import load_base

    base = load_base(BASE, input_shape=(SIZE, SIZE, 3))
    base.trainable = False
    pictures = keras.Input((SIZE, SIZE, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(pictures))
    pooled = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(pictures, keras.layers.Dense(classes, activation="softmax", name="head")(pooled))
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
    raise NotYet(
        "In your model " + " and ".join(said) + ";",
        f"expected {FIRST}, the layers after it but for BatchNorm, and the head.",
        look,
    )


# --- 6: what is handed in ---------------------------------------------------------------------------------------------


def hand_in(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``hand_in()``: the fine-tuned model, the pictures, and how they were split; the model predicts here again."""
    sheet = Sheet("hand_in", answer, seed=seed)
    with sheet:
        given = once(lambda: _read_handed_in(sheet.call()))
        copy = once(lambda: rebuilt(given()["model"]))
        with sheet.part(0.15, "enough pictures, of one size"):
            _check_pictures(given())
        with sheet.part(0.25, "a split that does not leak"):
            _check_split(given())
        with sheet.part(0.30, "fine-tuned as claimed"):
            _check_fine_tuned(copy(), outputs(copy(), given()["images"][:1]).shape[1])
            _check_tuning_helps(rebuilt(given()["model"]), given())
        with sheet.part(0.30, "better than the majority class on what was held out"):
            _check_better(copy(), given())
    return sheet.verdict()


def _read_handed_in(value: object) -> dict:
    """Reads the dictionary; what more is in it (class names, say) does no harm."""
    names = ("model", "images", "labels", "groups", "train", "held_out")
    if not isinstance(value, Mapping) or not set(names) <= set(value):
        has = f" with {', '.join(map(str, value))}" if isinstance(value, Mapping) else ""
        raise NotYet(f"You return {describe(value)}{has};", f"expected a dictionary with {', '.join(names)}.")
    read = {name: as_array(value[name], f"your {name}") for name in names[1:]}
    return read | {"model": as_model(value["model"])}


def _check_pictures(given: dict) -> None:
    images, labels, groups = given["images"], given["labels"], given["groups"]
    if images.ndim != 4 or images.shape[1:] != (SIZE, SIZE, 3) or images.dtype != np.uint8:
        raise NotYet(
            f"Your images are {describe(images)};",
            f"expected uint8 of shape (pictures, {SIZE}, {SIZE}, 3), as load_folder(…, size={SIZE}) gives them.",
        )
    if not len(images) == len(labels) == len(groups):
        raise NotYet(
            f"You hand in {len(images)} images, {len(labels)} labels and {len(groups)} groups;", "expected one of each."
        )
    if len(images) < FEWEST_PICTURES or len(np.unique(labels)) < 2:
        raise NotYet(
            f"You hand in {len(images)} pictures, and {len(np.unique(labels))} different label{'s' * (len(np.unique(labels)) != 1)};",
            f"expected at least {FEWEST_PICTURES} of at least two classes.",
        )


def _check_split(given: dict) -> None:
    """Complains unless the split keeps objects together, as the student numbers them.

    Two photographs of one mug can differ more than two mugs do, so no check can find out from pixels which pictures show
    one object. What can be seen is done: the same picture on both sides is found. For the rest exercise 1 checks the
    function that numbers them, and whoever reads the report compares its objects with the files' names.
    """
    of_class = [len(np.unique(given["groups"][given["labels"] == label])) for label in np.unique(given["labels"])]
    if min(of_class) < FEWEST_OBJECTS:
        raise NotYet(
            f"One of your classes has {min(of_class)} object{'s' * (min(of_class) != 1)};",
            f"expected at least {FEWEST_OBJECTS} of each.",
            "Photograph more different things of that kind: more pictures of the same one do not help.",
        )
    pair = read_split((given["train"], given["held_out"]), len(given["groups"]))
    in_lab_6_s_words(check_complete, pair, given["groups"])
    in_lab_6_s_words(check_no_leak, pair, given["groups"])
    if len(pair[1]) < FEWEST_HELD_OUT:
        raise NotYet(
            f"You hold out {len(pair[1])} picture{'s' * (len(pair[1]) != 1)};",
            f"expected at least {FEWEST_HELD_OUT} to judge by.",
        )
    train, held_out = ({one.tobytes() for one in given["images"][part]} for part in pair)
    if train & held_out:
        raise NotYet(
            f"{len(train & held_out)} of the pictures held out are, pixel by pixel, among those to train on too;",
            "expected none.",
            "The same file twice in your folder? Keep one, or give both the same object's name.",
        )


def _check_fine_tuned(model, classes: int) -> None:
    base = _reference()
    inside, own = find_base(model, base), weighted_layers(base)
    first = [layer.name for _, layer in own].index(FIRST)
    changed = []
    for position, ((_, layer), (_, reference)) in enumerate(zip(inside, own, strict=True)):
        pairs = list(zip(layer.get_weights(), reference.get_weights(), strict=True))
        if all(np.array_equal(a, b) for a, b in pairs):
            continue
        changed.append(reference.name)
        if position < first or reference.name in batch_norms(base):
            raise NotYet(
                f"{reference.name} does not hold ImageNet's numbers any more;",
                f"expected only convolutions from {FIRST} on to have learned.",
                "Is everything before it frozen, and every BatchNorm layer, when the second fit begins?",
            )
    if not changed:
        raise NotYet(
            "The whole base still holds ImageNet's numbers: nothing has been fine-tuned;",
            f"expected the layers from {FIRST} on to have learned in the second stage.",
        )
    base_numbers = sum(reference.count_params() for _, reference in own if reference.name in changed)
    head_numbers = model.count_params() - base.count_params()
    megabytes = 2 * (base_numbers + head_numbers) / 1e6
    if megabytes > LARGEST_MB:
        raise NotYet(
            f"What was trained takes {megabytes:.1f} MB in half precision;",
            f"expected at most {LARGEST_MB} MB.",
            f"GlobalAveragePooling2D before the head keeps it small: 1280 numbers for each of {classes} classes.",
        )


def losses_with_and_without_tuning(model, given: dict) -> tuple[float, float]:
    """The loss on the pictures trained on, as the model is and with ImageNet's base put back under the same head.

    Args:
        model: the handed-in model; it is changed here.
        given: what was handed in beside it.

    Returns:
        Both losses, the model's own first.
    """
    labels = given["labels"].astype(int)
    train = read_split((given["train"], given["held_out"]), len(labels))[0]
    some = train[:: -(-len(train) // MOST_LOOKED_AT)]
    tuned = cross_entropy(finite(outputs(model, given["images"][some]), "what your model gives"), labels[some])
    base = _reference()
    for (_, layer), (_, reference) in zip(find_base(model, base), weighted_layers(base), strict=True):
        layer.set_weights(reference.get_weights())
    return tuned, cross_entropy(outputs(model, given["images"][some]), labels[some])


def _check_tuning_helps(model, given: dict) -> None:
    """Complains unless the pictures trained on are answered worse with ImageNet's base put back under the same head.

    It is the loss that the second stage went down. A base whose numbers were merely touched gains nothing by them; one that
    was changed with this check in mind might. The model is changed here.
    """
    _check_pictures(given)
    tuned, put_back = losses_with_and_without_tuning(model, given)
    if not tuned <= put_back * (1 - LEAST_GAIN):
        raise NotYet(
            f"On the pictures it trained on your model's loss is {tuned:.3g}, and {put_back:.3g} with ImageNet's base put back;",
            "expected the second stage to have made it smaller.",
            "Does the second fit get the same pictures and labels as the first, at a rate that moves something, and is its model "
            "the one you hand in?",
        )


def _check_better(model, given: dict) -> None:
    labels = given["labels"].astype(int)
    train, held_out = read_split((given["train"], given["held_out"]), len(labels))  # positions, also where masks came
    accuracy = float(np.mean(outputs(model, given["images"][held_out]).argmax(axis=1) == labels[held_out]))
    commonest = int(np.bincount(labels[train]).argmax())
    majority = float(np.mean(labels[held_out] == commonest))
    if accuracy <= majority + 0.05:
        raise NotYet(
            f"On the {len(held_out)} pictures held out your model is right {accuracy:.0%} of the time;",
            f"expected clearly more than the {majority:.0%} of somebody who always says the commonest class.",
            "Does the first stage learn (look at its training accuracy)? Do the labels belong to the pictures?",
        )
