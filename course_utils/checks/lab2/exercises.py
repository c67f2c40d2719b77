"""Lab 2, "Extract once, train many": one check per exercise, the same for students, hidden tests and self-study.

Nothing that a notebook reports is believed: features are computed here, heads are trained by calling the student's
function on them and evaluated on scenes that the function never sees.
"""

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, check_shape, exercise, in_short, once
from course_utils.checks.common import intervals, models
from course_utils.checks.common.inputs import photograph, renumbered
from course_utils.checks.common.splits import check_split, labels_and_groups
from course_utils.checks.lab2 import extractors, heads
from course_utils.checks.lab2.heads import scene_features

CUTS = (
    ("block2_pool", "block3_pool", "block4_pool", extractors.CUT),
    ("block3_conv2", "block3_conv3", "block4_conv2", "block4_conv3", "block5_conv1", "block5_conv2"),
)
"""Layers that may be asked for: one of each kind is, since a rule may hold for either alone."""


def sizes_and_cuts(rng: np.random.Generator) -> list[tuple[int, str]]:
    """What is asked for: two sizes in pixels, each with the layer to cut at."""
    asked: list[tuple[int, str]] = []
    for cut in rng.permutation([rng.choice(kind) for kind in CUTS]):
        pools = int(cut[5]) - ("conv" in cut)
        # Maps of an odd side above 1: only there does the average of some means differ from the mean.
        sizes = [side for side in range(48, 128, 4) if side // 2**pools % 2 and side >= 3 * 2**pools]
        asked.append((int(rng.choice([side for side in sizes if side not in dict(asked)])), str(cut)))
    return asked


@exercise
def build_extractor(check: ExerciseCheck) -> None:
    """Checks ``build_extractor(size, cut)``: VGG16 up to the layer ``cut``, its map averaged into one vector."""
    asked = sizes_and_cuts(check.rng)
    photos = [photograph(check.rng, side=size) for size, _ in asked]
    given = once(lambda one: extractors.read_extractor(check.call(*asked[one]), photos[one], asked[one][1]))
    for title, part in {
        "input": lambda one: extractors.check_input(given(one), asked[one][0]),
        "cut": lambda one: given(one).check_cut(asked[one][1]),
        "average": lambda one: given(one).check_pooling("avg"),
        "pretrained weights": lambda one: given(one).check_pretrained(),
    }.items():
        with check.criterion(0.25, title):
            part(0), part(1)


@exercise
def extract_features(check: ExerciseCheck) -> None:
    """Checks ``extract_features(extractor, images)``: images as they come → one row of features each.

    Each demand has a small extractor of its own, which mistakes about the others make no difference to.
    """
    rng, number = check.rng, int(check.rng.integers(66, 90))

    def images(side: int, brightness: np.ndarray) -> np.ndarray:
        photos = np.stack([photograph(rng, side=side) for _ in range(12)])[rng.integers(12, size=number)]
        return (photos * brightness[:, None, None, None]).astype(np.uint8)

    plain, side = extractors.made_up_extractor(rng)
    mixed = images(side, rng.uniform(0.3, 1, size=number))
    given = once(lambda: check.call(models.copy_of(plain), mixed.copy()))
    with check.criterion(0.20, "shape"):
        extractors.read_rows(given(), number, plain.output_shape[1])
        extractors.read_rows(check.call(models.copy_of(plain), mixed[:1].copy()), 1, plain.output_shape[1])
    with check.criterion(0.15, "order"):
        steady, side = extractors.made_up_extractor(rng, steady=True)
        brightness = rng.permutation(np.linspace(20, 250, number))
        flat = np.broadcast_to(brightness.astype(np.uint8)[:, None, None, None], (number, side, side, 3)).copy()
        sums = extractors.some_rows(check.call(steady, flat), number).sum(axis=1)
        if len(sums) < 2 or not (np.argsort(sums) == np.argsort(brightness[: len(sums)])).all():
            raise Incorrect(
                "The rows come in another order than the images;", "expected a row for each, in their order."
            )
    with check.criterion(0.40, "preprocessing"):
        extractors.check_preprocessed(plain, mixed, extractors.some_rows(given(), number))
    with check.criterion(0.25, "prediction mode"):
        dropping, side = extractors.made_up_extractor(rng, dropout=True)
        same = np.repeat(photograph(rng, side=side)[None], number, axis=0)
        rows = extractors.some_rows(check.call(dropping, same), number)
        if np.ptp(rows, axis=0).max() > 1e-3 * max(1.0, float(np.abs(rows).max())):
            raise Incorrect(
                f"One image, given twice, has the rows {in_short(rows[0, :4])} and {in_short(rows[1, :4])};",
                "expected the same row.",
                "Dropout must act as in prediction: extractor.predict, or training=False.",
            )


@exercise
def split_by_object(check: ExerciseCheck) -> None:
    """Checks ``split_by_object(labels, groups, seed)``: (positions to train on, positions held out), without a leak."""
    sets = [labels_and_groups(check.rng) for _ in range(3)]
    check_split(check, sets)


def hidden_scenes(seed: int) -> int:
    """Returns which compositions evaluate a head: the same for everybody, so that they are computed once.

    Other hidden inputs differ between submissions, because a submission's code gets to see its own. These it never sees: the
    head crosses as data, and predicts in the examiner.
    """
    return int(np.random.default_rng([int(seed), 2]).integers(2**31))


def head_problem(rng: np.random.Generator, length: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Draws which columns of the features ``train_head`` is given, in which order, and the new number of each class.

    And how many classes are announced: more than the six that occur, so that a head for six is seen without a second training.
    """
    return rng.permutation(length)[: length - 12], renumbered(rng, 6), int(rng.integers(7, 10))


@exercise
def train_head(check: ExerciseCheck) -> None:
    """Checks ``train_head(features, labels, classes)``: a trained Keras model from features to probabilities.

    It is called once, because a training costs seconds, with features of the notebook's training scenes: some of the columns, in
    another order, and the classes numbered anew each time, so that no head fits that was trained before. The model is evaluated on
    scenes of other objects: those for validation, or, in the hidden test, compositions of the test objects that nobody has seen.
    """
    features, labels, _ = scene_features("train")
    seed = hidden_scenes(check.seed) if check.hidden else 0
    unseen, truth, _ = scene_features("test", seed, keep=False) if check.hidden else scene_features("validation")
    columns, numbers, classes = head_problem(check.rng, features.shape[1])
    known = features[:, columns]
    head = once(lambda: models.rebuilt(check.call(known, numbers[labels], classes)))

    def scores(rows: np.ndarray) -> np.ndarray:
        """What the head gives, whatever axes it wants features with: (N, numbers)."""
        takes = head().input_shape[1:]
        fits = None not in takes and np.prod(takes) == rows.shape[1]
        return models.output_of(head(), rows.reshape(len(rows), *takes) if fits else rows).reshape(len(rows), -1)

    outside = once(lambda: heads.scaled_outside(scores, known, numbers[labels]))
    with check.criterion(0.10, "input"):
        takes = head().input_shape
        look = "The number of features is features.shape[1]." if len(takes) == 2 else "It gets features, not images."
        check_shape(takes, (None, len(columns)), f"For {len(columns)} features per image your model takes", look)
    with check.criterion(0.10, "classes"):
        look = "The argument classes says how many there are."
        if (gives := head().output_shape) == (None, 1):
            look = "One number can tell two classes apart; for more, give one number per class and a softmax over them."
        check_shape(gives, (None, classes), f"For {classes} classes your model gives", look)
    with check.criterion(0.15, "probabilities"):
        models.check_probabilities(scores(unseen[:, columns]))
    with check.criterion(0.20, "scaling inside"):
        heads.check_scaled_inside(outside())
    with check.criterion(0.45, "accuracy"):
        shown = (unseen[:, columns], numbers[truth]), (known, numbers[labels])
        heads.check_right_often(check, lambda rows: scores(rows).argmax(axis=1), outside(), *shown)


@exercise
def train_svm(check: ExerciseCheck) -> None:
    """Checks ``train_svm(features, labels)``: a fitted scikit-learn object that predicts labels.

    Such an object cannot be rebuilt from data, so it predicts in the student's own process and is never shown a hidden scene. The
    features are those of known scenes, with columns in another order and other labels each time: nothing learned before fits.
    """
    features, labels, _ = scene_features("train")
    unseen, truth, _ = scene_features("test" if check.hidden else "validation")
    columns = check.rng.permutation(features.shape[1])
    names = check.rng.choice(np.arange(10, 100), size=6, replace=False)
    known = features[:, columns]
    given = once(lambda: check.call(known, names[labels]))
    predicted = once(lambda: heads.predictions_of(given(), unseen[:, columns]))

    def one_hot(rows: np.ndarray) -> np.ndarray:
        return (heads.predictions_of(given(), rows)[:, None] == names).astype(float)

    outside = once(lambda: heads.scaled_outside(one_hot, known, labels))
    with check.criterion(0.20, "labels"):
        strange = predicted()[~np.isin(predicted(), names)]
        if len(strange):
            raise Incorrect(
                f"It predicts, for example, {strange[0]:.4g}, which is none of the labels it was given;",
                f"expected labels such as {', '.join(map(str, np.unique(names)[:3]))}.",
                "Is it a classifier, fitted on the labels as they came?",
            )
    with check.criterion(0.20, "support vectors"):
        heads.check_machine(given(), np.unique(names), unseen[:, columns], predicted())
    with check.criterion(0.20, "scaling inside"):
        heads.check_scaled_inside(outside())
    with check.criterion(0.40, "accuracy"):
        shown = (unseen[:, columns], names[truth]), (known, names[labels])
        heads.check_right_often(check, lambda rows: heads.predictions_of(given(), rows), outside(), *shown)


@exercise
def accuracy_with_interval(check: ExerciseCheck) -> None:
    """Checks ``accuracy_with_interval(probabilities, labels, groups, level)``: (accuracy, low, high)."""
    made_up = intervals.made_up_answers(check.rng)
    probabilities, labels, groups = made_up
    correct = probabilities.argmax(axis=1) == labels
    other = round(float(check.rng.uniform(0.5, 0.7)), 2)
    given = once(lambda level: check.call(probabilities.copy(), labels.copy(), groups.copy(), level))
    read = once(lambda level: intervals.read_shares(given(level), "accuracy", "lower end", "upper end", percent=True))
    with check.criterion(0.1, "three shares"):
        intervals.read_shares(given(0.90), "accuracy", "lower end", "upper end")
    with check.criterion(0.3, "accuracy"):
        intervals.check_accuracy(read(0.90)[0], *made_up)
    with check.criterion(0.4, "whole objects"):
        intervals.check_interval(*read(0.90)[1:], correct, groups, 0.90)
    with check.criterion(0.2, "level"):
        intervals.check_level(read(0.90)[1:], read(other)[1:], correct, groups, other)
