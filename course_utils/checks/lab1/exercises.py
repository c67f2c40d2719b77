"""Lab 1, "Meet a pretrained network": one check per exercise, the same for students, hidden tests and self-study.

Without a seed a check uses inputs that are the same for everybody; with one, inputs that nobody has seen. Every expected
result is computed here, from the base itself.
"""

import contextlib
import functools
import hashlib
import itertools
from collections.abc import Iterator

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, check_shape, exercise, in_short, once
from course_utils.checks.common import models
from course_utils.checks.common.from_base import FromBase
from course_utils.checks.common.inputs import made_up_classifier, photograph, pretrained
from course_utils.checks.common.preprocessing import BASES
from course_utils.checks.lab1 import batches, parameters, predictions
from course_utils.checks.lab1.batches import flat_photo, smooth_photo
from course_utils.models import decode_predictions, load_base, preprocess

UNEQUAL = "Resize each photograph before stacking."


@exercise(advice={"arrays must have the same shape": UNEQUAL, "inhomogeneous shape": UNEQUAL})
def prepare_batch(check: ExerciseCheck) -> None:
    """Checks ``prepare_batch(photos, name)``: photographs of any size → one batch for the base of that name.

    Any method of resizing passes: the photographs are so smooth that all methods agree, or of one colour.
    """
    rng, names = check.rng, check.rng.permutation(BASES).tolist()
    photos = [smooth_photo(rng, panorama=not number) for number in range(int(rng.integers(2, 5)))]
    flats = [flat_photo(rng, brighter=int(step)) for step in rng.permutation([0, 35, 70])]
    flats[2] = np.broadcast_to(flats[2][:1, :1], flats[0].shape).copy()  # of one size, with another between them

    def call(photos: list[np.ndarray], name: str = names[0]) -> object:
        return check.call([photo.copy() for photo in photos], name)

    given = once(lambda: call(photos))
    with check.criterion(0.20, "shape"):
        batches.check_is_batch(given(), len(photos))
        batches.check_is_batch(call(photos[:1]), 1)
    with check.criterion(0.10, "dtype"):
        batch = given()
        batch = batch[0] if isinstance(batch, list | tuple) and batch else batch
        dtype = str(getattr(getattr(batch, "dtype", None), "name", getattr(batch, "dtype", type(batch).__name__)))
        if dtype.removeprefix("torch.") != "float32":
            raise Incorrect(f"Your batch holds {dtype};", "expected float32, which every base computes with.")
    with check.criterion(0.10, "order"):
        batches.check_order(call(flats), [float(photo.mean()) for photo in flats])
    with check.criterion(0.20, "whole photo"):
        batches.check_whole(given(), photos)
    with check.criterion(0.25, "preprocessing"):
        for name, photo in zip(names, flats, strict=True):
            batches.check_preprocessed(call([photo], name), photo, name)
    with check.criterion(0.15, "grey and transparent"):
        grey, alpha = photos[0][..., 0], 255 * np.tri(*photos[1].shape[:2], dtype=np.uint8)
        batches.check_like_colour(
            call([grey, np.dstack([photos[1], alpha]), flats[0]]), call([np.dstack([grey] * 3), photos[1], flats[0]])
        )


FIRST_ROW = "The classifier returns one row per image: did you take the first row, [0]?"


@exercise(advice={"only integer scalar arrays": FIRST_ROW})
def top_five(check: ExerciseCheck) -> None:
    """Checks ``top_five(classifier, photo, class_names)``: the five most probable (name, probability), most probable first.

    Names and numbers are asked of a classifier that gives one answer to every image, so that preprocessing plays no part.
    """
    rng = check.rng
    steady, truth, names = predictions.steady_classifier(rng, _class_names())
    photos = [photograph(rng) for _ in range(2)]
    given = once(lambda: predictions.read_pairs(check.call(steady, photos[0].copy(), list(names))))
    with check.criterion(0.15, "five pairs"):
        if len(given()) != 5:
            raise Incorrect(f"You return {len(given())} pairs;", "expected five.")
    with check.criterion(0.15, "order"):
        numbers = [probability for _, probability in given()]
        if any(later > earlier for earlier, later in itertools.pairwise(numbers)):
            raise Incorrect(
                f"Your probabilities come in the order {in_short(numbers[:9])};",
                "expected the largest first.",
                "np.argsort sorts upwards.",
            )
    with check.criterion(0.25, "names"):
        predictions.check_names(given(), truth, names)
        # As many classes as ImageNet, in another order.
        many, likely, others = predictions.steady_classifier(rng, _class_names(), count=len(_class_names()))
        predictions.check_names(
            predictions.read_pairs(check.call(many, photos[0].copy(), list(others))), likely, others
        )
    with check.criterion(0.25, "probabilities"):
        predictions.check_probabilities(given(), truth, names)
    with check.criterion(0.20, "preprocessing"), _borrowed_classifier() as classifier:
        for photo in photos:
            pairs = predictions.read_pairs(check.call(classifier, photo.copy(), list(_class_names())))
            predictions.check_preprocessed(pairs, classifier, photo)


@exercise
def parameters_by_block(check: ExerciseCheck) -> None:
    """Checks ``parameters_by_block(base)``: block name → number of parameters, for bases that are made up here.

    Each demand has a base of its own, in which mistakes about the others make no difference.
    """
    rng, few_blocks = check.rng, [f"block{number}" for number in range(1, int(check.rng.integers(4, 8)))]

    def call(base) -> object:
        # A copy, because a function can empty the model that it is given; what is expected comes from the original.
        copy = models.copy_of(base)
        for layer, original in zip(copy.layers, base.layers, strict=True):
            layer.trainable = original.trainable
        return check.call(copy)

    with check.criterion(0.30, "block names"):
        many = [f"block{number}" for number in range(1, int(rng.integers(11, 16)))]
        named = parameters.base_of(rng, ["stem", *many, str(rng.choice(["top", "neck", "last"]))], ("conv", "conv"))
        parameters.check_blocks(call(named), named)
    with check.criterion(0.30, "sum of layers"):
        # One block's name begins with another's.
        several = parameters.base_of(rng, [*few_blocks, "block10"], ("conv", "relu", "conv", "conv"))
        parameters.check_sums(call(several), several)
    with check.criterion(0.20, "all weights"):
        kinds = parameters.base_of(rng, few_blocks, ("biased",)), parameters.base_of(rng, few_blocks, ("bn",))
        for base in kinds:
            look = "Kernels, biases and BatchNorm's moving statistics are all parameters."
            parameters.check_total(call(base), base, look)
    with check.criterion(0.20, "frozen layers"):
        frozen = parameters.base_of(rng, few_blocks, ("conv",))
        for layer in frozen.layers[:: int(rng.integers(1, 3))]:
            layer.trainable = False
        look = "Some layers are frozen here. A frozen layer keeps its parameters: not trainable_weights alone."
        parameters.check_total(call(frozen), frozen, look)


@exercise
def penultimate(check: ExerciseCheck) -> None:
    """Checks ``penultimate(classifier)``: a model that gives what the classifier's last layer receives."""
    with _borrowed_classifier() as classifier:
        last = classifier.layers[-1]
        batch = preprocess(predictions.CLASSIFIER, photograph(check.rng)[None])
        truth, weights = models.predict(models.before_last(classifier), batch), classifier.get_weights()
        probabilities = models.predict(last, truth)
        given = once(lambda: check.call(classifier))
        own = once(lambda: _own_weights(given(), weights))
        right = False
        with check.criterion(0.40, "output"):
            _check_length(given(), last.kernel.shape[0], probabilities.shape[1])
            if own():
                models.check_features(given(), batch, truth)
            right = own()
        with check.criterion(0.20, "weights"):
            if not own():
                raise Incorrect(
                    "Your model holds weights that are not the classifier's;",
                    "expected its own.",
                    "Build the new model from the classifier's own tensors, or copy its weights.",
                )
        with check.criterion(0.15, "classifier unchanged"):
            models.as_model(given(), complete=False)  # whoever builds nothing leaves it alone as well
            same = all(map(np.array_equal, weights, classifier.get_weights()))
            if not same or not np.allclose(models.predict(last, truth), probabilities, atol=1e-4):
                raise Incorrect("After your function ran, the classifier is another;", "expected it to stay as it was.")
    with check.criterion(0.25, "any classifier"):
        for _ in range(2):
            small = made_up_classifier(check.rng)
            model = models.as_model(check.call(models.copy_of(small)), complete=False)
            shapes, begins = ([array.shape for array in one.get_weights()] for one in (model, small))
            if shapes != begins[: len(shapes)]:
                raise Incorrect(
                    f"For a classifier of {small.count_params():,} parameters your model has {model.count_params():,}, and "
                    "they are not its first layers';",
                    "expected the classifier that your function is given.",
                )
            if right:  # else the same mistake would be found again
                images = check.rng.normal(size=(2, *small.input_shape[1:])).astype(np.float32)
                models.check_features(model, images, models.predict(models.before_last(small), images))


def _own_weights(value: object, weights: list[np.ndarray]) -> bool:
    """Whether every array of a model's weights is one of these."""
    known = {array.tobytes() for array in weights}
    return all(array.tobytes() in known for array in models.as_model(value, complete=False).get_weights())


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
    rng, names = check.rng, (predictions.CLASSIFIER, "vgg16")
    other = str(rng.choice(["avg", "max"]))
    # Whole strides of 32, so that no method of padding matters; never square, never the size of training.
    shapes = {
        key: (*(32 * int(side) for side in rng.choice([2, 3, 4, 5], size=2, replace=False)), 3) for key in range(4)
    }
    asked = [(names[0], "avg"), (names[0], "max"), (names[0], "both"), (names[1], other)]

    @once
    def given(number: int) -> FromBase:
        name, pooling = asked[number]
        image = rng.normal(scale=2, size=(1, *shapes[number])).astype(np.float32)
        bases = {one: pretrained(one) for one in sorted(names, key=lambda one: one != name)}
        return FromBase(check.call(name, shapes[number], pooling), bases, image)

    with check.criterion(0.15, "input size"):
        for number, shape in shapes.items():
            models.check_takes(given(number).model, shape, "the base")
    for number, (share, title) in enumerate(((0.15, "average"), (0.15, "maximum"), (0.25, "both"))):
        with check.criterion(share, title):
            given(number).check_pooling(asked[number][1])
    with check.criterion(0.15, "base"):
        for number in range(4):
            if (held := given(number).base) != asked[number][0]:
                said = held or f"none of {', '.join(names)} alone"
                raise Incorrect(
                    f"For {asked[number][0]!r} the base in your model is {said};", "expected that base alone."
                )
    with check.criterion(0.15, "pretrained weights"):
        for number in range(4):
            given(number).check_pretrained()


@functools.cache
def _classifier():
    return load_base(predictions.CLASSIFIER, include_top=True)


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
