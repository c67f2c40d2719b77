"""Lab 5, "Bug museum": two checks per exhibit, one for the diagnosis and one for the repair.

Here are exhibits 1 to 4: preprocessing, surgery, metrics, splits. Exhibits 5 and 6 are in ``training``, 7 and 8 in ``layers``.

A diagnosis is a function that measures; it is tried on what is buggy and on what is correct. A repair is tried on small
models and fresh arrays, and checked by what it does to them. Every expected result is computed here.
"""

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, describe, exercise, explain, in_short, once
from course_utils.checks.common import models, splits
from course_utils.checks.common.inputs import made_up_classifier
from course_utils.checks.core import values
from course_utils.checks.core.seeds import alike
from course_utils.checks.lab5 import findings, inputs
from course_utils.models import load_base


@exercise
def preprocessing_mistake(check: ExerciseCheck) -> None:
    """Checks ``preprocessing_mistake(pixels, batch, name)``: what was done to pixels on their way into a base."""

    @once
    def told(name: str) -> dict[str, str]:
        found = {}
        for how in map(str, check.rng.permutation(inputs.PREPROCESSINGS)):
            pixels = inputs.pixels(check.rng, 3)
            given = check.call(pixels.copy(), inputs.preprocessed(how, name, pixels), name)
            if given not in inputs.PREPROCESSINGS:
                printable = repr(given[:60]) if isinstance(given, str) else describe(given)
                expected = f"expected one of {', '.join(map(repr, inputs.PREPROCESSINGS))}."
                raise Incorrect(f"You return {printable};", expected)
            found[how] = str(given)
        return found

    def require(hows: tuple, name: str) -> None:
        for how in hows:
            if told(name)[how] != how:
                raise Incorrect(
                    f"For {name} you take a batch that is {how!r} for {told(name)[how]!r}.",
                    "Make each of the five batches yourself and see which one yours is.",
                )

    with check.criterion(0.4, "scale"):
        require(inputs.PREPROCESSINGS[:4], "vgg16")
    with check.criterion(0.3, "colours"):
        require((inputs.PREPROCESSINGS[0], inputs.PREPROCESSINGS[4]), "vgg16")
    with check.criterion(0.3, "every base"):
        known = tuple(how for how in inputs.PREPROCESSINGS if told("vgg16")[how] == how)
        if len(known) < 2:
            require(inputs.PREPROCESSINGS, "vgg16")
        for name in check.rng.choice(["mobilenet_v2", "efficientnet_lite0", "densenet121"], size=2, replace=False):
            require(known, str(name))


@exercise
def vgg16_features(check: ExerciseCheck) -> None:
    """Checks ``vgg16_features(base, images)``: what VGG16 makes of images that are preprocessed as it was trained."""
    cut = str(check.rng.choice(["block1_pool", "block2_pool"]))
    side, number = int(check.rng.choice([32, 40, 48])), int(check.rng.integers(66, 80))  # more than two batches of 32
    base = load_base("vgg16", input_shape=(side, side, 3), cut=cut, pooling="avg")
    pixels = inputs.pixels(check.rng, number, side=side)

    def features(how: str) -> np.ndarray:
        return models.predict(base, inputs.preprocessed(how, "vgg16", pixels))

    with check.criterion(1.0, "features"):
        given = values.finite(values.as_array(check.call(base, pixels.copy()), "what you return"), "your features")
        expected = features("right")
        values.check_shape(given, expected.shape, f"For {number} images you return the shape")
        if not values.close(given, expected):
            how = next((how for how in inputs.PREPROCESSINGS[1:] if values.close(given, features(how))), "")
            row = next(row for row in range(number) if not values.close(given[row], expected[row]))
            look = (
                "Is every batch preprocessed alike?"
                if row
                else "preprocess takes the pixels as they are, from 0 to 255."
            )
            raise Incorrect(
                f"Your features of image {row} begin {in_short(given[row, :4])};",
                f"expected {in_short(expected[row, :4])}.",
                f"That is what comes out when the images are {how}." if how else look,
            )


@exercise
def stands_on_probabilities(check: ExerciseCheck) -> None:
    """Checks ``stands_on_probabilities(model, batch)``: does the last layer receive another head's probabilities?"""
    words = {
        "probabilities": "whose new head stands on the old one",
        "dropped": "whose new head stands on the old one, with a Dropout between them",
        "softmax": "whose new head stands on a layer Softmax",
        "nested": "whose new head stands on a whole classifier, which is one of its layers",
        "vector": "whose new head stands on the vector",
        "gates": "whose last layer receives numbers from 0 to 1 that are no probabilities",
        "centred": "whose last layer receives numbers of either sign",
    }

    def arguments(kind: str) -> tuple:
        model = inputs.on_top_of(made_up_classifier(check.rng), kind, int(check.rng.integers(3, 9)))
        return model, check.rng.normal(size=(6, *model.input_shape[1:])).astype(np.float32)

    kinds = map(str, check.rng.permutation([*words, "probabilities", "vector"]))
    cases = [(words[kind], kind in list(words)[:4], lambda kind=kind: arguments(kind)) for kind in kinds]
    findings.check_diagnosis(check, cases, ["probabilities", "other inputs"])


@exercise(advice={"unique": "Two layers have the same name: give the new Dense one of its own, name=…."})
def swap_head(check: ExerciseCheck) -> None:
    """Checks ``swap_head(classifier, classes)``: the classifier with a new Dense in place of its last layer."""
    classifier = made_up_classifier(check.rng)
    classes = classifier.output_shape[1] + int(check.rng.integers(1, 5))
    batch = check.rng.normal(size=(4, *classifier.input_shape[1:])).astype(np.float32)
    vectors = models.predict(models.before_last(classifier), batch)
    given = once(lambda: models.as_model(check.call(classifier, classes)))
    with check.criterion(0.25, "probabilities"):
        models.check_gives(given(), classes, "the classifier")
        models.check_probabilities(models.output_of(given(), batch))
    with check.criterion(0.5, "vector"):
        try:
            last = models.predict(models.before_last(given()), batch)
        except Exception as error:
            raise Incorrect(
                f"The input of your model's last layer cannot be computed: {explain(error)}.",
                "Build keras.Model(inputs, outputs) whose last layer is the new Dense.",
            ) from None
        if last.shape[-1] == classifier.output_shape[1] and last.shape != vectors.shape:
            raise Incorrect(
                f"Your last layer receives {last.shape[-1]} numbers, and their sums are {in_short(last.sum(axis=1)[:3])};",
                f"expected the {vectors.shape[1]} numbers that the old last layer received.",
                "The old head is still in its place.",
            )
        models.check_gives(given(), classes, "the classifier")  # its own last layer receives the vector too
        models.check_features(models.before_last(given()), batch, vectors)
    with check.criterion(0.25, "trainable head"):
        models.check_gives(given(), classes, "the classifier")
        model = models.rebuilt(given())
        before = [np.array(weight) for weight in model.layers[-1].get_weights()]
        model.compile("sgd", "mean_squared_error")
        model.run_eagerly = True
        model.train_on_batch(batch, check.rng.uniform(size=(len(batch), model.output_shape[-1])))
        after = model.layers[-1].get_weights()
        if not before or np.array_equal(before[0], after[0]):
            look = "Is its trainable True, and does nothing hold its kernel where it is?"
            raise Incorrect(
                "A training step does not move the kernel of your last layer;", "expected it to learn.", look
            )


@exercise
def blind_score(check: ExerciseCheck) -> None:
    """Checks ``blind_score(one_hot)``: what an element-wise comparison gives to a model that never says yes."""
    with check.criterion(1.0, "score"):
        for classes in check.rng.choice(np.arange(3, 150), size=3, replace=False):
            truth = inputs.one_hot(check.rng, int(check.rng.integers(20, 60)), int(classes))
            given, expected = values.as_number(check.call(truth.copy()), "the score"), float(np.mean(truth == 0))
            if abs(given - expected) > 1e-6:
                raise Incorrect(
                    f"With {classes} classes you give {given:.6g};",
                    f"expected {expected:.6g}.",
                    "Compare an array of zeros with one_hot, entry by entry, and take the mean.",
                )


@exercise
def share_right(check: ExerciseCheck) -> None:
    """Checks ``share_right(probabilities, one_hot)``: the share of images whose largest probability is at the right class."""

    # Of many classes the largest probability can be a few hundredths.
    for title, sure, between in (("share", True, (5, 30)), ("below one half", False, (60, 90))):
        with check.criterion(0.5, title):
            classes = int(check.rng.integers(*between))
            truth = inputs.one_hot(check.rng, int(check.rng.integers(40, 90)), classes)
            scores = inputs.probabilities(check.rng, truth, right=float(check.rng.uniform(0.3, 0.7)), sure=sure)
            given = values.as_number(check.call(scores.copy(), truth.copy()), "the share")
            hits = scores.argmax(axis=1) == truth.argmax(axis=1)
            if abs(given - hits.mean()) > 1e-6:
                elementwise = float(np.mean(scores.round() == truth))
                look = "That is the share of entries." if abs(given - elementwise) < 1e-6 else ""
                raise Incorrect(
                    f"{hits.sum()} of {len(hits)} images are classified correctly, and you give {given:.6g};",
                    f"expected {hits.mean():.6g}.",
                    look or "One image counts once: is its largest probability at the right class?",
                )


@exercise
def leaks(check: ExerciseCheck) -> None:
    """Checks ``leaks(train, test, groups)``: images on both sides, and test images whose object is in training."""
    groups = inputs.objects(check.rng, 12)
    # Two objects are in no training part, so that even a split that leaks has test images that do not.
    apart = np.isin(groups, check.rng.choice(np.unique(groups), size=2, replace=False))
    order, alone = check.rng.permutation(np.flatnonzero(~apart)), np.flatnonzero(apart)
    cut = len(order) // 3
    shared, both = order[cut // 2 :], groups[order[cut - 1]]  # of this object only what is tested too is trained on
    shared = shared[(groups[shared] != both) | np.isin(shared, order[:cut])]
    mixed = check.rng.permutation(np.concatenate([alone, order[:cut]]))
    tested = np.isin(groups, np.unique(groups)[:4])
    sides = {
        "a split that shares images": (shared, mixed),
        "a split that shares objects only": (order[cut:], mixed),
        "a correct split": (np.flatnonzero(~tested), np.flatnonzero(tested)),
    }

    @once
    def counted(title: str) -> list[float]:
        given = check.call(*(part.copy() for part in (*sides[title], groups)))
        return [values.as_number(number, "a count") for number in values.as_tuple(given, 2, "two numbers", arrays=True)]

    what = {"same image": "images that are on both sides", "same object": "test images whose object is in training too"}
    for place, (name, words) in enumerate(what.items()):
        with check.criterion(0.5, name):
            for title, (train, test) in sides.items():
                expected = int((np.isin(test, train), np.isin(groups[test], groups[train]))[place].sum())
                if counted(title)[place] != expected:
                    raise Incorrect(
                        f"For {title} you count {counted(title)[place]:g};", f"expected {expected} {words}."
                    )


@exercise
def honest_split(check: ExerciseCheck) -> None:
    """Checks ``honest_split(groups, share, seed)``: positions for training and for testing that share no object."""
    groups, share = inputs.objects(check.rng, 40), float(check.rng.choice([0.08, 0.1, 0.12]))
    first = int(check.rng.integers(1000))

    def ask(number: int) -> tuple[np.ndarray, np.ndarray]:
        pair = splits.read_split(check.call(groups.copy(), share, number), len(groups))
        if any(part.min() < 0 or part.max() >= len(groups) for part in pair):
            splits.check_complete(pair, groups)  # which complains: such positions earn no criterion
        return pair

    given = once(ask)
    with check.criterion(0.15, "every image"):
        splits.check_complete(given(first), groups)
    with check.criterion(0.55, "no leak"):
        splits.check_no_leak(given(first), groups)
    with check.criterion(0.15, "share"):
        found = len(given(first)[1]) / len(groups)
        if abs(found - share) > 0.1:
            raise Incorrect(f"You test on {found:.0%} of the images;", f"expected about {share:.0%}.")
    with check.criterion(0.15, "seed"):
        near, far = ([given(seed) for seed in some] for some in (range(first + 1, first + 6), alike(first)))
        splits.check_seed(given(first), ask(first), near, far, len(groups))
