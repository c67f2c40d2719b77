"""Whether a head trained on features gives probabilities and is right often enough, and the features it is evaluated on."""

import contextlib
import io
from collections.abc import Callable

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, as_array, check_shape, describe, explain
from course_utils.checks.common.inputs import check_classes_met
from course_utils.checks.core.seeds import private_objects
from course_utils.checks.lab2.extractors import BASE, CUT
from course_utils.data import load_scenes
from course_utils.features.extraction import extract
from course_utils.models import load_base

SIZE = 96
"""Height and width of the scenes, in pixels."""
SCENES_PER_OBJECT = 3
"""Scenes of each object. More of them cost time, a pass of VGG16 each, and say little more: the objects stay the same."""

VISIBLE_THRESHOLD, THRESHOLD = 0.50, 0.45
"""Share of unseen scenes that a head has to classify correctly, in the visible and in the hidden check: what passed at home
should pass there, on other objects. benchmarks/calibrate_lab2.py says how often a right one fails, and how near to them a wrong one comes."""

MOST_CLASSES = 4
"""Of the six classes, how many a right answer predicts correctly at least once: an answer that knows the two largest is right on half of
the scenes, since these are half of all."""

KNOWN: dict[tuple, tuple] = {}
"""Features that have been computed in this process, or were given to it, by how they are asked for."""


def scene_features(split: str, seed: int = 0, per_object: int = SCENES_PER_OBJECT, *, keep: bool = True):
    """VGG16's pooled features of scenes, computed here and not by a student's functions.

    ``split`` is ``"train"``, ``"validation"`` or ``"test"``; ``seed`` says which compositions, 0 the notebook's; ``per_object``
    how many scenes of each object. ``keep`` uses the store on disk: never for hidden scenes, which an instructor's own objects
    join, since a student's notebook may be able to read the store.

    Returns ``(features, labels, groups)``: float32 (N, 512), int64 (N,), int64 (N,). They are shared: do not change them.
    """
    asked = (split, seed, per_object, keep)
    if asked not in KNOWN:
        KNOWN[asked] = _computed(*asked)
    return KNOWN[asked]


def _computed(split: str, seed: int, per_object: int, keep: bool) -> tuple:
    scenes = load_scenes(split, size=SIZE, seed=seed, per_object=per_object, extra=None if keep else private_objects())
    extractor = load_base(BASE, input_shape=(SIZE, SIZE, 3), cut=CUT, pooling="avg")
    with contextlib.redirect_stdout(io.StringIO()):  # where the store is read-only, a line would say so
        features = extract(extractor, scenes.images, preprocess=BASE, store=None if keep else False, progress=False)
    for array in (features, scenes.labels, scenes.groups):
        array.flags.writeable = False
    return features, scenes.labels, scenes.groups


def check_right_often(check: ExerciseCheck, predict: Callable, scaler: object, unseen: tuple, known: tuple) -> None:
    """Complains unless ``predict`` gives enough unseen scenes their class.

    ``unseen``, and ``known``, the training scenes, for the message, are (features, labels). A ``scaler`` that is missing
    scales them first, so that this mistake is not found a second time.
    """
    predicted, labels = predict(scaler.transform(unseen[0]) if scaler else unseen[0]), unseen[1]
    seen = predict(scaler.transform(known[0]) if scaler else known[0]) == known[1]
    share, threshold = float(np.mean(predicted == labels)), THRESHOLD if check.hidden else VISIBLE_THRESHOLD
    if share >= threshold:
        check_classes_met(predicted, labels, MOST_CLASSES)
        return
    majority = np.unique(labels, return_counts=True)[1].max() / len(labels)
    look = "It overfits the scenes it was trained on: a smaller head, fewer epochs or dropout may help."
    if seen.mean() < threshold:
        look = (
            "It has not learned the scenes it was trained on either: is it fitted, for long enough, with a learning rate "
            "that is neither tiny nor huge, and is whatever scales the features part of what you return? The check numbers the "
            "classes and orders the columns again, so only the features and labels that your function is given fit."
        )
    raise Incorrect(
        f"Of {len(labels)} unseen scenes {share:.0%} are classified correctly, and of those it was trained on {seen.mean():.0%};",
        f"expected at least {threshold:.0%} of the unseen ones. The majority-class baseline has {majority:.0%}."
        + (" Yours always gives the same answer." if len(np.unique(predicted)) == 1 else ""),
        look,
    )


def scaled_outside(scores: Callable, features: np.ndarray, truth: np.ndarray):
    """The scaler whose work a model expects to be done outside of it, fitted; None where it takes the features as they come.

    Such a model has learned the rows that it was trained on, and shows it only where these are scaled. ``scores`` gives its
    (N, classes) for rows: probabilities, or 1 for the predicted class. ``features`` are what it was trained on, as they
    came, and ``truth`` is the class of each row, as a column of the scores.
    """
    from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, Normalizer, StandardScaler

    def look(rows: np.ndarray) -> tuple[float, float]:
        given = scores(rows.astype(np.float32)).reshape(len(rows), -1)
        given = np.pad(given, ((0, 0), (0, max(0, int(truth.max()) + 1 - given.shape[1]))))  # a head of too few classes
        own = np.clip(given[np.arange(len(rows)), truth], 1e-3, None)
        return float(np.mean(given.argmax(axis=1) != truth)), float(-np.log(own).mean())

    bare = look(features)[1]
    for scaler in (StandardScaler(), MinMaxScaler(), MaxAbsScaler(), Normalizer()):
        wrong, loss = look(scaler.fit_transform(features))
        if wrong < 0.25 and loss < 0.7 * bare - 0.02:
            return scaler
    return None


def check_scaled_inside(scaler: object) -> None:
    """Complains about a scaler that ``scaled_outside`` found."""
    if scaler is not None:
        raise Incorrect(
            "Your model is right about the images that it was trained on where their features are scaled first, as by a "
            f"{type(scaler).__name__}, and far less as they come;",
            "expected a model for features as they come.",
            "Whatever scales them must be part of what you return: whoever uses it has nothing else.",
        )


def predictions_of(fitted: object, features: np.ndarray) -> np.ndarray:
    """What a fitted scikit-learn object predicts for features, one number for each row."""
    predict = getattr(fitted, "predict", None)
    if not callable(predict):
        array = getattr(fitted, "shape", None) is not None
        look = "Return the fitted object itself, not what it predicts." if array else ""
        raise Incorrect(f"You return {describe(fitted)};", "expected a fitted object with a method predict.", look)
    try:
        answer = predict(features)
    except Exception as error:
        raise Incorrect(
            f"Its predict raised {explain(error)} for features of shape {features.shape}.",
            "Has it been fitted? Call fit before you return it.",
        ) from None
    predicted = as_array(answer, "what it predicts")
    check_shape(predicted, (len(features),), f"For {len(features)} rows of features it predicts an array of shape")
    return predicted


MACHINES = ("LinearSVC", "NuSVC", "SVC", "SGDClassifier")
"""scikit-learn's support vector machines; the last is one with its default loss, the hinge."""


def check_machine(given: object, labels: np.ndarray, features: np.ndarray, predicted: np.ndarray) -> None:
    """Complains unless a fitted object is a support vector machine, by itself or inside a pipeline, a search or both.

    What it has ``predicted`` for features must follow from its own decision function, one column for each of the ``labels``.
    """
    fitted = given
    for _ in range(5):
        kind = getattr(fitted, "_type", type(fitted).__name__)
        if kind in MACHINES:
            break
        steps = getattr(fitted, "steps", None)
        inner = getattr(fitted, "estimator" if kind.startswith("OneVs") else "best_estimator_", None)
        fitted = steps[-1][1] if isinstance(steps, list | tuple) and steps else inner or fitted
    if kind not in MACHINES or (kind == "SGDClassifier" and fitted.loss not in ("hinge", "squared_hinge")):
        raise Incorrect(f"What predicts is of the class {kind};", f"expected one of {', '.join(MACHINES)}.")
    scores = as_array(given.decision_function(features), "its decision function")
    known = np.isin(predicted, labels).all() and scores.shape == (len(features), len(labels))
    if known and np.mean(labels[scores.argmax(axis=1)] == predicted) < 0.9:  # votes of pairs may differ now and then
        raise Incorrect(
            "What it predicts does not follow from its decision_function;", "expected the machine to predict."
        )
