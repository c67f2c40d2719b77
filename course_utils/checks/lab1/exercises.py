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

from course_utils.checks import ExerciseCheck, Incorrect, check_shape, exercise, in_short, once
from course_utils.checks.common import models
from course_utils.checks.common.inputs import made_up_base, made_up_classifier, photograph
from course_utils.checks.lab1 import predictions
from course_utils.checks.lab1.batches import SIDE, check_values, read_batch, smooth_image
from course_utils.checks.lab1.parameters import MADE_UP, check_blocks, check_counts, read_counts
from course_utils.models import decode_predictions, load_base, preprocess

UNEQUAL = "Resize each photograph before stacking."


@exercise(advice={"arrays must have the same shape": UNEQUAL, "inhomogeneous shape": UNEQUAL})
def prepare_batch(check: ExerciseCheck) -> None:
    """Checks ``prepare_batch(photos, name)``: photographs of any size → one batch for the base of that name.

    Any method of resizing passes: the images are either 224 pixels square already or so smooth that all methods agree.
    """
    other = "mobilenet_v2" if check.hidden else predictions.CLASSIFIER
    sizes = [(SIDE, SIDE), *(tuple(int(side) for side in check.rng.integers(150, 420, size=2)) for _ in range(2))]
    photos = [smooth_image(check.rng, *size) for size in sizes]
    given = once(lambda name: check.call([photo.copy() for photo in photos], name))
    with check.criterion(0.25, "one array, a row per photograph"):
        read_batch(given("vgg16"), len(photos))
        read_batch(check.call([photos[1].copy()], "vgg16"), 1)
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


FIRST_ROW = "The classifier returns one row per image: did you take the first row, [0]?"


@exercise(advice={"only integer scalar arrays": FIRST_ROW})
def top_five(check: ExerciseCheck) -> None:
    """Checks ``top_five(classifier, photo, class_names)``: the five most probable (name, probability), most probable first."""
    with _borrowed_classifier() as classifier:
        names, photo = _class_names(), photograph(check.rng)
        truth = models.predict(classifier, preprocess(predictions.CLASSIFIER, photo[None]))[0]
        hint = functools.cache(lambda: predictions.how_preprocessed(classifier, photo, given()))
        given = once(lambda: predictions.read_pairs(check.call(classifier, photo.copy(), list(names))))
        with check.criterion(0.25, "five pairs of a name and a number"):
            given()
        with check.criterion(0.15, "most probable first"):
            numbers = [probability for _, probability in given()]
            if any(later > earlier for earlier, later in itertools.pairwise(numbers)):
                raise Incorrect(
                    f"Your probabilities come in the order {in_short(numbers)};",
                    "expected the largest first.",
                    "np.argsort sorts upwards.",
                )
        with check.criterion(0.30, "names"):
            predictions.check_names(given(), truth, names, look=hint)
        with check.criterion(0.30, "probabilities"):
            predictions.check_probabilities(given(), truth, look=hint)


@exercise
def parameters_by_block(check: ExerciseCheck) -> None:
    """Checks ``parameters_by_block(base)``: block name → number of parameters, for VGG16 and for a base made up here."""
    vgg16 = load_base("vgg16", weights=None, input_shape=(32, 32, 3))
    made_up = made_up_base(check.rng)
    # Copies, because a function can empty the model that it is given; what is expected comes from the originals.
    with check.criterion(0.20, "one entry per block of VGG16"):
        check_blocks(check.call(models.copy_of(vgg16)), vgg16)
    with check.criterion(0.30, "numbers for VGG16"):
        check_counts(check.call(models.copy_of(vgg16)), vgg16, "VGG16")
    with check.criterion(0.30, "numbers for another base"):
        check_blocks(check.call(models.copy_of(made_up)), made_up)
        check_counts(check.call(models.copy_of(made_up)), made_up, MADE_UP)
    with check.criterion(0.20, "frozen layers count too"):
        before = check.call(models.copy_of(made_up))
        trainable = sum(int(np.prod(w.shape)) for w in made_up.trainable_weights)
        frozen = models.copy_of(made_up)
        for layer in frozen.layers[::2]:
            layer.trainable = False
        total, expected = sum(read_counts(check.call(frozen)).values()), made_up.count_params()
        if total != expected:
            # Freezing is to blame only where the counts were right before, or were those of the trainable weights.
            # Otherwise the finding of the criterion before this one is repeated, and the check says it once.
            if sum(read_counts(before).values()) not in (expected, trainable):
                check_blocks(before, made_up)
                check_counts(before, made_up, MADE_UP)
            raise Incorrect(
                f"With some layers frozen your counts add up to {total:,};",
                f"expected {expected:,}, as without freezing.",
                "A frozen layer keeps its parameters: look at weights, not at trainable_weights.",
            )


@exercise
def penultimate(check: ExerciseCheck) -> None:
    """Checks ``penultimate(classifier)``: a model that gives what the classifier's last layer receives."""
    with _borrowed_classifier() as classifier:
        last, small = classifier.layers[-1], made_up_classifier(check.rng)
        batch = preprocess(predictions.CLASSIFIER, photograph(check.rng)[None])
        truth, weights = models.predict(models.before_last(classifier), batch), classifier.get_weights()
        probabilities = models.predict(last, truth)
        given = once(lambda: check.call(classifier))
        with check.criterion(0.35, "shape of what comes out"):
            _check_length(given(), last.kernel.shape[0], probabilities.shape[1])
        with check.criterion(0.35, "the same numbers as inside the classifier"):
            models.check_features(given(), batch, truth)
        with check.criterion(0.10, "the classifier itself is left as it was"):
            models.as_model(given())  # whoever builds nothing leaves it alone as well
            same = all(map(np.array_equal, weights, classifier.get_weights()))
            if not same or not np.allclose(models.predict(last, truth), probabilities, atol=1e-4):
                raise Incorrect("After your function ran, the classifier is another;", "expected it to stay as it was.")
        with check.criterion(0.20, "another classifier"):
            images = check.rng.normal(size=(2, *small.input_shape[1:])).astype(np.float32)
            expected = models.predict(models.before_last(small), images)
            model = check.call(small)
            _check_length(model, expected.shape[1], small.output_shape[1])
            models.check_features(model, images, expected)


def _check_length(value: object, length: int, classes: int) -> None:
    """Complains unless a model gives vectors of this length; one of length ``classes`` is recognised as uncut."""
    shape = models.known_shape(models.as_model(value, complete=False), "output", (None, length), "the classifier")
    look = "The last layer's own input is what you need."
    if shape == (None, classes):
        look = "Those are still the class probabilities. Taking a layer off model.layers changes only a list, not the model."
    elif len(shape) == 4:
        look = "That is a feature map: you went back one layer too far, to before the pooling."
    check_shape(shape, (None, length), "Your model's output has shape", look)


@exercise(advice={"not 'both'": 'load_base knows only the first two; for "both" unfold the second hint.'})
def rebuild(check: ExerciseCheck) -> None:
    """Checks ``rebuild(name, input_shape, pooling)``: a pretrained base for another input size that ends in a vector."""
    name = predictions.CLASSIFIER if check.hidden else "vgg16"
    # Whole strides of 32, so that no method of padding matters; never square, never the size of training.
    shape = (*(32 * int(side) for side in check.rng.choice([2, 3, 4, 5], size=2, replace=False)), 3)
    image = check.rng.normal(scale=2, size=(1, *shape)).astype(np.float32)
    maps = models.predict(_base_for_any_size(name), image)
    for pooling, share in {"avg": 0.3, "max": 0.3, "both": 0.4}.items():
        with check.criterion(share, f'pooling "{pooling}"'):
            models.check_pooled(
                check.call(name, shape, pooling), f"{name} and pooling={pooling!r}", pooling, image, maps
            )


@functools.cache
def _classifier():
    return load_base(predictions.CLASSIFIER, include_top=True)


@functools.cache
def _base_for_any_size(name: str):
    return load_base(name, input_shape=(None, None, 3))


@functools.cache
def _class_names() -> tuple[str, ...]:
    return tuple(row[0][1] for row in decode_predictions(np.eye(1000, dtype=np.float32), top=1))


@contextlib.contextmanager
def _borrowed_classifier() -> Iterator:
    """Lends the one classifier of this process, and lets go of it if it comes back changed.

    Otherwise a function that damages it once would be blamed for ever, even after it has been fixed.
    """

    def digest() -> str:
        try:
            state = hashlib.sha256(repr(classifier.get_config()).encode())
            for array in classifier.get_weights():
                state.update(array)
        except Exception:  # damaged so badly that it cannot even be read
            return ""
        return state.hexdigest()

    classifier = _classifier()
    before = digest()
    try:
        yield classifier
    finally:
        if digest() != before:
            _classifier.cache_clear()
