"""Lab 5, "Bug museum": two checks per exhibit, one for the diagnosis and one for the repair.

A diagnosis is a function that measures; it is tried on the sick and on the sound. A repair is tried on small models and
fresh arrays, and judged by what it does to them. Every expected result is computed here. The exhibits about training,
from the fifth on, are in ``lab5_training`` and ``lab5_layers``.
"""

from __future__ import annotations

import numpy as np

from course_utils.checks.common.inputs import made_up_classifier
from course_utils.checks.common.models import as_model, check_features, known_shape, output_of, predict, received
from course_utils.checks.core.exercise_check import ExerciseCheck, Incorrect, as_array, describe, finite, in_short, once
from course_utils.checks.core.verdict import Verdict
from course_utils.checks.lab5 import findings, inputs

# --- exhibit 1: preparation -------------------------------------------------------------------------------------------


def feeding_mistake(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``feeding_mistake(pixels, batch, name)``: the word for what was done to pixels on their way into a base."""
    check = ExerciseCheck("feeding_mistake", answer, seed=seed)
    others = ["mobilenet_v2", "efficientnet_lite0", "densenet121"]
    with check:

        def check_name(name: str) -> None:
            for how in check.rng.permutation(inputs.FEEDINGS):
                pixels = inputs.pixels(check.rng, 3)
                given = check.call(pixels.copy(), inputs.fed(str(how), name, pixels), name)
                if given not in inputs.FEEDINGS:
                    shown = repr(given[:60]) if isinstance(given, str) else describe(given)
                    raise Incorrect(f"You return {shown};", f"expected one of {', '.join(map(repr, inputs.FEEDINGS))}.")
                if given != how:
                    raise Incorrect(
                        f"For {name} you take a batch that is {str(how)!r} for {given!r}.",
                        "Make each of the five batches yourself and see which one yours is.",
                    )

        with check.criterion(0.4, "vgg16"):
            check_name("vgg16")
        with check.criterion(0.6, "other bases"):
            for name in check.rng.choice(others, size=2, replace=False):
                check_name(str(name))
    return check.verdict()


def vgg16_features(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``vgg16_features(base, images)``: what VGG16, fed as it was trained, makes of images."""
    from course_utils.models.loading import load_base

    check = ExerciseCheck("vgg16_features", answer, seed=seed)
    cut = "block2_pool" if check.hidden else "block1_pool"
    with check:
        side = int(check.rng.choice([32, 40, 48]))
        base = load_base("vgg16", input_shape=(side, side, 3), cut=cut, pooling="avg")
        pixels = inputs.pixels(check.rng, 5, side=side)
        expected = predict(base, inputs.fed("right", "vgg16", pixels))
        given = once(lambda: finite(as_array(check.call(base, pixels.copy()), "what you return"), "your features"))
        with check.criterion(0.2, "one row per image"):
            if given().shape != expected.shape:
                raise Incorrect(f"For 5 images you return the shape {given().shape};", f"expected {expected.shape}.")
        with check.criterion(0.8, "the right numbers"):
            if given().shape != expected.shape or not _close(given(), expected):
                raise Incorrect(
                    f"Your first features are {in_short(given().ravel()[:4])};",
                    f"expected {in_short(expected[0, :4])}.",
                    _how_fed(base, pixels, given()),
                )
    return check.verdict()


def _how_fed(base, pixels: np.ndarray, given: np.ndarray) -> str:
    for how in inputs.FEEDINGS[1:]:
        other = predict(base, inputs.fed(how, "vgg16", pixels))
        if given.shape == other.shape and _close(given, other):
            return f"That is what comes out when the images are {how}."
    return "preprocess takes the pixels as they are, from 0 to 255."


def _close(given: np.ndarray, expected: np.ndarray) -> bool:
    return np.allclose(given, expected, rtol=1e-3, atol=1e-3 * float(np.abs(expected).max()))


# --- exhibit 2: surgery -----------------------------------------------------------------------------------------------


def stands_on_probabilities(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``stands_on_probabilities(model, batch)``: does the last layer receive another head's probabilities?"""
    check = ExerciseCheck("stands_on_probabilities", answer, seed=seed)
    words = {
        "probabilities": "whose new head stands on the old one",
        "dropped": "whose new head stands on the old one, with a Dropout between them",
        "vector": "whose new head stands on the vector",
        "gates": "whose last layer receives numbers from 0 to 1 that are no probabilities",
        "centred": "whose last layer receives numbers of either sign",
    }
    with check:
        kinds = [str(kind) for kind in check.rng.permutation([*words, "probabilities", "vector"])]

        def ask(kind: str) -> bool:
            model = inputs.on_top_of(made_up_classifier(check.rng), kind, int(check.rng.integers(3, 9)))
            batch = check.rng.normal(size=(6, *model.input_shape[1:])).astype(np.float32)
            return findings.read_answer(check.call(model, batch))

        answers = once(lambda: [ask(kind) for kind in kinds])
        sick = [kind in ("probabilities", "dropped") for kind in kinds]
        for which, title in ((True, "sick models"), (False, "sound models")):
            with check.criterion(0.5, title):
                findings.check_answers(answers(), sick, [words[kind] for kind in kinds], only=which)
    return check.verdict()


def swap_head(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``swap_head(classifier, classes)``: the classifier with a new Dense in place of its last layer."""
    advice = {"unique": "Two layers have the same name: give the new Dense one of its own, name=…."}
    check = ExerciseCheck("swap_head", answer, seed=seed, advice=advice)
    with check:
        classifier = made_up_classifier(check.rng)
        classes = classifier.output_shape[1] + int(check.rng.integers(1, 5))
        batch = check.rng.normal(size=(4, *classifier.input_shape[1:])).astype(np.float32)
        vectors, given = received(classifier, batch), once(lambda: check.call(classifier, classes))

        def check_shape() -> None:
            shape = known_shape(as_model(given()), "output", (None, classes), "the classifier")
            if shape != (None, classes):
                raise Incorrect(f"Your model's output has shape {shape};", f"expected {(None, classes)}.")

        with check.criterion(0.3, "one probability per new class"):
            check_shape()
            answers = output_of(given(), batch)
            if answers.min() < 0 or np.abs(answers.sum(axis=1) - 1).max() > 1e-3:
                raise Incorrect(
                    f"Your model's answers add up to {in_short(answers.sum(axis=1)[:3])};",
                    "expected 1 for every image.",
                    "Is the new layer's activation a softmax?",
                )
        with check.criterion(0.7, "the new head receives the vector"):
            last = findings.received_by_last(as_model(given()), batch)
            if last.shape[-1] == classifier.output_shape[1] and last.shape != vectors.shape:
                raise Incorrect(
                    f"Your last layer receives {last.shape[-1]} numbers, and their sums are {in_short(last.sum(axis=1)[:3])};",
                    f"expected the {vectors.shape[1]} numbers that the old last layer received.",
                    "The old head is still in its place.",
                )
            check_shape()  # the classifier's own last layer receives the vector too
            check_features(findings.without_last(given()), batch, vectors)
    return check.verdict()


# --- exhibit 3: metrics -----------------------------------------------------------------------------------------------


def blind_score(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``blind_score(one_hot)``: what an element-wise comparison gives to a model that never says yes."""
    check = ExerciseCheck("blind_score", answer, seed=seed)
    with check, check.criterion(1.0, "the score of a model that never says yes"):
        for classes in check.rng.choice(np.arange(3, 150), size=3, replace=False):
            truth = inputs.one_hot(check.rng, int(check.rng.integers(20, 60)), int(classes))
            given = findings.read_number(check.call(truth.copy()), "the score")
            expected = float(np.mean(truth == 0))
            if abs(given - expected) > 1e-6:
                raise Incorrect(
                    f"With {classes} classes you give {given:.6g};",
                    f"expected {expected:.6g}.",
                    "Compare an array of zeros with one_hot, entry by entry, and take the mean.",
                )
    return check.verdict()


def share_right(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``share_right(probabilities, one_hot)``: the share of images whose largest probability is at the right class."""
    check = ExerciseCheck("share_right", answer, seed=seed)
    with check:
        for sure, title in ((True, "a model that is sure"), (False, "a model that never passes one half")):
            with check.criterion(0.5, title):
                classes = int(check.rng.integers(5, 30))
                truth = inputs.one_hot(check.rng, int(check.rng.integers(40, 90)), classes)
                answers = inputs.probabilities(check.rng, truth, right=float(check.rng.uniform(0.3, 0.7)), sure=sure)
                given = findings.read_number(check.call(answers.copy(), truth.copy()), "the share")
                hits = answers.argmax(axis=1) == truth.argmax(axis=1)
                if abs(given - hits.mean()) > 1e-6:
                    elementwise = float(np.mean(answers.round() == truth))
                    look = "That is the share of entries." if abs(given - elementwise) < 1e-6 else ""
                    raise Incorrect(
                        f"{hits.sum()} of {len(hits)} images are answered rightly, and you give {given:.6g};",
                        f"expected {hits.mean():.6g}.",
                        look or "One image counts once: is its largest probability at the right class?",
                    )
    return check.verdict()


# --- exhibit 4: splits ------------------------------------------------------------------------------------------------


def leaks(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``leaks(train, test, groups)``: images on both sides, and test images whose object is in training."""
    check = ExerciseCheck("leaks", answer, seed=seed)
    with check:
        groups = inputs.objects(check.rng, 12)
        # Two objects are in no training part, so that even a split that leaks has test images that do not.
        apart = np.isin(groups, check.rng.choice(np.unique(groups), size=2, replace=False))
        order, alone = check.rng.permutation(np.flatnonzero(~apart)), np.flatnonzero(apart)
        cut = len(order) // 3
        mixed = check.rng.permutation(np.concatenate([alone, order[:cut]]))
        sides = {
            "a split that shares images": (order[cut // 2 :], mixed),
            "a split that shares objects only": (order[cut:], mixed),
            "an honest split": (
                np.flatnonzero(~np.isin(groups, np.unique(groups)[:4])),
                np.flatnonzero(np.isin(groups, np.unique(groups)[:4])),
            ),
        }

        @once
        def counted(title: str) -> list[float]:
            given = check.call(*(part.copy() for part in (*sides[title], groups)))
            if not isinstance(given, list | tuple | np.ndarray) or len(given) != 2:
                raise Incorrect(f"You return {describe(given)};", "expected two numbers.")
            return [findings.read_number(number, "a count") for number in given]

        for title, (train, test) in sides.items():
            with check.criterion(0.4 if "shares" in title else 0.2, title):
                pair = counted(title)
                if all(counted(other) == pair for other in sides):
                    raise Incorrect(
                        f"You count {pair[0]:g} and {pair[1]:g} in every split;", "expected numbers that depend on it."
                    )
                expected = [int(np.isin(test, train).sum()), int(np.isin(groups[test], groups[train]).sum())]
                if pair != expected:
                    raise Incorrect(
                        f"You count {pair[0]:g} and {pair[1]:g};",
                        f"expected {expected[0]} images that are on both sides, and {expected[1]} test images "
                        "whose object is in training too.",
                    )
    return check.verdict()


def honest_split(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``honest_split(groups, share, seed)``: positions for training and for testing that share no object."""
    check = ExerciseCheck("honest_split", answer, seed=seed)
    with check:
        groups, share = inputs.objects(check.rng, 40), float(check.rng.choice([0.2, 0.25, 0.3]))
        first = int(check.rng.integers(1000))

        @once
        def given(number: int) -> tuple[np.ndarray, np.ndarray]:
            return findings.read_split(check.call(groups.copy(), share, number), len(groups))

        def check_objects() -> None:
            train, test = given(first)
            shared = np.intersect1d(groups[train], groups[test])
            if len(shared) or not len(train) or not len(test):
                raise Incorrect(
                    f"{len(shared)} of {len(np.unique(groups))} objects are on both sides "
                    f"({len(train)} images to train, {len(test)} to test);",
                    "expected none, and images on either side.",
                    "Choose among the objects, np.unique(groups), not among the images.",
                )

        with check.criterion(0.25, "every image is on one side"):
            train, test = given(first)
            both, total = len(np.intersect1d(train, test)), len(np.union1d(train, test))
            if both or total != len(groups):
                raise Incorrect(
                    f"{both} images are on both sides, and {len(groups) - total} of {len(groups)} on neither;",
                    "expected none.",
                    "Shuffle once, then cut.",
                )
        with check.criterion(0.35, "no object is on both sides"):
            check_objects()
        with check.criterion(0.2, "about the share that was asked for"):
            check_objects()  # neither a share nor a seed makes up for it
            found = len(given(first)[1]) / len(groups)
            if abs(found - share) > 0.1:
                raise Incorrect(f"You test on {found:.0%} of the images;", f"expected about {share:.0%}.")
        with check.criterion(0.2, "the seed decides"):
            check_objects()
            tests = [given(first + more)[1] for more in range(4)]
            again = findings.read_split(check.call(groups.copy(), share, first), len(groups))[1]
            if not np.array_equal(tests[0], again):
                raise Incorrect(
                    "Called twice with one seed, your function splits in two ways;", "expected the same split."
                )
            if all(np.array_equal(tests[0], other) for other in tests[1:]):
                raise Incorrect("Four seeds give the same split;", "expected another one for another seed.")
    return check.verdict()
