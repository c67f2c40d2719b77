"""Lab 1, "Meet a pretrained network": one check per exercise, the same for students, hidden tests and self-study.

Without a seed a check uses inputs that are the same for everybody; with one, inputs that nobody has seen. Every expected
result is computed here, from the base itself.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
from collections.abc import Iterator

import numpy as np

from course_utils.checks.common.inputs import (
    CLASSIFIER,
    SIDE,
    made_up_base,
    made_up_classifier,
    photograph,
    smooth_image,
)
from course_utils.checks.common.models import (
    MADE_UP,
    as_model,
    check_blocks,
    check_counts,
    check_features,
    check_frozen,
    check_length,
    check_rebuilt,
    predict,
    received,
)
from course_utils.checks.common.training import copy_of
from course_utils.checks.core.exercise_check import ExerciseCheck, Incorrect, in_short, once
from course_utils.checks.core.verdict import Verdict
from course_utils.checks.lab1.batches import check_shape, check_values
from course_utils.checks.lab1.predictions import check_names, check_probabilities, how_unprepared, read_pairs


def prepare_batch(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``prepare_batch(photos, name)``: photographs of any size → one batch for the base of that name.

    Any way of resizing passes: the images are either 224 pixels square already or so smooth that all ways agree.
    """
    unequal = "Resize each photograph before stacking."
    advice = {"arrays must have the same shape": unequal, "inhomogeneous shape": unequal}
    check = ExerciseCheck("prepare_batch", answer, seed=seed, advice=advice)
    other = "mobilenet_v2" if check.hidden else CLASSIFIER
    with check:
        sizes = [(SIDE, SIDE), *(tuple(int(side) for side in check.rng.integers(150, 420, size=2)) for _ in range(2))]
        photos = [smooth_image(check.rng, *size) for size in sizes]
        given = once(lambda name: check.call([photo.copy() for photo in photos], name))
        with check.criterion(0.25, "one array, a row per photograph"):
            check_shape(given("vgg16"), len(photos))
            check_shape(check.call([photos[1].copy()], "vgg16"), 1)
        with check.criterion(0.15, "dtype"):
            batch = given("vgg16")
            dtype = str(getattr(getattr(batch, "dtype", None), "name", getattr(batch, "dtype", type(batch).__name__)))
            if dtype.removeprefix("torch.") != "float32":
                raise Incorrect(f"Your batch holds {dtype};", "expected float32, which every base computes with.")
        with check.criterion(0.30, "values for vgg16"):
            check_values(given("vgg16"), photos, "vgg16")
        with check.criterion(0.15, f"values for {other}"):
            check_values(given(other), photos, other)
        with check.criterion(0.15, "greyscale and transparent photographs"):
            grey, seen_through = photos[1][..., 0], np.dstack([photos[2], np.full(sizes[2], 255, np.uint8)])
            batch = check.call([grey.copy(), photos[0].copy(), seen_through.copy()], "vgg16")
            check_values(batch, [np.dstack([grey] * 3), photos[0], photos[2]], "vgg16")
    return check.verdict()


def top_five(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``top_five(classifier, photo, class_names)``: the five likeliest (name, probability), likeliest first."""
    from course_utils.models.loading import preprocess

    advice = {
        "only integer scalar arrays": "The classifier returns one row per image: did you take the first row, [0]?"
    }
    check = ExerciseCheck("top_five", answer, seed=seed, advice=advice)
    with check, _borrowed_classifier() as classifier:
        names, photo = _class_names(), photograph(check.rng)
        truth = predict(classifier, preprocess(CLASSIFIER, photo[None]))[0]
        hint = functools.cache(lambda: how_unprepared(classifier, photo, given()))
        given = once(lambda: read_pairs(check.call(classifier, photo.copy(), list(names))))
        with check.criterion(0.25, "five pairs of a name and a number"):
            given()
        with check.criterion(0.15, "likeliest first"):
            numbers = [probability for _, probability in given()]
            if any(later > earlier for earlier, later in itertools.pairwise(numbers)):
                raise Incorrect(
                    f"Your probabilities come in the order {in_short(numbers)};",
                    "expected the largest first.",
                    "np.argsort sorts upwards.",
                )
        with check.criterion(0.30, "names"):
            check_names(given(), truth, names, look=hint)
        with check.criterion(0.30, "probabilities"):
            check_probabilities(given(), truth, look=hint)
    return check.verdict()


def parameters_by_block(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``parameters_by_block(base)``: block name → number of parameters, for VGG16 and for a base made up here."""
    from course_utils.models.loading import load_base

    check = ExerciseCheck("parameters_by_block", answer, seed=seed)
    with check:
        vgg16 = load_base("vgg16", weights=None, input_shape=(32, 32, 3))
        made_up = made_up_base(check.rng)
        # Copies, because a function can empty the model that it is given; what is expected comes from the originals.
        with check.criterion(0.20, "one entry per block of VGG16"):
            check_blocks(check.call(copy_of(vgg16)), vgg16)
        with check.criterion(0.30, "numbers for VGG16"):
            check_counts(check.call(copy_of(vgg16)), vgg16, "VGG16")
        with check.criterion(0.30, "numbers for another base"):
            check_blocks(check.call(copy_of(made_up)), made_up)
            check_counts(check.call(copy_of(made_up)), made_up, MADE_UP)
        with check.criterion(0.20, "frozen layers count too"):
            before = check.call(copy_of(made_up))
            trainable = sum(int(np.prod(w.shape)) for w in made_up.trainable_weights)
            frozen = copy_of(made_up)
            for layer in frozen.layers[::2]:
                layer.trainable = False
            check_frozen(check.call(frozen), before, made_up, trainable)
    return check.verdict()


def penultimate(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``penultimate(classifier)``: a model that gives what the classifier's last layer receives."""
    from course_utils.models.loading import preprocess

    check = ExerciseCheck("penultimate", answer, seed=seed)
    with check, _borrowed_classifier() as classifier:
        last, small = classifier.layers[-1], made_up_classifier(check.rng)
        batch = preprocess(CLASSIFIER, photograph(check.rng)[None])
        truth, weights = received(classifier, batch), classifier.get_weights()
        probabilities = predict(last, truth)
        given = once(lambda: check.call(classifier))
        with check.criterion(0.35, "shape of what comes out"):
            check_length(given(), last.kernel.shape[0], probabilities.shape[1])
        with check.criterion(0.35, "the same numbers as inside the classifier"):
            check_features(given(), batch, truth)
        with check.criterion(0.10, "the classifier itself is left as it was"):
            as_model(given())  # whoever builds nothing leaves it alone as well
            same = all(map(np.array_equal, weights, classifier.get_weights()))
            if not same or not np.allclose(predict(last, truth), probabilities, atol=1e-4):
                raise Incorrect("After your function ran, the classifier is another;", "expected it to stay as it was.")
        with check.criterion(0.20, "another classifier"):
            images = check.rng.normal(size=(2, *small.input_shape[1:])).astype(np.float32)
            expected = received(small, images)
            model = check.call(small)
            check_length(model, expected.shape[1], small.output_shape[1])
            check_features(model, images, expected)
    return check.verdict()


def rebuild(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``rebuild(name, input_shape, pooling)``: a pretrained base for another input size that ends in a vector."""
    advice = {"not 'both'": 'load_base knows only the first two; for "both" unfold the second hint.'}
    check = ExerciseCheck("rebuild", answer, seed=seed, advice=advice)
    name = CLASSIFIER if check.hidden else "vgg16"
    with check:
        # Whole strides of 32, so that no way of padding matters; never square, never the size of training.
        shape = (*(32 * int(side) for side in check.rng.choice([2, 3, 4, 5], size=2, replace=False)), 3)
        image = check.rng.normal(scale=2, size=(1, *shape)).astype(np.float32)
        maps = predict(_base_for_any_size(name), image)
        for pooling, share in {"avg": 0.3, "max": 0.3, "both": 0.4}.items():
            with check.criterion(share, f'pooling "{pooling}"'):
                check_rebuilt(check.call(name, shape, pooling), f"{name} and pooling={pooling!r}", pooling, image, maps)
    return check.verdict()


# --- the classifier that exercises 2 and 4 share ----------------------------------------------------------------------


@functools.cache
def _classifier():
    from course_utils.models.loading import load_base

    return load_base(CLASSIFIER, include_top=True)


@functools.cache
def _base_for_any_size(name: str):
    from course_utils.models.loading import load_base

    return load_base(name, input_shape=(None, None, 3))


@functools.cache
def _class_names() -> tuple[str, ...]:
    from course_utils.models.loading import decode_predictions

    return tuple(row[0][1] for row in decode_predictions(np.eye(1000, dtype=np.float32), top=1))


@contextlib.contextmanager
def _borrowed_classifier() -> Iterator:
    """Lends the one classifier of this process, and lets go of it if it comes back changed.

    Otherwise a function that damages it once would be told off for ever, even after it has been mended.
    """

    def fingerprint() -> str:
        try:
            digest = hashlib.sha256(repr(classifier.get_config()).encode())
            for array in classifier.get_weights():
                digest.update(array)
        except Exception:  # damaged so badly that it cannot even be read
            return ""
        return digest.hexdigest()

    classifier = _classifier()
    before = fingerprint()
    try:
        yield classifier
    finally:
        if fingerprint() != before:
            _classifier.cache_clear()
