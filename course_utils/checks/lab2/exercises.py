"""Lab 2, "Extract once, train many": one check per exercise, the same for students, hidden tests and self-study.

Nothing that a notebook reports is believed: features are computed here, heads are trained by calling the student's
function on them and judged on scenes that the function never sees.
"""

from __future__ import annotations

import numpy as np

from course_utils.checks.common.inputs import photograph, renumbered
from course_utils.checks.common.models import as_model, known_shape
from course_utils.checks.common.splits import (
    check_accuracy,
    check_complete,
    check_interval,
    check_no_leak,
    check_seed,
    check_shares,
    made_up_answers,
    made_up_scenes,
)
from course_utils.checks.common.training import copy_of
from course_utils.checks.core.exercise_check import ExerciseCheck, Incorrect, NotAttempted, in_short, once
from course_utils.checks.core.verdict import Verdict
from course_utils.checks.lab2.heads import (
    BASE,
    CUT,
    check_ends,
    check_extractor,
    check_prepared,
    check_probabilities,
    check_right_often,
    made_up_extractor,
    predictions_of,
    probabilities_of,
    read_rows,
    rebuilt,
    scene_features,
)
from course_utils.checks.lab2.packed import (
    check_no_code,
    check_no_pickle,
    check_returned,
    check_some_returned,
    copies_of,
    made_up_features,
    read_bytes,
    refused,
)

VISIBLE_THRESHOLD, THRESHOLD = 0.50, 0.45
"""Share of unseen scenes that a head has to name rightly, in the visible and in the hidden check: what passed at home should
pass there, on other objects. benchmarks/calibrate_lab2.py says how often a right one fails, and how near to them a wrong one comes."""

CUTS = ("block2_pool", "block3_conv3", "block3_pool", "block4_conv3", "block4_pool", "block5_conv2")


def build_extractor(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``build_extractor(size, cut)``: VGG16 up to the layer ``cut``, its map averaged into one vector."""
    check = ExerciseCheck("build_extractor", answer, seed=seed)
    with check:
        first, second = (int(side) for side in check.rng.choice(np.arange(48, 128, 8), size=2, replace=False))
        other = str(check.rng.choice(CUTS))
        given = once(check.call)
        with check.criterion(0.2, "takes images of the size asked for, gives one vector"):
            model = as_model(given(first, CUT))
            takes = known_shape(model, "input", (None, first, first, 3), "the base")
            if takes not in ((None, first, first, 3), (None, None, None, 3)):
                raise Incorrect(f"For size {first} your model takes {takes};", f"expected {(None, first, first, 3)}.")
            gives = known_shape(model, "output", (None, 512), "the base")
            if len(gives) != 2:
                raise Incorrect(f"Your model gives {gives} for an image;", "expected one vector.", "Average each map.")
        with check.criterion(0.4, f"the vector at {CUT}"):
            check_extractor(given(first, CUT), photograph(check.rng, side=first), CUT)
        with check.criterion(0.4, "another size and another cut"):
            check_extractor(given(second, other), photograph(check.rng, side=second), other)
    return check.verdict()


def extract_features(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``extract_features(extractor, images)``: scenes as they come → one row of features each.

    The extractor is a small one made up here, with BatchNorm and Dropout, which behave differently in training.
    """
    check = ExerciseCheck("extract_features", answer, seed=seed)
    with check:
        extractor, side = made_up_extractor(check.rng)
        number = int(check.rng.integers(66, 90))
        images = np.stack([photograph(check.rng, side=side) for _ in range(12)])
        images = images[check.rng.integers(12, size=number)] // check.rng.integers(1, 4, size=(number, 1, 1, 1))
        images = images.astype(np.uint8)
        length = extractor.output_shape[1]
        given = once(lambda: read_rows(check.call(copy_of(extractor), images.copy()), number, length))
        with check.criterion(0.25, "one row per image"):
            given()
        with check.criterion(0.45, "images prepared as VGG16 wants them"):
            check_prepared(extractor, images, given())
        with check.criterion(0.30, "the same image always gives the same row"):
            rows, at = given(), int(check.rng.integers(number))
            if not np.ptp(rows, axis=0).any():
                raise Incorrect(
                    f"Every image has the row that begins {in_short(rows[0, :4])};",
                    "expected rows that depend on the image.",
                )
            alone = read_rows(check.call(copy_of(extractor), images[at : at + 1].copy()), 1, length)
            if not np.allclose(alone[0], rows[at], rtol=1e-3, atol=1e-3 * float(np.abs(rows).max())):
                raise Incorrect(
                    f"One image alone gives {in_short(alone[0, :4])}, and among others {in_short(rows[at, :4])};",
                    "expected the same row.",
                    "Dropout and BatchNorm must act as in prediction: extractor.predict, or training=False. "
                    "And each image is prepared by fixed numbers, not by those of its batch.",
                )
    return check.verdict()


def keep_features(pack: object, unpack: object, *, seed: int | None = None) -> Verdict:
    """Judges ``pack_features(features, labels, groups, provenance)`` and ``unpack_features(data, wanted)`` together.

    Args:
        pack: gives the bytes of a file.
        unpack: gives back a dictionary of what was packed, or refuses.
        seed: None for the check that a student sees.
    """
    check = ExerciseCheck("pack_features and unpack_features", pack, seed=seed)
    reader = ExerciseCheck("unpack_features", unpack, seed=seed)

    def read(data: bytes, wanted: dict) -> object:
        try:
            return reader.call(data, wanted)
        except NotAttempted:
            raise Incorrect("unpack_features is still to be written.", "") from None

    with check:
        kept = [made_up_features(check.rng, shape) for shape in ((120, 40), (11, 3, 3, 8))]
        packed = once(lambda which: read_bytes(check.call(*copies_of(kept[which])), kept[which][0]))
        with check.criterion(0.15, "bytes to write into a file"):
            packed(0)
        with check.criterion(0.35, "everything comes back"):
            for which in (0, 1):
                check_returned(read(packed(which), {}), kept[which])
            check_returned(read(packed(0), {"cut": kept[0][3]["cut"], "size": kept[0][3]["size"]}), kept[0])
        with check.criterion(0.25, "no pickle"):
            check_no_pickle(packed(0))
            check_some_returned(read(packed(0), {}), kept[0])
            check_no_code(read, packed(0))
        with check.criterion(0.25, "features of other origin are refused"):
            check_some_returned(read(packed(0), {"cut": kept[0][3]["cut"]}), kept[0])
            for key, value in {"cut": "block4_pool", "preprocess": "mobilenet_v2", "split seed": 3}.items():
                accepted, error = refused(read, packed(0), {"base": BASE, key: value})
                has = f"has {kept[0][3][key]!r}" if key in kept[0][3] else "does not mention it"
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
    return check.verdict()


def split_by_cutout(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``split_by_cutout(labels, groups, seed)``: (positions to train on, positions held out), without a leak."""
    check = ExerciseCheck("split_by_cutout", answer, seed=seed)
    with check:
        sets = [made_up_scenes(check.rng) for _ in range(3)]
        seeds = [int(number) for number in check.rng.choice(1000, size=3, replace=False)]

        @once
        def given(which: int, number: int) -> object:
            return check.call(*(array.copy() for array in sets[which]), number)

        with check.criterion(0.2, "every scene in one part"):
            for which, number in enumerate(seeds):
                check_complete(given(which, number), sets[which][1])
        with check.criterion(0.4, "no cut-out on both sides"):
            for which, number in enumerate(seeds):
                check_no_leak(given(which, number), sets[which][1])
        with check.criterion(0.2, "about a quarter held out, every class on both sides"):
            for which, number in enumerate(seeds):
                check_no_leak(given(which, number), sets[which][1])
                check_shares(given(which, number), *sets[which])
        with check.criterion(0.2, "the seed decides"):
            check_no_leak(given(0, seeds[0]), sets[0][1])
            again = check.call(*(array.copy() for array in sets[0]), seeds[0])
            check_seed(given(0, seeds[0]), again, [given(0, number) for number in seeds[1:]], len(sets[0][0]))
    return check.verdict()


def hidden_scenes(seed: int) -> int:
    """Returns which compositions judge a head: the same for everybody, so that they are computed once.

    Other hidden inputs differ between submissions, because a submission's code gets to see its own. These it never sees: the
    head crosses as data, and predicts in the examiner.
    """
    return int(np.random.default_rng([int(seed), 2]).integers(2**31))


def asked_for(check: ExerciseCheck) -> float:
    """The share that this check asks for."""
    return THRESHOLD if check.hidden else VISIBLE_THRESHOLD


CLASSES_ANNOUNCED = 7
"""What ``train_head`` is told, of which six occur: a head for six is seen without a second training."""


def head_problem(rng: np.random.Generator, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Draws which columns of the features ``train_head`` is given, in which order, and the new number of each class."""
    return rng.permutation(length)[: length - 12], renumbered(rng, 6)


def train_head(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``train_head(features, labels, classes)``: a trained Keras model from features to probabilities.

    It is called once, because a training costs seconds, with features of the notebook's training scenes: some of the columns, in
    another order, and the classes numbered anew each time, so that no head fits that was trained beforehand. One class more is
    announced than occurs, so that a head for six shows. The model that comes back is judged on scenes of other
    cut-outs: those for validation, or, in the hidden test, compositions of the test cut-outs that nobody has seen.
    """
    check = ExerciseCheck("train_head", answer, seed=seed)
    with check:
        features, labels, _ = scene_features("train")
        unseen = (
            scene_features("test", hidden_scenes(seed), keep=False) if check.hidden else scene_features("validation")
        )
        columns, numbers = head_problem(check.rng, features.shape[1])
        head = once(lambda: rebuilt(check.call(features[:, columns], numbers[labels], CLASSES_ANNOUNCED)))
        with check.criterion(0.20, "from features to one number per class"):
            check_ends(head(), len(columns), CLASSES_ANNOUNCED)
        with check.criterion(0.20, "probabilities"):
            check_probabilities(probabilities_of(head(), unseen[0][:, columns]))
        with check.criterion(0.60, "right on unseen scenes"):
            predicted = probabilities_of(head(), unseen[0][:, columns]).reshape(len(unseen[0]), -1).argmax(axis=1)
            seen = probabilities_of(head(), features[:, columns]).reshape(len(features), -1).argmax(axis=1)
            share, truth = float(np.mean(seen == numbers[labels])), numbers[unseen[1]]
            check_right_often(predicted, truth, threshold=asked_for(check), seen=share, scenes="unseen scenes")
    return check.verdict()


def train_svm(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``train_svm(features, labels)``: a fitted scikit-learn object that predicts labels.

    Such an object cannot be rebuilt from data, so it predicts in the student's own process. It is therefore never shown
    a hidden scene: the features are those of known scenes, with their columns in another order and other labels each
    time, so that nothing learned beforehand fits.
    """
    check = ExerciseCheck("train_svm", answer, seed=seed)
    with check:
        features, labels, _ = scene_features("train")
        unseen, truth, _ = scene_features("test" if check.hidden else "validation")
        columns = check.rng.permutation(features.shape[1])
        names = check.rng.choice(np.arange(10, 100), size=6, replace=False)
        given = once(lambda: check.call(features[:, columns], names[labels]))
        with check.criterion(0.3, "a fitted object that predicts one of the labels for each row"):
            predictions_of(given(), unseen[:, columns], names)
        with check.criterion(0.7, "right on unseen scenes"):
            predicted = predictions_of(given(), unseen[:, columns], names)
            seen = float(np.mean(predictions_of(given(), features[:, columns], names) == names[labels]))
            check_right_often(predicted, names[truth], threshold=asked_for(check), seen=seen, scenes="unseen scenes")
    return check.verdict()


def accuracy_with_interval(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``accuracy_with_interval(probabilities, labels, groups, level)``: (accuracy, low, high)."""
    check = ExerciseCheck("accuracy_with_interval", answer, seed=seed)
    with check:
        probabilities, labels, groups = made_up_answers(check.rng)
        correct = probabilities.argmax(axis=1) == labels
        other = round(float(check.rng.uniform(0.5, 0.7)), 2)
        given = once(lambda level: check.call(probabilities.copy(), labels.copy(), groups.copy(), level))
        with check.criterion(0.3, "accuracy"):
            check_accuracy(given(0.90), probabilities, labels, groups)
        with check.criterion(0.5, "an interval that resamples cut-outs"):
            check_interval(given(0.90), correct, groups, 0.90)
        with check.criterion(0.2, "another level"):
            check_interval(given(other), correct, groups, other)
    return check.verdict()
