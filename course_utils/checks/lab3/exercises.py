"""Lab 3, "One model, end to end": one check per exercise, the same for students, hidden tests and self-study.

Without a seed a check uses inputs that are the same for everybody; with one, inputs that nobody has seen. Models that a
student's function returns are copied as plain data first, so that what is checked is what the grader would receive; the
scenes that decide about an accuracy never go to a student's function.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from course_utils import data
from course_utils.checks import ExerciseCheck, Incorrect, check_shape, exercise, in_short, once
from course_utils.checks.common.augmentation import check_preprocessed, coloured_images
from course_utils.checks.common.frozen_base import check_untouched, layers_of_base, weighted_layers
from course_utils.checks.common.inputs import made_up_base, renumbered
from course_utils.checks.common.models import check_probabilities, check_takes, copy_of, output_of, predict, rebuilt
from course_utils.checks.common.weights import batch_norms
from course_utils.checks.core.seeds import private_objects
from course_utils.checks.lab3 import augmented
from course_utils.checks.lab3.freezing import check_flags, check_found, check_one_step, small_vgg16
from course_utils.inspect import weight_values
from course_utils.models import load_base

BASE, CUT, SIDE = "mobilenet_v2", "block_13_expand_relu", 96
PER_OBJECT = 2
"""Scenes of each object that a student's ``train`` gets: 190 in all."""
UNSEEN_PER_OBJECT = 3
"""Scenes of each object that evaluate it: 96 of the validation split, or 186 of the test split."""
VISIBLE_THRESHOLD, THRESHOLD = 0.50, 0.42
"""The accuracy to beat in the visible and in the hidden check: what passed at home should pass there, on other objects.
benchmarks/calibrate_lab3.py holds both against right and wrong answers."""


@exercise
def freeze_all(check: ExerciseCheck) -> None:
    """Checks ``freeze_all(base)``: the base with nothing in it trainable."""
    vgg16, mobilenet = small_vgg16(check.rng), _base()
    with check.criterion(0.4, "a VGG16"):
        check_flags(check, vgg16, [], "a small VGG16")
    with check.criterion(0.6, "MobileNetV2, which has BatchNorm"):
        check_flags(check, mobilenet, [], "MobileNetV2")


@exercise
def freeze_up_to(check: ExerciseCheck) -> None:
    """Checks ``freeze_up_to(base, name)``: frozen from the input to the layer of that name, and BatchNorm everywhere."""
    vgg16, mobilenet = small_vgg16(check.rng), _base()

    def examine(base, title: str, *, frozen: bool = False) -> None:
        # Never the last layers with weights, so that something is left to train; a layer that has weights, so that
        # it matters whether it is counted in.
        norms = batch_norms(base)
        names = [layer.name for _, layer in weighted_layers(base) if layer.name not in norms]
        name = str(check.rng.choice(names[2:-2]))
        position = [layer.name for layer in base.layers].index(name)
        later = [layer.name for layer in base.layers[position + 1 :]]
        check_flags(check, base, later, title, name, frozen=frozen)

    with check.criterion(0.35, "a VGG16"):
        examine(vgg16, "a small VGG16")
    with check.criterion(0.35, "MobileNetV2, whose BatchNorm stays frozen"):
        examine(mobilenet, "MobileNetV2")
    with check.criterion(0.30, "a base that comes frozen"):
        examine(vgg16, "a small VGG16 that was frozen before", frozen=True)


@exercise
def train_only(check: ExerciseCheck) -> None:
    """Checks ``train_only(base, block)``: only the layers of one block are trainable, and no BatchNorm among them."""
    vgg16, mobilenet = small_vgg16(check.rng), _base()

    def examine(base, block: str, title: str, *, frozen: bool = False) -> None:
        inside = [layer.name for layer in base.layers if layer.name.startswith(f"{block}_")]
        check_flags(check, base, inside, title, block, frozen=frozen)

    with check.criterion(0.35, "a block of a VGG16"):
        examine(vgg16, f"block{check.rng.integers(1, 6)}", "a small VGG16")
    with check.criterion(0.35, "block_1 of MobileNetV2, which is not block_10"):
        examine(mobilenet, "block_1", "MobileNetV2")
    with check.criterion(0.30, "a base that comes frozen"):
        block = f"block{check.rng.integers(1, 6)}"
        examine(vgg16, block, "a small VGG16 that was frozen before", frozen=True)


@exercise
def what_moved(check: ExerciseCheck) -> None:
    """Checks ``what_moved(before, after)``: the names of layers whose weights, or whose statistics, differ."""
    before = made_up_base(check.rng)
    before.set_weights([np.abs(check.rng.normal(size=w.shape)) + 0.1 for w in before.weights])
    for number, layer in enumerate(before.layers):  # what is frozen may have moved all the same
        layer.trainable = number % 2 == 0
    convolutions = [layer for layer in before.layers if layer.name.endswith("_conv")]
    frozen = [layer.name for layer in convolutions if not layer.trainable]
    biased = [layer.name for layer in convolutions if layer.use_bias]
    norms = [layer.name for layer in before.layers if layer.name in batch_norms(before)]

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

    def exchanged(values: np.ndarray) -> np.ndarray:
        values.flat[0], values.flat[-1] = values.flat[-1], values.flat[0]
        return values

    with check.criterion(0.15, "two equal models"):
        examine({}, [], [], "An exact copy has not moved.")
    with check.criterion(0.25, "one number of a frozen layer, by a millionth"):
        name = str(check.rng.choice(frozen))
        look = "np.allclose forgives small differences, np.array_equal none; and frozen layers count as well."
        examine({(name, "kernel"): nudged}, [name], [], look)
    with check.criterion(0.20, "a bias, and a kernel whose sum stays the same"):
        name, other = (str(name) for name in check.rng.choice(biased, 2, replace=False))
        look = "Compare every weight of a layer, not only the first, and number by number."
        examine({(name, "bias"): doubled, (other, "kernel"): exchanged}, [name, other], [], look)
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


@exercise
def build_model(check: ExerciseCheck) -> None:
    """Checks ``build_model(base, classes)``: pixels → augmentation → preprocessing → frozen base → head → probabilities."""
    # Never six: that is what the course's scenes have, and an answer that counts on it must not pass by chance.
    base, classes = _base(), int(check.rng.choice([3, 4, 5, 7, 8, 9]))
    images = coloured_images(check.rng, SIDE)
    labels = check.rng.integers(classes, size=len(images))
    given = once(lambda: rebuilt(check.call(copy_of(base), classes)))
    with check.criterion(0.15, "from images to probabilities"):
        check_takes(given(), (SIDE, SIDE, 3), "the base")
        probabilities = output_of(given(), images)
        look = "A map has to be pooled or flattened before the last Dense." if probabilities.ndim == 4 else ""
        asked = f"For {len(images)} images and {classes} classes your model gives"
        check_shape(probabilities, (len(images), classes), asked, look)
        check_probabilities(probabilities)
    with check.criterion(0.15, "the base inside, with its own weights"):
        check_untouched(given(), base)
    with check.criterion(0.20, "images preprocessed for this base"):
        check_preprocessed(given(), base, images, BASE)
    with check.criterion(0.30, "augmentation in training, and only there"):
        augmented.check_augmentation(given(), base, np.repeat(images, 4, axis=0))
    with check.criterion(0.20, "a training step moves the head and not the base"):
        check_one_step(given(), base, images, labels)


@exercise
def train(check: ExerciseCheck) -> None:
    """Checks ``train(model, images, labels)``: the same model, compiled and trained, its base as it was."""
    base, seeds = _base(), check.rng.integers(2**31, size=3)
    known = data.load_scenes("train", per_object=PER_OBJECT, seed=int(seeds[0]))
    split, threshold = ("test", THRESHOLD) if check.hidden else ("validation", VISIBLE_THRESHOLD)
    extra = private_objects() if check.hidden else None
    unseen = data.load_scenes(split, per_object=UNSEEN_PER_OBJECT, seed=int(seeds[1]), extra=extra)
    model = end_to_end_model(copy_of(base), len(known.class_names), seed=int(seeds[2]))
    head = [values.copy() for values in model.get_weights()[-2:]]
    numbers = renumbered(check.rng, len(known.class_names))  # so that no head fits that was trained beforehand

    @once
    def given():
        trained = rebuilt(check.call(model, known.images.copy(), numbers[known.labels]))
        layers_of_base(trained, base)
        if all(map(np.array_equal, head, trained.get_weights()[-2:])):
            raise Incorrect(
                "The model that you return has the head it came with;",
                "expected a trained one.",
                "compile says how to train, fit does it: on this model, and this is the one to return.",
            )
        return trained

    with check.criterion(0.25, "the base is still ImageNet's, statistics included"):
        check_untouched(given(), base)
    with check.criterion(0.15, "augmentation still works in training, and only there"):
        augmented.check_augmentation(given(), base, np.repeat(unseen.images[:8], 4, axis=0))
    with check.criterion(0.30, f"right on more than {threshold:.0%} of scenes it has not seen"):
        right = predict(given(), unseen.images).argmax(axis=-1) == numbers[unseen.labels]
        if right.mean() <= threshold:
            raise Incorrect(
                f"Your model is right on {right.mean():.1%} of {len(unseen)} scenes it has not seen "
                f"(the majority-class baseline: {unseen.majority_share:.1%});",
                f"expected more than {threshold:.0%}.",
                "Print the loss of every epoch. If it still falls at the end, train longer or with a higher learning rate; if it "
                "does not fall, ask what the labels, the loss and the images look like: the model preprocesses images itself, "
                "and the check numbers the classes again, so that only the labels that your function is given fit.",
            )
    with check.criterion(0.30, "another training step would move the head alone"):
        check_untouched(given(), base)
        check_one_step(given(), base, unseen.images[:8], numbers[unseen.labels[:8]])


@exercise
def cached_views(check: ExerciseCheck) -> None:
    """Checks ``cached_views(base, images, labels, views, seed)``: augmented copies, their features, their labels."""
    base, originals = _small_extractor(check.rng), coloured_images(check.rng, SIDE)
    labels, copies = check.rng.permutation(len(originals)), int(check.rng.integers(3, 6))
    one, other = (int(number) for number in check.rng.choice(10_000, 2, replace=False))

    def ask(number: int) -> tuple:
        value = check.call(copy_of(base), originals.copy(), labels.copy(), copies, number)
        return augmented.read_copies(value, originals, copies)

    given = once(lambda: ask(one))
    with check.criterion(0.15, "three arrays, a row for every augmented copy"):
        given()
    with check.criterion(0.25, "augmented copies of every image that differ"):
        augmented.check_copies(given()[0], originals, copies)
    with check.criterion(0.20, "labels in the same order as the images"):
        images, _, found = given()
        expected = labels[augmented.origins(images, originals)]
        if not np.array_equal(found, expected):
            raise Incorrect(
                f"{int((found != expected).sum())} of {len(expected)} labels are not those of their images;",
                f"yours begin {in_short(found[:8])}, by the images {in_short(expected[:8])}.",
                "np.tile repeats the whole list, np.repeat each entry: which one goes with your images?",
            )
    with check.criterion(0.20, "features of exactly these images"):
        images, features, _ = given()
        augmented.check_features_of(features, images, originals, base, BASE)
    with check.criterion(0.20, "the seed decides"):
        first, again, another = given()[0].astype(np.float64), ask(one)[0], ask(other)[0]
        if np.abs(first - again).max() > 0.5:
            raise Incorrect(
                "The same seed gave other augmented copies the second time;",
                "expected the same.",
                "Hand the seed on to every random layer, or call keras.utils.set_random_seed first.",
            )
        if np.abs(first - another).max() < 0.5:
            raise Incorrect("Another seed gave the same copies;", "expected others.", "Is the argument seed used?")


def end_to_end_model(base, classes: int, *, seed: int):
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


@functools.cache
def _base():
    """The pretrained base, as a reference: what students' functions are given are copies."""
    return load_base(BASE, input_shape=(SIDE, SIDE, 3), cut=CUT)


def _small_extractor(rng: np.random.Generator):
    """A small extractor with random weights, from preprocessed images to a few hundred numbers."""
    import keras

    seed, layers = int(rng.integers(2**31)), keras.layers

    def convolution(filters: int, size: int, seed: int):
        return layers.Conv2D(
            filters, size, 4, "valid", activation="relu", kernel_initializer=keras.initializers.HeNormal(seed)
        )

    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            convolution(8, 7, seed),
            convolution(int(rng.integers(8, 20)), 3, seed + 1),
            layers.Flatten(),  # not pooled, so that it matters how an image is rotated
        ],
        name="small_extractor",
    )
