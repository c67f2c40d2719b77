"""Lab 6's model card: its headings, and every number in it worked out again from the model and the images."""

import re

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, describe, exercise, once
from course_utils.checks.common.intervals import check_interval
from course_utils.checks.common.models import predict
from course_utils.checks.lab6.exercises import check_baseline
from course_utils.checks.lab6.stages import SIZE

HEADINGS = (
    "Model card", "Intended use", "Data", "Model", "Evaluation", "Known shortcuts", "Not for", "Licences"
)  # fmt: skip
LINES = {
    "Training:": "Training: 72 images of 18 objects.",
    "Held out:": "Held out: 24 images of 6 objects.",
    "Parameters:": "Parameters: 3,413,027",
    "Accuracy:": "Accuracy: 83.3 %",
    "90 % confidence interval:": "90 % confidence interval: 66.7 % to 100.0 %",
    "Majority-class baseline:": "Majority-class baseline: 33.3 %",
}
"""How a line with numbers begins → an example of it."""
ASKED = tuple(map(str.lower, LINES))
FEWEST_WORDS = 8
ROUNDED = 0.0051
"""A share may be written in whole per cent."""
NUMBER = re.compile(r"(?<![\w.])(\d[\d,]*(?:\.\d+)?)(?:\s*(%|per ?cent))?")


class Card:
    """A card's text, by its headings; the numbers are those after the beginning of a line."""

    def __init__(self, text: object) -> None:
        if not isinstance(text, str):
            raise Incorrect(f"You return {describe(text)};", "expected the text of the card.")
        self.sections: dict[str, list[str]] = {}
        self.headings, here = [], []
        for line in str.__str__(text).splitlines():
            plain = line.strip(" \t*_-").replace("\N{NO-BREAK SPACE}", " ")
            if line.lstrip().startswith("#") and (title := plain.lstrip("#").strip(" *_")) in HEADINGS:
                self.headings.append(title)
                here = self.sections.setdefault(title, [])
            else:
                here.append(plain.replace("**", ""))

    def numbers(self, begins: str, count: int) -> list[float]:
        """The numbers of the line that begins so; percentages as shares."""
        lines = [line for lines in self.sections.values() for line in lines if line.lower().startswith(begins.lower())]
        if len(lines) != 1:
            raise Incorrect(f"{len(lines)} lines of your card begin with {begins!r};", f"expected one: {LINES[begins]}")
        parts = NUMBER.findall(lines[0][len(begins) :])
        found = [float(digits.replace(",", "")) / (100 if sign else 1) for digits, sign in parts]
        if len(found) != count:
            raise Incorrect(f"Your line {lines[0]!r} holds {len(found)} numbers;", f"expected {count}: {LINES[begins]}")
        return found


@exercise
def model_card(check: ExerciseCheck, result: object = None) -> None:
    """Checks ``model_card(handed_in)``: the text of a card whose numbers are those of the model and the images it is given.

    It is called with a made-up model, and with what exercise 6 gave (``result``), where that is there.
    """
    handed_in = [_made_up(check.rng)]
    if isinstance(result, dict) and set(handed_in[0]) <= set(result):  # else exercise 6 says what is wrong
        handed_in.append(dict(result))
    card = once(lambda number: Card(check.call(dict(handed_in[number]))))
    facts = once(lambda number: _facts(handed_in[number]))
    cases = list(enumerate(["a made-up model", "your own model"][: len(handed_in)]))
    with check.criterion(0.1, "headings"):
        if tuple(card(0).headings) != HEADINGS:
            raise Incorrect(
                f"Your headings are {', '.join(card(0).headings) or 'none'};", f"expected {', '.join(HEADINGS)}."
            )
    with check.criterion(0.1, "words"):
        for title, lines in card(0).sections.items():
            words = " ".join(line for line in lines if not line.lower().startswith(ASKED)).split()
            if title != HEADINGS[0] and len(words) < FEWEST_WORDS:
                raise Incorrect(f"Under {title} you say {len(words)} words;", f"expected at least {FEWEST_WORDS}.")
    with check.criterion(0.15, "counts"):
        for number, what in cases:
            for begins, expected in zip(LINES, facts(number)["counts"], strict=False):
                if (given := card(number).numbers(begins, 2)) != expected:
                    raise Incorrect(
                        f"For {what} your card says {begins} {given[0]:g} and {given[1]:g};",
                        f"expected {expected[0]} and {expected[1]}, the images and the objects of that part.",
                    )
    with check.criterion(0.1, "parameters"):
        for number, what in cases:
            [given], expected = card(number).numbers("Parameters:", 1), facts(number)["parameters"]
            if given != expected:
                said = f"For {what} your card says {given:,.0f} parameters;"
                raise Incorrect(said, f"expected {expected:,}.", "model.count_params() counts them.")
    with check.criterion(0.15, "accuracy"):
        for number, what in cases:
            [given], expected = card(number).numbers("Accuracy:", 1), float(facts(number)["right"].mean())
            if abs(given - expected) > ROUNDED:
                raise Incorrect(f"For {what} your card says an accuracy of {given:.3f};", f"expected {expected:.3f}.")
    with check.criterion(0.15, "interval"):
        for number, _ in cases:
            low, high = card(number).numbers("90 % confidence interval:", 2)
            check_interval(low, high, facts(number)["right"], facts(number)["groups"], 0.90, rounded=ROUNDED)
    with check.criterion(0.15, "baseline"):
        for number, _ in cases:
            [given] = card(number).numbers("Majority-class baseline:", 1)
            check_baseline(given, facts(number)["labels"], facts(number)["training"], tolerance=ROUNDED)
    with check.criterion(0.1, "no other number"):
        for line in card(0).sections.get("Evaluation", []):
            if not line.lower().startswith(ASKED) and NUMBER.search(line):
                look = "A number that nothing computed again could be anything."
                raise Incorrect(
                    f"Under Evaluation stands {line[:80]!r};", "expected no number but those asked for.", look
                )


def _facts(handed_in: dict) -> dict:
    """What the numbers of a card should be: counted, and predicted again."""
    labels, groups = (np.asarray(handed_in[name]).astype(int) for name in ("labels", "groups"))
    train, held_out = (np.arange(len(labels))[np.asarray(handed_in[name])] for name in ("train", "held_out"))
    given = predict(handed_in["model"], np.asarray(handed_in["images"])[held_out], at_once=32)
    return {
        "counts": [[len(part), len(np.unique(groups[part]))] for part in (train, held_out)],
        "parameters": handed_in["model"].count_params(),
        "right": given.argmax(axis=1) == labels[held_out],
        "groups": groups[held_out],
        "labels": labels[held_out],
        "training": labels[train],
    }


def _made_up(rng: np.random.Generator) -> dict:
    """A result as exercise 6 hands it in: images of one shade each, and a model that tells some of the shades apart."""
    import keras

    classes, objects = int(rng.integers(2, 6)), int(rng.integers(50, 70))
    groups = np.repeat(rng.choice(10_000, size=objects, replace=False), rng.integers(1, 4, size=objects))
    names, of_object = np.unique(groups, return_inverse=True)
    labels = np.r_[np.arange(classes), rng.integers(classes, size=objects - classes)][of_object]
    shown = (rng.random(objects) < 0.7)[of_object]  # the others look like the next class
    shades = (255 * ((labels + ~shown) % classes + 0.5) / classes).astype(np.uint8)
    images = np.full((len(groups), SIZE, SIZE, 3), shades[:, None, None, None])
    held_out = np.isin(groups, rng.choice(names, size=objects // 3, replace=False))
    centres = (np.arange(classes) + 0.5) / classes
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((SIZE, SIZE, 3)),
            layers.Rescaling(1 / 255),
            layers.GlobalAveragePooling2D(),
            layers.Dense(classes, "softmax"),
        ]
    )
    model.layers[-1].set_weights([np.tile(20 * centres / 3, (3, 1)), -10 * centres**2])
    model.layers[-1].trainable = False  # frozen parameters are parameters
    order = rng.permutation(len(groups))
    return {
        "model": model,
        "images": images[order],
        "labels": labels[order],
        "groups": groups[order],
        "train": np.flatnonzero(~held_out[order]),
        "held_out": np.flatnonzero(held_out[order]),
    }
