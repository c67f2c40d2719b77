"""Lab 5's exhibits 7 and 8, about layers that act in training only: augmentation, BatchNorm. See ``lab5``."""

from __future__ import annotations

import numpy as np

from course_utils.checks.common.models import as_model, known_shape, output_of
from course_utils.checks.core.exercise_check import ExerciseCheck, Incorrect, in_short, once
from course_utils.checks.core.verdict import Verdict
from course_utils.checks.lab5 import findings, inputs

# --- exhibit 7: augmentation ------------------------------------------------------------------------------------------


def augments(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``augments(model, images)``: whether a model changes its images at random while it trains."""
    import keras

    check = ExerciseCheck("augments", answer, seed=seed)
    layers = keras.layers
    fronts = {
        "that flips and turns its images": (
            True,
            lambda: (layers.RandomFlip("horizontal"), layers.RandomRotation(0.2)),
            0,
        ),
        "that shifts its images, in a model inside the model": (
            True,
            lambda: (keras.Sequential([layers.RandomTranslation(0.3, 0.3)], name="shift"),),
            0.3,
        ),
        "that zooms": (True, lambda: (layers.Rescaling(1.0), layers.RandomZoom((0.3, 0.5))), 0),
        "with nothing before the base": (False, lambda: (), 0),
        "that only rescales before the base": (False, lambda: (layers.Rescaling(1.0),), 0),
        "that has a Dropout and changes no image": (False, lambda: (), 0.5),
    }
    with check:
        cases = [str(case) for case in check.rng.permutation(list(fronts))]

        def ask(case: str) -> bool:
            _, front, dropout = fronts[case]
            model = inputs.with_head(inputs.small_base(check.rng), 4, front=front(), dropout=dropout)
            return findings.read_answer(check.call(model, inputs.images(check.rng, 8)))

        answers = once(lambda: [ask(case) for case in cases])
        expected = [fronts[case][0] for case in cases]
        for which, title in ((True, "models that augment"), (False, "models that do not")):
            with check.criterion(0.5, title):
                findings.check_answers(answers(), expected, cases, only=which)
    return check.verdict()


def with_augmentation(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``with_augmentation(base, classes)``: a model that augments, in training only, before its base."""
    check = ExerciseCheck("with_augmentation", answer, seed=seed)
    with check:
        base, classes = inputs.small_base(check.rng), int(check.rng.integers(3, 9))
        images, weights = inputs.images(check.rng, 8), base.get_weights()
        given = once(lambda: as_model(check.call(base, classes)))
        with check.criterion(0.2, "a softmax over the classes, on this base"):
            shape = known_shape(given(), "output", (None, classes), "the base")
            if shape != (None, classes):
                raise Incorrect(f"Your model's output has shape {shape};", f"expected {(None, classes)}.")
            sums = output_of(given(), images).sum(axis=1)
            if np.abs(sums - 1).max() > 1e-3:
                raise Incorrect(
                    f"Your model's answers add up to {in_short(sums[:3])};", "expected 1.", "Is there a softmax?"
                )
            if not findings.holds_weights(given(), weights):
                raise Incorrect(
                    "The base's weights are not in your model;", "expected them unchanged.", "Call base(…)."
                )
        with check.criterion(0.6, "images change in training, before the base"):
            places = findings.random_layers(given())
            if not places or not findings.passes_differ(given(), images):
                seen = ", ".join(kind for _, kind in places) or "none"
                raise Incorrect(
                    f"Two passes in training mode give the same answers (layers that change images: {seen});",
                    "expected them to differ.",
                    "Layers that are made, or plotted, and not called on the way from the input to the base do nothing.",
                )
            if places[0][0] > findings.first_with_weights(given()):
                raise Incorrect(
                    f"Your {places[0][1]} comes after the base has begun;",
                    "expected it before the base.",
                    "It changes feature maps there, not images.",
                )
        with check.criterion(0.2, "images are left alone otherwise"):
            if not findings.random_layers(given()):
                raise Incorrect("There is no augmentation to switch off.", "")
            first, second = output_of(given(), images), output_of(given(), images)
            if not np.allclose(first, second, atol=1e-6):
                raise Incorrect(
                    "Two passes outside training differ;", "expected the same.", "Leave training= to Keras."
                )
    return check.verdict()


# --- exhibit 8: BatchNorm ---------------------------------------------------------------------------------------------


def statistics_moved(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``statistics_moved(model, images, labels)``: in how many BatchNorm layers one epoch moves the statistics."""
    check = ExerciseCheck("statistics_moved", answer, seed=seed)
    blocks = int(check.rng.integers(4, 7))
    with check:
        some = int(check.rng.integers(1, blocks - 2))
        for frozen, share, title in ((some, 0.7, "some layers frozen"), (blocks, 0.3, "all layers frozen")):
            with check.criterion(share, title):
                model = inputs.with_head(inputs.small_base(check.rng, blocks=blocks, batchnorm=True), 3)
                base = model.get_layer(inputs.BASE)
                norms = [base.get_layer(f"block{block + 1}_norm") for block in check.rng.permutation(blocks)]
                for norm in norms[:frozen]:
                    norm.trainable = False
                for norm in norms[frozen : frozen + 1]:
                    norm.momentum = 1.0  # keeps its statistics although its flag is True: only measuring tells
                expected = max(0, blocks - frozen - 1)
                model.compile("sgd", "sparse_categorical_crossentropy")
                images = inputs.images(check.rng, 16)
                given = findings.read_number(
                    check.call(model, images, check.rng.integers(3, size=16)), "the number of layers"
                )
                if given != expected:
                    look = "Compare moving_mean (or moving_variance) before fit and after it, layer by layer."
                    if given == blocks - frozen:
                        look = "That is how many have trainable = True; one of them stands still all the same."
                    elif given == 2 * expected:
                        look = "A layer has two statistics: count the layer once."
                    elif given == blocks:
                        look = "That is how many BatchNorm layers there are."
                    elif given == 0:
                        look = (
                            "The base is a model inside the model: its layers are in base.layers, not in model.layers."
                        )
                    raise Incorrect(
                        f"With {frozen} of {blocks} BatchNorm layers frozen you count {given:g};",
                        f"expected {expected}.",
                        look,
                    )
    return check.verdict()


def unfreeze_from(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``unfreeze_from(model, first)``: the base free from one layer on, but no BatchNorm of it."""
    check = ExerciseCheck("unfreeze_from", answer, seed=seed)
    blocks = 4
    with check:
        model = inputs.with_head(inputs.small_base(check.rng, blocks=blocks, batchnorm=True), 3)
        model.get_layer(inputs.BASE).trainable = False
        start = int(check.rng.integers(2, blocks))
        before = findings.weights_by_layer(model)

        @once
        def moved() -> set[str]:
            given = as_model(check.call(model, f"block{start}_conv"))
            if findings.moved_since(before, given):  # which complains about a model with other layers, too
                raise Incorrect("Your function changed weights of the model;", "expected it to change flags only.")
            findings.train_one_step(given, inputs.images(check.rng, 16), check.rng.integers(3, size=16))
            found = findings.moved_since(before, given)
            if not findings.in_base(found):
                raise Incorrect(
                    "After one training step no number of the base has moved;", f"expected block{start} on to."
                )
            return found

        with check.criterion(0.4, "no BatchNorm moves"):
            if norms := sorted(name for name in findings.in_base(moved()) if name.endswith("_norm")):
                raise Incorrect(
                    f"After one training step {', '.join(norms)} moved, the statistics included;",
                    "expected none.",
                    "BatchNorm has a switch of its own: its layers' trainable. Set it last, since setting the base's "
                    "trainable sets theirs too.",
                )
        with check.criterion(0.3, "what comes before stays"):
            early = {f"block{block}_conv" for block in range(1, start)} & findings.in_base(moved())
            if early:
                raise Incorrect(f"{', '.join(sorted(early))} moved;", f"expected nothing before block{start}_conv to.")
        with check.criterion(0.3, "what comes after moves, and the head"):
            late = {"head", *(f"{inputs.BASE}/block{block}_conv" for block in range(start, blocks + 1))}
            if still := sorted(late - moved()):
                raise Incorrect(
                    f"{', '.join(still)} did not move;",
                    f"expected the head and everything from block{start}_conv on to, BatchNorm excepted.",
                    "A loop that freezes must run over the base's layers, not over a model that holds the head too."
                    if "head" in still
                    else "",
                )
    return check.verdict()
