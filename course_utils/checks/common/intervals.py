"""Whether an accuracy is right, and comes with a confidence interval that resamples whole objects."""

import numpy as np

from course_utils.checks import Incorrect, as_number, as_tuple
from course_utils.evaluate import accuracy_interval


def made_up_answers(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Answers of a model that does not exist: some objects it knows, some it does not.

    Returns:
        ``(probabilities, labels, groups)``: float64 (N, classes) whose largest number is often below one half, int64
        (N,), int64 (N,). Large groups are harder than small ones, so that means over groups are other numbers.
    """
    classes, objects = int(rng.integers(5, 9)), int(rng.integers(55, 75))
    sizes = rng.integers(2, 9, size=objects)
    groups = rng.permutation(np.repeat(np.arange(objects), sizes))
    far = False
    while not far:  # several times what check_accuracy and check_interval let pass
        ease = np.clip(rng.beta(0.6, 0.35, size=objects) - 0.09 * (sizes - 5), 0.02, 0.98)
        right = rng.random(len(groups)) < ease[groups]
        labels = rng.integers(classes, size=objects)[groups]
        means = (np.mean([right[of == one].mean() for one in np.unique(of)]) for of in (groups, labels))
        far = all(abs(right.mean() - mean) > least for mean, least in zip(means, (0.05, 0.01), strict=True))
    chosen = np.where(right, labels, (labels + rng.integers(1, classes, size=len(groups))) % classes)
    scores = rng.random((len(groups), classes))
    scores[np.arange(len(groups)), chosen] = scores.max(axis=1) + rng.uniform(0.05, 2.0, size=len(groups))
    names = rng.choice(10_000, size=objects, replace=False)
    return scores / scores.sum(axis=1, keepdims=True), labels.astype(np.int64), names[groups].astype(np.int64)


def read_shares(value: object, *names: str, percent: bool = False) -> list[float]:
    """Reads shares from 0 to 1, such as accuracy, lower end and upper end: as many as there are names for them.

    With ``percent`` percentages are taken for the shares that they stand for.
    """
    parts = as_tuple(value, len(names), f"{len(names)} numbers: {', '.join(names)}", arrays=True)
    numbers = [as_number(part, name) for part, name in zip(parts, names, strict=True)]
    if percent and max(numbers) > 1.001:
        return [number / 100 for number in numbers]
    if max(numbers) > 1.001:
        raise Incorrect(f"Your largest number is {max(numbers):.3g};", "expected shares from 0 to 1, not percentages.")
    return numbers


def check_accuracy(given: float, probabilities: np.ndarray, labels: np.ndarray, groups: np.ndarray) -> None:
    """Complains unless the accuracy is the share of images whose most probable class is the right one."""
    correct = probabilities.argmax(axis=1) == labels
    expected = float(correct.mean())
    if abs(given - expected) < 1e-3:
        return
    one_hot = np.eye(probabilities.shape[1])[labels]
    cells = "This compares number by number with one-hot labels, and most of those are zeros that nobody gets wrong."
    by_group = "This is the mean over {}; images should count alike, so {} with more images count more."
    mistakes = {
        float(((probabilities > 0.5) == (one_hot == 1)).mean()): cells,
        float((np.round(probabilities) == one_hot).all(axis=1).mean()): "The most probable class may stay below 0.5.",
    }
    for of, what in ((groups, "objects"), (labels, "classes")):
        mistakes[float(np.mean([correct[of == one].mean() for one in np.unique(of)]))] = by_group.format(what, what)
    look = next((sentence for number, sentence in mistakes.items() if abs(given - number) < 2e-3), "")
    raise Incorrect(
        f"For {len(labels)} images you give an accuracy of {given:.3f};",
        f"expected {expected:.3f}.",
        look or "The class a model predicts is the one with the largest probability, argmax over axis 1.",
    )


def check_interval(
    low: float, high: float, correct: np.ndarray, groups: np.ndarray, level: float, *, rounded: float = 0.0
) -> None:
    """Complains unless the ends are those of an interval that resamples whole objects.

    They may differ by about a third of a standard error, so that another random number or another formula for the same
    thing passes, and by what was ``rounded``.
    """
    if low > high:
        raise Incorrect(f"Your confidence interval goes from {low:.3f} to {high:.3f};", "expected the lower end first.")

    def interval(groups: np.ndarray, level: float):
        return accuracy_interval(correct, groups, level=level, resamples=4000, seed=1)

    expected, deviation = interval(groups, level), interval(groups, 0.6827)
    slack = 0.35 * (deviation.high - deviation.low) / 2 + rounded

    def same(other) -> bool:
        return abs(low - other.low) < slack and abs(high - other.high) < slack

    def off(other) -> float:
        return abs((high - low) - (other.high - other.low))

    # The ends alone do not tell one level from the next: a third of a standard error lies between 90 % and 95 %.
    above = interval(groups, (1 + level) / 2)
    if same(expected) and (off(expected) <= off(above) or rounded):
        return
    look = "For each draw take as many objects as there are, with replacement, and the accuracy over all their images."
    if same(interval(np.arange(len(correct)), level)):
        look = "This is the confidence interval for images that are independent. Draw objects, each with all its images, by the groups."
    elif off(above) < off(expected) and same(above):
        look = f"It is as wide as one at level {(1 + level) / 2:.3g}: each end leaves out {(1 - level) / 2:.0%} of the draws."
    elif high - low < slack:
        look = "Every draw gives the same: draw with replacement; some objects come twice and others not at all."
    raise Incorrect(
        f"At level {level:.2f} your confidence interval goes from {low:.3f} to {high:.3f};",
        f"expected about {expected.low:.3f} to {expected.high:.3f}.",
        look,
    )


def check_level(wide: list[float], narrow: list[float], correct: np.ndarray, groups: np.ndarray, level: float) -> None:
    """Complains unless an interval is as much narrower than the same at level 0.90 as ``level`` says.

    Whatever is resampled, the ratio of the widths is nearly the same: of a mistake in that nothing is said here.
    """
    ends = [accuracy_interval(correct, groups, level=one, resamples=4000, seed=1) for one in (level, 0.90)]
    expected = (ends[0].high - ends[0].low) / (ends[1].high - ends[1].low)
    width = wide[1] - wide[0]
    given = (narrow[1] - narrow[0]) / width if width else 0.0
    if abs(given / expected - 1) > 0.25:
        raise Incorrect(
            f"Your confidence interval at level {level:.2f} is {given:.2f} times as wide as that at level 0.90;",
            f"expected about {expected:.2f} times.",
            "The argument level says which one is asked for; half of what is outside is below, half above.",
        )
