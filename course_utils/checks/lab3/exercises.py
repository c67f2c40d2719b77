"""Lab 3, "One model, end to end": one check per exercise, the same for students, hidden tests and self-study.

Without a seed a check uses inputs that are the same for everybody; with one, inputs that nobody has seen. Models that a
student's function returns are copied as plain data first, so that what is judged is what the grader would receive; the
scenes that decide about an accuracy never go to a student's function.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from course_utils.checks.common import augmentation
from course_utils.checks.common.inputs import made_up_base, renumbered
from course_utils.checks.common.models import known_shape
from course_utils.checks.common.training import (
    check_found,
    check_one_step,
    check_trains,
    check_untouched,
    copy_of,
    find_base,
    is_norm,
    outputs,
    rebuilt,
    small_vgg16,
    weighted_layers,
)
from course_utils.checks.core.exercise_check import ExerciseCheck, Incorrect, in_short, once
from course_utils.checks.core.seeds import private_cutouts
from course_utils.checks.core.verdict import Verdict
from course_utils.inspect import weight_values

BASE, CUT, SIDE = "mobilenet_v2", "block_13_expand_relu", 96
PER_CUTOUT = 2
"""Scenes of each cut-out that a student's ``train`` gets: 190 in all."""
UNSEEN_PER_CUTOUT = 3
"""Scenes of each cut-out that judge it: 96 of the validation split, or 186 of the test split."""
VISIBLE_THRESHOLD, THRESHOLD = 0.50, 0.42
"""The accuracy to beat in the visible and in the hidden check: what passed at home should pass there, on other objects.
benchmarks/calibrate_lab3.py holds both against right and wrong answers."""


def freeze_all(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``freeze_all(base)``: the base with nothing in it trainable."""
    check = ExerciseCheck("freeze_all", answer, seed=seed)
    with check:
        vgg16, mobilenet = small_vgg16(check.rng), _base()
        with check.criterion(0.4, "a VGG16"):
            check_trains(check.call(copy_of(vgg16)), vgg16, [], "a small VGG16")
        with check.criterion(0.6, "MobileNetV2, which has BatchNorm"):
            check_trains(check.call(copy_of(mobilenet)), mobilenet, [], "MobileNetV2")
    return check.verdict()


def freeze_up_to(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``freeze_up_to(base, name)``: frozen from the input to the layer of that name, and BatchNorm everywhere."""
    check = ExerciseCheck("freeze_up_to", answer, seed=seed)
    with check:
        vgg16, mobilenet = small_vgg16(check.rng), _base()

        def examine(base, title: str, *, frozen: bool = False) -> None:
            # Never the last layers with weights, so that something is left to train; a layer that has weights, so that
            # it matters whether it is counted in.
            names = [layer.name for _, layer in weighted_layers(base) if not is_norm(layer)]
            name = str(check.rng.choice(names[2:-2]))
            position = [layer.name for layer in base.layers].index(name)
            later = [layer.name for layer in base.layers[position + 1 :]]
            given = check.call(copy_of(base, frozen=frozen), name)
            check_trains(given, base, later, f"{title} and the name {name!r}")

        with check.criterion(0.35, "a VGG16"):
            examine(vgg16, "a small VGG16")
        with check.criterion(0.35, "MobileNetV2, whose BatchNorm stays frozen"):
            examine(mobilenet, "MobileNetV2")
        with check.criterion(0.30, "a base that comes frozen"):
            examine(vgg16, "a small VGG16 that was frozen before", frozen=True)
    return check.verdict()


def train_only(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``train_only(base, block)``: only the layers of one block are trainable, and no BatchNorm among them."""
    check = ExerciseCheck("train_only", answer, seed=seed)
    with check:
        vgg16, mobilenet = small_vgg16(check.rng), _base()

        def examine(base, block: str, title: str, *, frozen: bool = False) -> None:
            inside = [layer.name for layer in base.layers if layer.name.startswith(f"{block}_")]
            given = check.call(copy_of(base, frozen=frozen), block)
            check_trains(given, base, inside, f"{title} and {block!r}")

        with check.criterion(0.35, "a block of a VGG16"):
            examine(vgg16, f"block{check.rng.integers(1, 6)}", "a small VGG16")
        with check.criterion(0.35, "block_1 of MobileNetV2, which is not block_10"):
            examine(mobilenet, "block_1", "MobileNetV2")
        with check.criterion(0.30, "a base that comes frozen"):
            block = f"block{check.rng.integers(1, 6)}"
            examine(vgg16, block, "a small VGG16 that was frozen before", frozen=True)
    return check.verdict()


def what_moved(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``what_moved(before, after)``: the names of layers whose weights, or whose statistics, differ."""
    check = ExerciseCheck("what_moved", answer, seed=seed)
    with check:
        before = made_up_base(check.rng)
        before.set_weights([np.abs(check.rng.normal(size=w.shape)) + 0.1 for w in before.weights])
        for number, layer in enumerate(before.layers):  # what is frozen may have moved all the same
            layer.trainable = number % 2 == 0
        convolutions = [layer for layer in before.layers if layer.name.endswith("_conv")]
        frozen = [layer.name for layer in convolutions if not layer.trainable]
        biased = [layer.name for layer in convolutions if layer.use_bias]
        norms = [layer.name for layer in before.layers if is_norm(layer)]

        def examine(changes: dict[tuple[str, str], Callable], weights: list[str], statistics: list[str], look: str):
            after = copy_of(before)
            for layer, was in zip(after.layers, before.layers, strict=True):
                layer.trainable = was.trainable
            for (layer, weight), change in changes.items():
                variable = next(w for w in after.get_layer(layer).weights if w.name == weight)
                variable.assign(change(weight_values(variable)))
            check_found(check.call(before, after), weights, statistics, look)

        def nudged(values: np.ndarray) -> np.ndarray:
            values.flat[check.rng.integers(values.size)] *= 1 + 1e-6
            return values

        def doubled(values: np.ndarray) -> np.ndarray:
            return values * 2

        with check.criterion(0.15, "two equal models"):
            examine({}, [], [], "An exact copy has not moved.")
        with check.criterion(0.25, "one number of a frozen layer, by a millionth"):
            name = str(check.rng.choice(frozen))
            look = "np.allclose forgives small differences, np.array_equal none; and frozen layers count as well."
            examine({(name, "kernel"): nudged}, [name], [], look)
        with check.criterion(0.20, "a bias, and a kernel whose sum stays the same"):
            name, other = (str(name) for name in check.rng.choice(biased, 2, replace=False))
            look = "Compare every weight of a layer, not only the first, and number by number."
            examine({(name, "bias"): doubled, (other, "kernel"): _exchanged}, [name, other], [], look)
        first, second, third = (str(name) for name in check.rng.choice(norms, 3, replace=False))
        with check.criterion(0.20, "BatchNorm's statistics alone"):
            look = "moving_mean and moving_variance are statistics; layer.weights holds them, layer.trainable_weights does not."
            changes = {(first, "moving_mean"): doubled, (second, "moving_variance"): doubled}
            examine(changes, [], [first, second], look)
        with check.criterion(0.20, "BatchNorm's trained weights, apart from its statistics"):
            look = "gamma and beta are trained weights; only names that begin with moving_ are statistics."
            changes = {(first, "gamma"): doubled, (second, "beta"): nudged, (second, "moving_mean"): doubled}
            changes[third, "moving_variance"] = nudged
            examine(changes, [first, second], [second, third], look)
    return check.verdict()


def build_model(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``build_model(base, classes)``: pixels → augmentation → preparation → frozen base → head → probabilities."""
    check = ExerciseCheck("build_model", answer, seed=seed)
    with check:
        # Never six: that is what the course's scenes have, and an answer that counts on it must not pass by chance.
        base, classes = _base(), int(check.rng.choice([3, 4, 5, 7, 8, 9]))
        images = augmentation.coloured_images(check.rng, SIDE)
        labels = check.rng.integers(classes, size=len(images))
        given = once(lambda: rebuilt(check.call(copy_of(base), classes)))
        with check.criterion(0.15, "from images to probabilities"):
            _check_ends(given(), images, classes)
        with check.criterion(0.15, "the base inside, with its own weights"):
            check_untouched(given(), base)
        with check.criterion(0.20, "images prepared for this base"):
            augmentation.check_prepared(given(), base, images, BASE)
        with check.criterion(0.30, "augmentation in training, and only there"):
            augmentation.check_still_outside_training(given(), base, images)
            augmentation.check_active_in_training(given(), base, np.repeat(images, 4, axis=0))
        with check.criterion(0.20, "a training step moves the head and not the base"):
            check_one_step(given(), base, images, labels)
    return check.verdict()


def train(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``train(model, images, labels)``: the same model, compiled and trained, its base as it was."""
    from course_utils.data import load_scenes

    check = ExerciseCheck("train", answer, seed=seed)
    with check:
        base = _base()
        known = load_scenes("train", per_cutout=PER_CUTOUT, seed=int(check.rng.integers(2**31)))
        split, threshold = ("test", THRESHOLD) if check.hidden else ("validation", VISIBLE_THRESHOLD)
        unseen = load_scenes(
            split,
            per_cutout=UNSEEN_PER_CUTOUT,
            seed=int(check.rng.integers(2**31)),
            extra=private_cutouts() if check.hidden else None,
        )
        model = mode_b_model(copy_of(base), len(known.class_names), seed=int(check.rng.integers(2**31)))
        head = [values.copy() for values in model.get_weights()[-2:]]
        numbers = renumbered(check.rng, len(known.class_names))  # so that no head fits that was trained beforehand

        def trained():
            model_given = rebuilt(check.call(model, known.images.copy(), numbers[known.labels]))
            find_base(model_given, base)
            after = model_given.get_weights()[-2:]
            if all(a.shape == b.shape and np.array_equal(a, b) for a, b in zip(head, after, strict=True)):
                raise Incorrect(
                    "The model that you return has the head it came with;",
                    "expected a trained one.",
                    "compile says how to train, fit does it: on this model, and this is the one to return.",
                )
            return model_given

        given = once(trained)
        with check.criterion(0.25, "the base is still ImageNet's, statistics included"):
            check_untouched(given(), base)
        with check.criterion(0.15, "augmentation still works in training, and only there"):
            images = np.repeat(unseen.images[:8], 4, axis=0)
            augmentation.check_still_outside_training(given(), base, images)
            augmentation.check_active_in_training(given(), base, images)
        with check.criterion(0.30, f"right on more than {threshold:.0%} of scenes it has not seen"):
            check_accuracy(given(), unseen, numbers, threshold)
        with check.criterion(0.30, "another training step would move the head alone"):
            check_untouched(given(), base)
            check_one_step(given(), base, unseen.images[:8], numbers[unseen.labels[:8]])
    return check.verdict()


def cached_views(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``cached_views(base, images, labels, views, seed)``: augmented images, their features, their labels."""
    check = ExerciseCheck("cached_views", answer, seed=seed)
    with check:
        base, originals = _small_extractor(check.rng), augmentation.coloured_images(check.rng, SIDE)
        labels, views = check.rng.permutation(len(originals)), int(check.rng.integers(3, 6))
        one, other = (int(number) for number in check.rng.choice(10_000, 2, replace=False))

        def ask(number: int) -> tuple:
            value = check.call(copy_of(base), originals.copy(), labels.copy(), views, number)
            return augmentation.read_views(value, originals, views)

        given = once(lambda: ask(one))
        with check.criterion(0.15, "three arrays, a row for every view"):
            given()
        with check.criterion(0.25, "every image in views that differ"):
            augmentation.check_views(given()[0], originals, views)
        with check.criterion(0.20, "labels in the same order as the images"):
            images, _, found = given()
            expected = labels[augmentation.origins(images, originals)]
            if not np.array_equal(found, expected):
                raise Incorrect(
                    f"{int((np.asarray(found) != expected).sum())} of {len(expected)} labels are not those of their images;",
                    f"yours begin {in_short(found[:8])}, by the images {in_short(expected[:8])}.",
                    "np.tile repeats the whole list, np.repeat each entry: which one goes with your images?",
                )
        with check.criterion(0.20, "features of exactly these images"):
            images, features, _ = given()
            augmentation.check_features_of(features, images, originals, base, BASE)
        with check.criterion(0.20, "the seed decides"):
            first, again, another = given()[0], ask(one)[0], ask(other)[0]
            if np.abs(first.astype(np.float64) - again).max() > 0.5:
                raise Incorrect(
                    "The same seed gave other views the second time;",
                    "expected the same.",
                    "Hand the seed on to every random layer, or call keras.utils.set_random_seed first.",
                )
            if np.abs(first.astype(np.float64) - another).max() < 0.5:
                raise Incorrect("Another seed gave the same views;", "expected others.", "Is the argument seed used?")
    return check.verdict()


# --- what the exercises above share -----------------------------------------------------------------------------------


def mode_b_model(base, classes: int, *, seed: int):
    """A right answer to ``build_model``, for the exercise that trains one; the seed decides how its head begins."""
    import keras

    base.trainable = False
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            layers.RandomFlip("horizontal", seed=seed),
            layers.RandomRotation(0.05, seed=seed + 1),
            layers.Rescaling(1 / 127.5, offset=-1),
            base,
            layers.GlobalAveragePooling2D(),
            layers.Dense(classes, "softmax", kernel_initializer=keras.initializers.GlorotUniform(seed=seed)),
        ]
    )


def check_accuracy(model, scenes, numbers: np.ndarray, threshold: float) -> None:
    """Complains unless a model's accuracy on scenes it has not seen is above the threshold; ``numbers`` renumbers classes."""
    right = outputs(model, scenes.images).argmax(axis=-1) == numbers[scenes.labels]
    if right.mean() <= threshold:
        raise Incorrect(
            f"Your model is right on {right.mean():.1%} of {len(scenes)} scenes it has not seen "
            f"(always naming the most frequent class: {scenes.majority_share:.1%});",
            f"expected more than {threshold:.0%}.",
            "Print the loss of every epoch. If it still falls at the end, train longer or with a higher learning rate; if it "
            "does not fall, ask what the labels, the loss and the images look like: the model prepares images itself, and the "
            "check numbers the classes anew, so that only the labels that your function is given fit.",
        )


def _check_ends(model, images: np.ndarray, classes: int) -> None:
    """Complains unless a model takes images and gives that many probabilities."""
    takes = known_shape(model, "input", (None, SIDE, SIDE, 3), "the base")
    if takes not in ((None, SIDE, SIDE, 3), (None, None, None, 3)):
        raise Incorrect(f"Your model takes {takes[1:]};", f"expected images of {(SIDE, SIDE, 3)}.")
    given = outputs(model, images)
    if given.shape != (len(images), classes):
        raise Incorrect(
            f"For {len(images)} images and {classes} classes your model gives {given.shape};",
            f"expected {(len(images), classes)}.",
            "A map has to be pooled or flattened before the last Dense." if given.ndim == 4 else "",
        )
    if not (np.isfinite(given).all() and (given >= 0).all() and np.allclose(given.sum(axis=-1), 1, atol=1e-3)):
        raise Incorrect(
            f"For one image the outputs are {in_short(given[0])}, which add up to {float(given[0].sum()):.3g};",
            "expected probabilities, which add up to 1.",
            "End with a softmax.",
        )


def _exchanged(values: np.ndarray) -> np.ndarray:
    """The same numbers, with the first and the last in each other's place."""
    values.flat[0], values.flat[-1] = values.flat[-1], values.flat[0]
    return values


@functools.cache
def _base():
    """The pretrained base, as a reference: what students' functions are given are copies."""
    from course_utils.models.loading import load_base

    return load_base(BASE, input_shape=(SIDE, SIDE, 3), cut=CUT)


def _small_extractor(rng: np.random.Generator):
    """A small extractor with random weights, from prepared images to a few hundred numbers."""
    import keras

    seed, layers = int(rng.integers(2**31)), keras.layers
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            layers.Conv2D(8, 7, 4, activation="relu", kernel_initializer=keras.initializers.HeNormal(seed)),
            layers.Conv2D(
                int(rng.integers(8, 20)),
                3,
                4,
                activation="relu",
                kernel_initializer=keras.initializers.HeNormal(seed + 1),
            ),
            layers.Flatten(),  # not pooled, so that it matters how an image is turned
        ],
        name="small_extractor",
    )
