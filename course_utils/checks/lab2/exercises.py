"""Lab 2, "Extract once, train many": one check per exercise, the same for students, hidden tests and self-study.

Nothing that a notebook reports is believed: features are computed here, heads are trained by calling the student's
function on them and evaluated on scenes that the function never sees.
"""

from __future__ import annotations

import copy

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, NotAttempted, check_shape, exercise, in_short, once
from course_utils.checks.common import models
from course_utils.checks.common.inputs import photograph, renumbered
from course_utils.checks.common.intervals import check_accuracy, check_interval, made_up_answers, read_shares
from course_utils.checks.common.splits import check_split, labels_and_groups
from course_utils.checks.lab2 import extractors, packed
from course_utils.checks.lab2.heads import check_right_often, predictions_of, scene_features

CUTS = ("block2_pool", "block3_conv3", "block3_pool", "block4_conv3", "block4_pool", "block5_conv2")


@exercise
def build_extractor(check: ExerciseCheck) -> None:
    """Checks ``build_extractor(size, cut)``: VGG16 up to the layer ``cut``, its map averaged into one vector."""
    first, second = (int(side) for side in check.rng.choice(np.arange(48, 128, 8), size=2, replace=False))
    other = str(check.rng.choice(CUTS))
    given = once(check.call)
    with check.criterion(0.2, "takes images of the size asked for, gives one vector"):
        model = models.as_model(given(first, extractors.CUT))
        models.check_takes(model, (first, first, 3), "the base")
        gives = models.known_shape(model, "output", (None, 512), "the base")
        if len(gives) != 2:
            raise Incorrect(f"Your model gives {gives} for an image;", "expected one vector.", "Average each map.")
    with check.criterion(0.4, f"the vector at {extractors.CUT}"):
        extractors.check_extractor(given(first, extractors.CUT), photograph(check.rng, side=first), extractors.CUT)
    with check.criterion(0.4, "another size and another cut"):
        extractors.check_extractor(given(second, other), photograph(check.rng, side=second), other)


@exercise
def extract_features(check: ExerciseCheck) -> None:
    """Checks ``extract_features(extractor, images)``: scenes as they come → one row of features each.

    The extractor is a small one made up here, with BatchNorm and Dropout, which behave differently in training.
    """
    extractor, side = extractors.made_up_extractor(check.rng)
    number = int(check.rng.integers(66, 90))
    images = np.stack([photograph(check.rng, side=side) for _ in range(12)])
    images = images[check.rng.integers(12, size=number)] // check.rng.integers(1, 4, size=(number, 1, 1, 1))
    images = images.astype(np.uint8)
    length = extractor.output_shape[1]
    given = once(lambda: extractors.read_rows(check.call(models.copy_of(extractor), images.copy()), number, length))
    with check.criterion(0.25, "one row per image"):
        given()
    with check.criterion(0.45, "images preprocessed as VGG16 expects them"):
        extractors.check_preprocessed(extractor, images, given())
    with check.criterion(0.30, "the same image always gives the same row"):
        rows, at = given(), int(check.rng.integers(number))
        if not np.ptp(rows, axis=0).any():
            raise Incorrect(
                f"Every image has the row that begins {in_short(rows[0, :4])};",
                "expected rows that depend on the image.",
            )
        alone = extractors.read_rows(check.call(models.copy_of(extractor), images[at : at + 1].copy()), 1, length)
        if not np.allclose(alone[0], rows[at], rtol=1e-3, atol=1e-3 * float(np.abs(rows).max())):
            raise Incorrect(
                f"One image alone gives {in_short(alone[0, :4])}, and among others {in_short(rows[at, :4])};",
                "expected the same row.",
                "Dropout and BatchNorm must act as in prediction: extractor.predict, or training=False. "
                "And each image is preprocessed by fixed numbers, not by those of its batch.",
            )


@exercise(name="pack_features and unpack_features")
def keep_features(check: ExerciseCheck, unpack: object) -> None:
    """Checks ``pack_features(features, labels, groups, provenance)`` and ``unpack_features(data, wanted)`` together.

    The first gives the bytes of a file; the second returns a dictionary of what was packed, or refuses.
    """
    reader = ExerciseCheck("unpack_features", unpack)

    def read(data: bytes, wanted: dict) -> object:
        try:
            return reader.call(data, wanted)
        except NotAttempted:
            raise Incorrect("unpack_features is still to be written.") from None

    kept = [packed.made_up_features(check.rng, shape) for shape in ((120, 40), (11, 3, 3, 8))]
    about = kept[0][3]
    data = once(lambda which: packed.read_bytes(check.call(*copy.deepcopy(kept[which])), kept[which][0]))
    with check.criterion(0.15, "bytes to write into a file"):
        data(0)
    with check.criterion(0.35, "everything comes back"):
        for which in (0, 1):
            packed.check_returned(read(data(which), {}), kept[which])
        packed.check_returned(read(data(0), {"cut": about["cut"], "size": about["size"]}), kept[0])
    with check.criterion(0.25, "no pickle"):
        packed.check_no_pickle(data(0))
        packed.check_some_returned(read(data(0), {}), kept[0])
        packed.check_no_code(read, data(0))
    with check.criterion(0.25, "features of other origin are refused"):
        packed.check_some_returned(read(data(0), {"cut": about["cut"]}), kept[0])
        for key, value in {"cut": "block4_pool", "preprocess": "mobilenet_v2", "split seed": 3}.items():
            accepted, error = packed.refused(read, data(0), {"base": extractors.BASE, key: value})
            has = f"has {about[key]!r}" if key in about else "does not mention it"
            if accepted:
                raise Incorrect(
                    f"wanted asks for {key!r} to be {value!r}, the file {has}, and you return it all the same;",
                    "expected a ValueError.",
                    "if …: raise ValueError(…). An assert with brackets around condition and message never fails.",
                )
            if isinstance(error, NameError | TypeError | AttributeError):
                raise Incorrect(
                    f"Where wanted asks for {key!r}, which the file {has}, you raise {type(error).__name__};",
                    "expected a ValueError that says what differs.",
                )


@exercise
def split_by_cutout(check: ExerciseCheck) -> None:
    """Checks ``split_by_cutout(labels, groups, seed)``: (positions to train on, positions held out), without a leak."""
    sets = [labels_and_groups(check.rng) for _ in range(3)]
    check_split(check, sets, [int(number) for number in check.rng.choice(1000, size=3, replace=False)])


def hidden_scenes(seed: int) -> int:
    """Returns which compositions evaluate a head: the same for everybody, so that they are computed once.

    Other hidden inputs differ between submissions, because a submission's code gets to see its own. These it never sees: the
    head crosses as data, and predicts in the examiner.
    """
    return int(np.random.default_rng([int(seed), 2]).integers(2**31))


CLASSES_ANNOUNCED = 7
"""What ``train_head`` is given as its number of classes, of which six occur: a head for six is seen without a second training."""


def head_problem(rng: np.random.Generator, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Draws which columns of the features ``train_head`` is given, in which order, and the new number of each class."""
    return rng.permutation(length)[: length - 12], renumbered(rng, 6)


@exercise
def train_head(check: ExerciseCheck) -> None:
    """Checks ``train_head(features, labels, classes)``: a trained Keras model from features to probabilities.

    It is called once, because a training costs seconds, with features of the notebook's training scenes: some of the columns, in
    another order, and the classes numbered anew each time, so that no head fits that was trained beforehand. One class more is
    announced than occurs, so that a head for six shows. The model that comes back is evaluated on scenes of other
    objects: those for validation, or, in the hidden test, compositions of the test objects that nobody has seen.
    """
    features, labels, _ = scene_features("train")
    seed = hidden_scenes(check.seed) if check.hidden else 0
    unseen, truth, _ = scene_features("test", seed, keep=False) if check.hidden else scene_features("validation")
    columns, numbers = head_problem(check.rng, features.shape[1])
    head = once(lambda: models.rebuilt(check.call(features[:, columns], numbers[labels], CLASSES_ANNOUNCED)))
    probabilities = once(lambda: models.output_of(head(), unseen[:, columns]))
    with check.criterion(0.20, "from features to one number per class"):
        takes, gives = head().input_shape, head().output_shape
        look = "The number of features is features.shape[1]." if len(takes) == 2 else "It gets features, not images."
        check_shape(takes, (None, len(columns)), f"For {len(columns)} features per image your model takes", look)
        look = "The argument classes says how many there are."
        if gives == (None, 1):
            look = "One number can tell two classes apart; for more, give one number per class and a softmax over them."
        check_shape(gives, (None, CLASSES_ANNOUNCED), f"For {CLASSES_ANNOUNCED} classes your model gives", look)
    with check.criterion(0.20, "probabilities"):
        models.check_probabilities(probabilities())
    with check.criterion(0.60, "right on unseen scenes"):
        predicted = probabilities().reshape(len(unseen), -1).argmax(axis=1)
        seen = (
            models.output_of(head(), features[:, columns]).reshape(len(features), -1).argmax(axis=1) == numbers[labels]
        )
        check_right_often(check, predicted, numbers[truth], seen)


@exercise
def train_svm(check: ExerciseCheck) -> None:
    """Checks ``train_svm(features, labels)``: a fitted scikit-learn object that predicts labels.

    Such an object cannot be rebuilt from data, so it predicts in the student's own process. It is therefore never shown
    a hidden scene: the features are those of known scenes, with their columns in another order and other labels each
    time, so that nothing learned beforehand fits.
    """
    features, labels, _ = scene_features("train")
    unseen, truth, _ = scene_features("test" if check.hidden else "validation")
    columns = check.rng.permutation(features.shape[1])
    names = check.rng.choice(np.arange(10, 100), size=6, replace=False)
    given = once(lambda: check.call(features[:, columns], names[labels]))
    with check.criterion(0.3, "a fitted object that predicts one of the labels for each row"):
        predictions_of(given(), unseen[:, columns], names)
    with check.criterion(0.7, "right on unseen scenes"):
        predicted = predictions_of(given(), unseen[:, columns], names)
        seen = predictions_of(given(), features[:, columns], names) == names[labels]
        check_right_often(check, predicted, names[truth], seen)


@exercise
def accuracy_with_interval(check: ExerciseCheck) -> None:
    """Checks ``accuracy_with_interval(probabilities, labels, groups, level)``: (accuracy, low, high)."""
    made_up = made_up_answers(check.rng)
    probabilities, labels, groups = made_up
    correct = probabilities.argmax(axis=1) == labels
    other = round(float(check.rng.uniform(0.5, 0.7)), 2)

    @once
    def given(level: float) -> list[float]:
        value = check.call(probabilities.copy(), labels.copy(), groups.copy(), level)
        return read_shares(value, "accuracy", "lower end", "upper end")

    with check.criterion(0.3, "accuracy"):
        check_accuracy(given(0.90)[0], *made_up)
    with check.criterion(0.5, "an interval that resamples objects"):
        check_interval(*given(0.90)[1:], correct, groups, 0.90)
    with check.criterion(0.2, "another level"):
        check_interval(*given(other)[1:], correct, groups, other)
