"""Whether the most probable classes of an image are named, and with the right probabilities."""

import contextlib

import numpy as np

from course_utils.checks import Incorrect, as_number, describe, few, in_short
from course_utils.checks.common.models import predict
from course_utils.checks.common.preprocessing import wrongly_preprocessed
from course_utils.models import preprocess

CLASSIFIER = "efficientnet_lite0"
"""The base that can be had with its 1000-class top."""

LEAST_LIKELY = "These are the five least likely; np.argsort sorts upwards, so the five most probable are at its end."


def steady_classifier(rng: np.random.Generator, names: tuple[str, ...], *, count: int | None = None):
    """A model from (N, 224, 224, 3) that gives one answer to every image; its probabilities; its classes' names.

    How many classes it has, unless ``count`` says it, and which, is drawn at random.
    """
    import keras

    count = count or int(rng.integers(20, 400))
    logits = rng.uniform(-2, 0, size=count)
    best = rng.permutation(count)[:7]
    logits[best] = 5 - 0.5 * np.arange(7) + rng.uniform(0, 0.2, size=7)
    images = keras.Input((224, 224, 3), name="steady_images")
    pooled = keras.layers.GlobalAveragePooling2D(name="steady_pool")(images)
    top = keras.layers.Dense(count, activation="softmax", kernel_initializer="zeros", name="steady_answers")
    model = keras.Model(images, top(pooled), name="steady_classifier")
    top.bias.assign(logits)
    truth = np.exp(logits) / np.exp(logits).sum()
    return model, truth, tuple(str(name) for name in rng.permutation(names)[:count])


def read_pairs(value: object) -> list[tuple[str, float]]:
    """Reads (name, probability) pairs, however many, from lists, tuples, arrays or a dictionary."""
    if isinstance(value, dict):
        value = list(value.items())
    if not isinstance(value, list | tuple | np.ndarray) or not np.ndim(value) or not len(value):
        raise Incorrect(
            f"You return {describe(value)};",
            "expected a list of five (name, probability) pairs.",
            # A zip or a generator is gone once it has been looked at, and cannot be handed in.
            "list(zip(names, probabilities)) makes one.",
        )
    return [_read_pair(row) for row in value]


def _read_pair(row: object) -> tuple[str, float]:
    sequence = isinstance(row, list | tuple | np.ndarray)
    if not sequence or len(row) != 2 or not isinstance(row[0], str):
        printable = repr(row)[:120] if isinstance(row, str | int | float | list | tuple | np.generic) else describe(row)
        first = row[0] if sequence and len(row) else row
        numbered = isinstance(first, int | float | np.number)
        look = "class_names[index] turns a class's number into its name." if numbered else ""
        raise Incorrect(f"One of your entries is {printable};", 'expected a pair such as ("espresso", 0.9).', look)
    name, probability = row
    if isinstance(probability, str):  # one NumPy array of names and numbers holds the numbers as text
        with contextlib.suppress(ValueError):
            probability = float(probability)
    return str.__str__(name), as_number(probability, "a probability")


def check_names(given: list[tuple[str, float]], truth: np.ndarray, names: tuple[str, ...]) -> None:
    """Complains unless the five pairs with the largest numbers name the five most probable classes."""
    order = [names[index] for index in np.argsort(truth)]
    said = [name for name, _ in sorted(given, key=lambda pair: -pair[1])[:5]]
    if set(said) != set(order[-5:]):
        strange = [name for name in said if name not in names]
        look = "The names are those of class_names, in the order of the classifier's output." if strange else ""
        # Ten rather than five: rounding may change the order among numbers this small.
        look = LEAST_LIKELY if set(said) <= set(order[:10]) else look
        raise Incorrect(f"You name {few(said, most=5)};", f"expected {', '.join(order[:-6:-1])}.", look)


def check_probabilities(given: list[tuple[str, float]], truth: np.ndarray, names: tuple[str, ...]) -> None:
    """Complains unless the numbers are the five largest probabilities, each with its own class where that is named."""
    numbers, expected = [probability for _, probability in given][:5], np.sort(truth)[::-1][:5]
    if len(numbers) < len(expected) or np.abs(np.sort(numbers)[::-1] - expected).max() > 5e-3:
        look = "A probability is at most 1: are these percentages?" if max(numbers) > 1 else ""
        if np.allclose(np.sort(numbers), np.sort(truth)[: len(numbers)], rtol=0.1, atol=0):
            look = LEAST_LIKELY
        raise Incorrect(
            f"Your probabilities are {in_short(numbers)};",
            f"expected {in_short(expected)}.",
            look or "The classifier already ends in a softmax.",
        )
    best = {names[index]: truth[index] for index in np.argsort(truth)[-5:]}
    own = {name: number for name, number in given[:5] if name in best}
    if swapped := [name for name in own if abs(own[name] - best[name]) > 5e-3] if len(own) == len(best) else []:
        raise Incorrect(
            f"You give {swapped[0]!r} the probability {own[swapped[0]]:.3g};",
            f"expected {best[swapped[0]]:.3g}: each name with its own.",
        )


def check_preprocessed(given: list[tuple[str, float]], classifier, photo: np.ndarray) -> None:
    """Complains where a number is none of the probabilities of a photograph; recognises wrong preprocessing."""
    truth = predict(classifier, preprocess(CLASSIFIER, photo[None]))[0]
    numbers = np.array([number for _, number in given])
    numbers = numbers / 100 if numbers.max() > 1.5 else numbers
    if abs(numbers.sum() - 1) < 1e-3:  # a whole shared out among the five is another criterion's matter
        numbers = numbers * np.sort(truth)[-len(numbers) :].sum()
    if np.abs(numbers[:, None] - truth).min(axis=1).max() <= 5e-3:
        return
    wrong = {
        mistake: float(predict(classifier, batch).max())
        for mistake, batch in wrongly_preprocessed(CLASSIFIER, photo[None]).items()
    }
    mistake = next((words for words, best in wrong.items() if abs(best - numbers.max()) < 1e-3), "")
    raise Incorrect(
        f"{mistake}, as the probabilities show."
        if mistake
        else f"For a photograph the largest is {numbers.max():.3g};",
        f"With the preprocessing of {CLASSIFIER} the most probable class gets {truth.max():.3g}.",
    )
