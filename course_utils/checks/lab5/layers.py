"""Lab 5's exhibits 7, augmentation, and 8, BatchNorm: layers that act in training only."""

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, as_number, exercise, once
from course_utils.checks.common.augmentation import entering, without_dropout
from course_utils.checks.common.models import as_model, check_gives, check_probabilities, output_of
from course_utils.checks.common.weights import leaves, one_step, weights_of
from course_utils.checks.lab5 import findings, inputs


@exercise
def augments(check: ExerciseCheck) -> None:
    """Checks ``augments(model, images)``: whether a model changes its images at random while it trains."""
    import keras

    layers = keras.layers

    def shift() -> tuple:
        return (keras.Sequential([layers.RandomTranslation(0.3, 0.3, name="moved")], name="shift"),)

    fronts = {
        "that flips and rotates its images": (lambda: (layers.RandomFlip("horizontal"), layers.RandomRotation(0.2)), 0),
        "that shifts its images, in a model inside the model": (shift, 0.3),
        "that zooms": (lambda: (layers.Rescaling(1.0), layers.RandomZoom((0.3, 0.5), name="nearer")), 0),
        "with nothing before the base": (tuple, 0),
        "that only rescales before the base": (lambda: (layers.Rescaling(1.0),), 0),
        "that has a Dropout and changes no image": (tuple, 0.5),
    }

    def arguments(case: str) -> tuple:
        front, dropout = fronts[case]
        return inputs.small_model(check.rng, 4, front=front(), dropout=dropout), inputs.images(check.rng, 8)

    right, order = list(fronts)[:3], map(str, check.rng.permutation(list(fronts)))
    cases = [(case, case in right, lambda case=case: arguments(case)) for case in order]
    findings.check_diagnosis(check, cases, ["augmenting", "not augmenting"])


@exercise
def with_augmentation(check: ExerciseCheck) -> None:
    """Checks ``with_augmentation(base, classes)``: a model that augments, in training only, before its base."""
    base, classes = inputs.small_base(check.rng), int(check.rng.integers(3, 9))
    images, weights = inputs.images(check.rng, 8), base.get_weights()
    given = once(lambda: as_model(check.call(base, classes)))

    def reach(training: bool) -> np.ndarray:
        with without_dropout(given()):
            return entering(given(), base, images, training=training)

    with check.criterion(0.15, "probabilities"):
        check_gives(given(), classes, "the base")
        check_probabilities(output_of(given(), images))
    with check.criterion(0.2, "given base"):
        own = given().get_weights()
        if not all(any(np.array_equal(array, other) for other in own) for array in weights):
            raise Incorrect("The base's weights are not in your model;", "expected them unchanged.", "Call base(…).")
    with check.criterion(0.5, "augmented"):
        if np.allclose(reach(True), reach(True), atol=1e-6):
            kinds = [type(layer).__name__ for layer in leaves(given())]
            others = ("RandAugment", "Solarization")  # at random too, under names of another kind
            found = ", ".join(kind for kind in kinds if kind.startswith("Random") or kind in others) or "none"
            raise Incorrect(
                f"Two passes in training mode bring the same images to the base (layers that change images: {found});",
                "expected them to differ.",
                "Layers that are made, or plotted, and not called on the way from the input to the base do nothing; behind "
                "the base they change feature maps.",
            )
    with check.criterion(0.15, "training only"):
        if not np.allclose(reach(False), images, atol=1e-5):
            said = "Outside training other images reach the base than those that came;"
            raise Incorrect(said, "expected the same.", "Leave training= to Keras.")


@exercise
def statistics_moved(check: ExerciseCheck) -> None:
    """Checks ``statistics_moved(model, images, labels)``: in how many BatchNorm layers one epoch moves the statistics."""
    blocks = int(check.rng.integers(4, 7))
    some = int(check.rng.integers(1, blocks - 2))
    with check.criterion(1.0, "moved statistics"):
        for frozen in check.rng.permutation([some, blocks]).tolist():
            model = inputs.small_model(check.rng, 3, blocks=blocks, batchnorm=True)
            base = model.get_layer(inputs.BASE)
            norms = [base.get_layer(f"block{block + 1}_scaled") for block in check.rng.permutation(blocks)]
            for norm in norms:
                norm.momentum = float(check.rng.uniform(0.5, 0.99))
            for norm in norms[:frozen]:
                norm.trainable = False
            for norm in norms[frozen : frozen + 1]:
                norm.momentum = 1.0  # keeps its statistics although its flag is True: only measuring tells
            expected = max(0, blocks - frozen - 1)
            model.compile("sgd", "sparse_categorical_crossentropy")
            images = inputs.images(check.rng, 16)
            given = as_number(check.call(model, images, check.rng.integers(3, size=16)), "the number of layers")
            if given == expected:
                continue
            wrong = {
                0: "The base is a model inside the model: its layers are in base.layers, not in model.layers.",
                blocks: "That is how many BatchNorm layers there are.",
                2 * expected: "A layer has two statistics: count the layer once.",
                blocks - frozen: "That is how many have trainable = True; one of them stands still all the same.",
            }
            raise Incorrect(
                f"With {frozen} of {blocks} BatchNorm layers frozen you count {given:g};",
                f"expected {expected}.",
                wrong.get(given, "Compare moving_mean (or moving_variance) before fit and after it, layer by layer."),
            )


@exercise
def unfreeze_from(check: ExerciseCheck) -> None:
    """Checks ``unfreeze_from(model, first)``: the base trainable from one layer on, but no BatchNorm of it."""
    import keras

    blocks = int(check.rng.integers(4, 7))
    model = inputs.small_model(check.rng, int(check.rng.integers(3, 6)), blocks=blocks, batchnorm=True)
    model.get_layer(inputs.BASE).trainable = False
    start = int(check.rng.integers(2, blocks))
    before = weights_of(model)
    given = once(lambda: as_model(check.call(model, f"block{start}_conv")))
    changed = once(lambda: findings.moved_layers(before, given()))  # by the function itself, before any step

    @once
    def moved() -> set[str]:
        changed()  # which complains about a model with other layers
        now, trial = weights_of(given()), given()
        trial.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
        one_step(trial, inputs.images(check.rng, 16), check.rng.integers(3, size=16))
        found = findings.moved_layers(now, trial)
        if found <= {"head"}:
            look = "Set the base's own flag: model.trainable = True does nothing where it is True already."
            said = "After one training step no weight of the base has moved;"
            raise Incorrect(said, f"expected block{start} on to.", look)
        return found

    with check.criterion(0.25, "unfrozen"):
        if still := sorted({"head", *(f"block{block}_conv" for block in range(start, blocks + 1))} - moved()):
            head = "A loop that freezes must run over the base's layers, not over a model that holds the head too."
            raise Incorrect(
                f"{', '.join(still)} did not move;",
                f"expected the head and everything from block{start}_conv on to, BatchNorm excepted.",
                head if "head" in still else "",
            )
    with check.criterion(0.25, "frozen"):
        if early := sorted({f"block{block}_conv" for block in range(1, start)} & moved()):
            raise Incorrect(f"{', '.join(early)} moved;", f"expected nothing before block{start}_conv to.")
    with check.criterion(0.35, "BatchNorm"):
        if norms := sorted(name for name in moved() if name.endswith("_scaled")):
            raise Incorrect(
                f"After one training step {', '.join(norms)} moved, the statistics included;",
                "expected none.",
                "BatchNorm has a switch of its own: its layers' trainable. Set it last, since setting the base's "
                "trainable sets theirs too.",
            )
    with check.criterion(0.15, "weights kept"):
        moved()
        if changed():
            said = f"Your function changed weights of {', '.join(sorted(changed()))};"
            raise Incorrect(said, "expected it to change flags only.")
