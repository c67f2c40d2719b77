"""Lab 3, "One model, end to end": one check per exercise, the same for students, hidden tests and self-study.

Without a seed a check uses inputs that are the same for everybody; with one, inputs that nobody has seen. Models that a
student's function returns are copied as plain data first, so that what is checked is what the grader would receive; the
scenes that decide about an accuracy never go to a student's function.
"""

import functools
from collections.abc import Callable

import numpy as np

from course_utils import data
from course_utils.checks import ExerciseCheck, Incorrect, check_shape, exercise, few, once
from course_utils.checks.common import frozen_base
from course_utils.checks.common.augmentation import check_preprocessed, coloured_images
from course_utils.checks.common.inputs import check_classes_met, made_up_base, pretrained, renumbered
from course_utils.checks.common.models import check_probabilities, check_takes, copy_of, output_of, predict, rebuilt
from course_utils.checks.common.weights import batch_norms, exchanged, leaves, nudged
from course_utils.checks.core.seeds import private_objects
from course_utils.checks.lab3 import freezing
from course_utils.checks.lab3.augmented import BASE, SIDE, check_augmentation
from course_utils.inspect import weight_values

CUT = "block_13_expand_relu"
PER_OBJECT = 2
"""Scenes of each object that a student's ``train`` gets: 190 in all."""
UNSEEN_PER_OBJECT = 3
"""Scenes of each object that evaluate it: 96 of the validation split, or 186 of the test split."""
VISIBLE_THRESHOLD, THRESHOLD = 0.50, 0.42
"""The accuracy to beat in the visible and in the hidden check: what passed at home should pass there, on other objects.
benchmarks/calibrate_lab3.py holds both against right and wrong answers."""
_base = functools.partial(pretrained, BASE, SIDE, CUT)  # as a reference: what students' functions are given are copies
MOST_CLASSES = 3
"""Of the six classes, how many a right answer predicts correctly at least once: knowing the two largest is not enough."""


@exercise
def freeze_all(check: ExerciseCheck) -> None:
    """Checks ``freeze_all(base)``: the base with nothing in it trainable."""
    freezing.check_flags(
        check, [(freezing.small_vgg16(check.rng), [], False, ()), (_base(), [], False, ())], "all layers"
    )


@exercise
def freeze_up_to(check: ExerciseCheck) -> None:
    """Checks ``freeze_up_to(base, name)``: frozen from the input to the layer of that name, and BatchNorm everywhere."""

    def case(base, *, comes_frozen: bool = False, has_weights: bool = True) -> freezing.Case:
        # Never the last layers with weights, so that something is left to train; mostly a layer that has weights, so
        # that it matters whether it is counted in.
        norms = batch_norms(base)
        names = [layer.name for layer in base.layers if bool(layer.weights) == has_weights and layer.name not in norms]
        name = str(check.rng.choice(names[2:-2]))
        order = [layer.name for layer in base.layers]
        return base, order[order.index(name) + 1 :], comes_frozen, (name,)

    vgg16 = freezing.small_vgg16(check.rng)
    cases = [
        case(vgg16),
        case(_base()),
        case(made_up_base(check.rng), has_weights=False),
        case(vgg16, comes_frozen=True),
    ]
    freezing.check_flags(check, cases, "up to name", "after name")


@exercise
def train_only(check: ExerciseCheck) -> None:
    """Checks ``train_only(base, block)``: only the layers of one block are trainable, and no BatchNorm among them."""

    def case(base, block: str, comes_frozen: bool = False) -> freezing.Case:
        return base, [one.name for one in base.layers if one.name.startswith(f"{block}_")], comes_frozen, (block,)

    vgg16, numbers = freezing.small_vgg16(check.rng), check.rng.choice(np.arange(1, 6), 2, replace=False)
    cases = [case(vgg16, f"block{numbers[0]}"), case(_base(), "block_1")]
    freezing.check_flags(check, [*cases, case(vgg16, f"block{numbers[1]}", comes_frozen=True)], "the rest", "the block")


@exercise
def what_moved(check: ExerciseCheck) -> None:
    """Checks ``what_moved(before, after)``: the names of layers whose weights, or whose statistics, differ."""
    rng, before = check.rng, made_up_base(check.rng)
    # In steps of 1/64: sums are exact in any order, so that exchanging two numbers leaves them as they are.
    before.set_weights([(np.floor(64 * np.abs(rng.normal(size=w.shape))) + 0.5) / 64 for w in before.weights])
    norms = batch_norms(before)
    convolutions = [layer for layer in before.layers if layer.weights and layer.name not in norms]
    chosen = [str(name) for name in rng.choice([layer.name for layer in convolutions], 3, replace=False)]
    biased = str(rng.choice([layer.name for layer in convolutions if layer.use_bias and layer.name not in chosen]))
    first, second, third, fourth = (str(name) for name in rng.choice(sorted(norms), 4, replace=False))
    before.get_layer(chosen[2]).trainable = before.get_layer(fourth).trainable = False

    def found_for(changes: dict[tuple[str, str], Callable]) -> dict:
        after = copy_of(before)
        for layer, was in zip(after.layers, before.layers, strict=True):
            layer.trainable = was.trainable
        for (layer, weight), change in changes.items():
            variable = next(w for w in after.get_layer(layer).weights if w.name == weight)
            variable.assign(change(weight_values(variable)))
        return freezing.read_found(check.call(before, after))

    def examine(changes: dict, weights: list, statistics: list, look: str) -> dict:
        found = found_for(changes)
        for key, expected in {"weights": weights, "statistics": statistics}.items():  # in any order
            surplus = [name for name in dict.fromkeys(found[key]) if name not in expected]
            missing = [name for name in expected if name not in found[key]]
            if surplus or missing:
                said = [f"does not name {few(missing)}"] if missing else []
                said += [f"names {few(surplus)}, where none were changed"] if surplus else []
                begin = f"Your list of {key} {' and '.join(said)};"
                raise Incorrect(begin, f"expected {few(expected) or 'an empty list'}.", look)
        return found

    doubled = functools.partial(np.multiply, 2)

    with check.criterion(0.15, "two lists"):
        examine({}, [], [], "An exact copy has not moved.")
        changes = {(biased, "kernel"): doubled, (biased, "bias"): doubled}
        found = examine(changes, [biased], [], "")
        if len(found["weights"]) > 1:
            raise Incorrect(f"Your list of weights names {biased} more than once;", "expected each layer once.")
    with check.criterion(0.25, "weights"):
        look = "Compare every weight of a layer number by number; gamma and beta of BatchNorm are trained weights too."
        changes = {(chosen[0], "kernel"): exchanged, (biased, "bias"): doubled}
        changes |= {(first, "gamma"): doubled, (second, "beta"): doubled}
        examine(changes, [chosen[0], biased, first, second], [], look)
    with check.criterion(0.25, "statistics"):
        look = "moving_mean and moving_variance are statistics; layer.weights holds them, layer.trainable_weights does not."
        changes = {(first, "moving_mean"): doubled, (third, "moving_variance"): doubled}
        examine(changes, [], [first, third], look)
    with check.criterion(0.20, "smallest difference"):
        look = "np.allclose forgives small differences, np.array_equal none."
        examine({(chosen[1], "kernel"): nudged, (second, "moving_mean"): nudged}, [chosen[1]], [second], look)
    with check.criterion(0.15, "frozen layers"):
        look = "A layer that is frozen now counts as well: it may have moved before."
        # Whoever takes gamma for a statistic everywhere has lost points for that.
        named = [fourth] if first in found_for({(first, "gamma"): doubled})["weights"] else []
        changes = {(chosen[2], "kernel"): doubled, (fourth, "gamma"): doubled}
        examine(changes, [chosen[2], *named], [] if named else [fourth], look)


@exercise
def build_model(check: ExerciseCheck) -> None:
    """Checks ``build_model(base, classes)``: pixels → augmentation → preprocessing → frozen base → head → probabilities."""
    # Never six: that is what the course's scenes have, and an answer that counts on it must not pass by chance.
    base, classes = _base(), int(check.rng.choice([3, 4, 5, 7, 8, 9]))
    images = coloured_images(check.rng, SIDE)
    many = np.repeat(images, 4, axis=0)
    given = once(lambda: rebuilt(check.call(copy_of(base), classes)))
    step = once(lambda: freezing.step_moves(given(), base, images))
    with check.criterion(0.10, "input"):
        check_takes(given(), (SIDE, SIDE, 3), "the base")
    with check.criterion(0.15, "probabilities"):
        probabilities = output_of(given(), images)
        look = "A map has to be pooled or flattened before the last Dense." if probabilities.ndim == 4 else ""
        asked = f"For {len(images)} images and {classes} classes your model gives"
        check_shape(probabilities, (len(images), classes), asked, look)
        check_probabilities(probabilities)
    with check.criterion(0.15, "preprocessing"):
        check_preprocessed(given(), base, images, BASE)
    with check.criterion(0.30, "augmentation"):
        check_augmentation(given(), base, many)
    with check.criterion(0.10, "base weights"):
        frozen_base.check_untouched(given(), base)
    with check.criterion(0.10, "frozen base"):
        frozen_base.check_base_frozen(given(), base)
        if of_base := step()[0]:
            raise Incorrect(
                f"One training step moved {few(of_base)} in the base, statistics included;",
                "expected it to stand still.",
            )
    with check.criterion(0.10, "trainable head"):
        inside = {id(weight) for _, layer in frozen_base.layers_of_base(given(), base) for weight in layer.weights}
        head = [layer for layer in leaves(given()) if any(id(weight) not in inside for weight in layer.weights)]
        # The last of them gives the classes; a bias alone that moves learns nothing from the images.
        last = {weight.path for weight in head[-1].trainable_weights} if head else set()
        if not last or not last <= set(step()[1]):
            moved = (
                f"does not move {head[-1].name}, which gives the classes" if step()[1] else "moves nothing of the head"
            )
            raise Incorrect(
                f"One training step {moved};",
                "expected the layers after the base to learn.",
                "Freeze the base alone: not the whole model, nor its layers in a loop that reaches the head.",
            )


@exercise
def train(check: ExerciseCheck) -> None:
    """Checks ``train(model, images, labels)``: the same model, compiled and trained, its base as it was."""
    base, seeds = _base(), check.rng.integers(2**31, size=3)
    known = data.load_scenes("train", per_object=PER_OBJECT, seed=int(seeds[0]))
    split, threshold = ("test", THRESHOLD) if check.hidden else ("validation", VISIBLE_THRESHOLD)
    extra = private_objects() if check.hidden else None
    unseen = data.load_scenes(split, per_object=UNSEEN_PER_OBJECT, seed=int(seeds[1]), extra=extra)
    model = end_to_end_model(copy_of(base), len(known.class_names), seed=int(seeds[2]))
    head = [values.copy() for values in model.get_weights()[-2:]]
    numbers = renumbered(check.rng, len(known.class_names))  # so that no head fits that was trained before
    given = once(lambda: rebuilt(check.call(model, known.images.copy(), numbers[known.labels])))
    eight = unseen.images[:8]
    with check.criterion(0.40, "accuracy"):
        predicted = predict(given(), unseen.images).argmax(axis=-1)
        right = predicted == numbers[unseen.labels]
        if right.mean() <= threshold:
            untrained = all(map(np.array_equal, head, given().get_weights()[-2:]))
            raise Incorrect(
                f"Your model is right on {right.mean():.1%} of {len(unseen)} scenes it has not seen "
                f"(the majority-class baseline: {unseen.majority_share:.1%});",
                f"expected more than {threshold:.0%}.",
                "Its head is the one it came with: compile says how to train, fit does it."
                if untrained
                else "Print the loss of every epoch. If it still falls at the end, train longer or with a higher learning rate; if it "
                "does not fall, ask what the labels, the loss and the images look like: the model preprocesses images itself, "
                "and the check numbers the classes again, so that only the labels that your function is given fit.",
            )
        check_classes_met(predicted, numbers[unseen.labels], MOST_CLASSES)
    with check.criterion(0.25, "base weights"):
        frozen_base.check_untouched(given(), base)
    with check.criterion(0.20, "whole model"):
        check_preprocessed(given(), base, eight, BASE)
        check_augmentation(given(), base, np.repeat(eight, 4, axis=0))
    with check.criterion(0.15, "frozen base"):
        frozen_base.check_base_frozen(given(), base)


def end_to_end_model(base, classes: int, *, seed: int):
    """A right answer to ``build_model``, for the exercise that trains one; the seed decides how its head begins."""
    import keras

    base.trainable = False
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            layers.RandomFlip("horizontal", seed=seed),
            layers.RandomRotation(0.05, seed=seed + 1),
            layers.Rescaling(1 / 127.5, offset=-1),
            base,
            layers.GlobalAveragePooling2D(),
            layers.Dense(classes, "softmax", kernel_initializer=keras.initializers.GlorotUniform(seed=seed)),
        ]
    )
