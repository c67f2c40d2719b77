"""Lab 4's exercises about the two stages: the new head, unfreezing, fine-tuning. See ``lab4``."""

from __future__ import annotations

import numpy as np

from course_utils.checks.common.augmentation import dropout_at_rest
from course_utils.checks.common.finetuning import (
    agreement,
    batch_norms,
    cross_entropy,
    downhill,
    images_and_labels,
    in_float32,
    layers_in,
    learning_rate,
    leaves,
    made_up_augmentation,
    made_up_model,
    made_up_residual_base,
    moved,
    one_step,
    read_pair,
    trainable_names,
    unfrozen_names,
    weights_of,
)
from course_utils.checks.common.models import as_model, output_of, predict
from course_utils.checks.common.training import copy_of
from course_utils.checks.core.exercise_check import ExerciseCheck, Incorrect, as_array, describe, finite, in_short, once
from course_utils.checks.core.verdict import Verdict

HEAD_RATES = (1e-4, 3e-2)
DOWNHILL = 0.3
"""The least agreement of what moved with the gradient, see ``agreement``: six optimizers in batches of 1, 4 and 32 had 0.57 and
more, noise less than 0.1. (It says little about labels: shuffled ones have 0.57 too, as most of the gradient is about frequencies.)"""

MARGIN = 1.25
"""How far a loss may lie outside the two between which a slow training goes, as a factor."""


# --- 1: stage one -----------------------------------------------------------------------------------------------------


def head_first(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``head_first(base, augmentation, classes)``: a compiled model in which only the new head learns."""
    check = ExerciseCheck("head_first", answer, seed=seed)
    with check, in_float32():
        base, classes = made_up_residual_base(check.rng), int(check.rng.choice([3, 4, 5, 7]))  # never the course's six
        images, labels = images_and_labels(check.rng, 16, classes)
        pooled = predict(base, images).mean(axis=(1, 2))
        own = weights_of(base)
        given = once(lambda: as_model(check.call(base, made_up_augmentation(), classes)))
        with check.criterion(0.35, "what comes out"):
            _check_head(given(), images, pooled, classes)
        with check.criterion(0.35, "a training step moves the head and nothing else"):
            model = given()
            _head_of(model)
            before = weights_of(model)
            one_step(model, images, labels)
            gone = moved({name: before.get(name) for name in own}, weights_of(model))
            if gone:
                raise Incorrect(
                    f"After one training step {layers_in(gone)} of the base had moved;",
                    "expected the whole base to keep its weights and its BatchNorm statistics.",
                    "Freeze it before you compile: base.trainable = False.",
                )
            if not moved({name: before[name] for name in before if name.startswith("head/")}, weights_of(model)):
                raise Incorrect("After one training step the head had not moved;", "expected it to learn.")
        with check.criterion(0.20, "augmentation in training, and only there"):
            # Last of those that look at the model as it came: it stills BatchNorm to see augmentation alone.
            _check_augmented(given(), images)
        with check.criterion(0.10, "a rate for a new head"):
            rate, (low, high) = learning_rate(given()), HEAD_RATES
            if not low * 0.99 <= rate <= high * 1.01:
                raise Incorrect(
                    f"Your model learns at a rate of {rate:g};", f"expected {low:g} to {high:g} for a head that is new."
                )
    return check.verdict()


def _head_of(model):
    """The layer called head, or a complaint."""
    layers = leaves(model)
    heads = [layer for layer in layers if layer.name == "head"]
    if not heads:
        raise Incorrect(
            f"Your model has no layer called head (its last one is called {layers[-1].name});"
            if layers
            else "Your model has no layers;",
            'expected Dense(classes, …, name="head").',
            "Exercise 6 finds the head's weights by this name.",
        )
    return heads[0]


def _check_head(model, images: np.ndarray, pooled: np.ndarray, classes: int) -> None:
    """Complains unless the model averages the base's map and puts one layer called head on it."""
    head = _head_of(model)
    weights = [as_array(weight.value, "the head's weights") for weight in head.weights]
    if [weight.shape for weight in weights] != [(pooled.shape[1], classes), (classes,)]:
        shapes = ", ".join(str(weight.shape) for weight in weights) or "no weights"
        raise Incorrect(
            f"Your head has {shapes};",
            f"expected a kernel of {(pooled.shape[1], classes)} and a bias of {(classes,)}.",
            "GlobalAveragePooling2D comes between the base and the head.",
        )
    # Whatever it began with: a kernel of zeros would answer alike for any image, and hide what lies before it.
    weights[0] = _known_kernel(head)
    scores = pooled @ weights[0] + weights[1]
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    given = output_of(model, images)
    # Scores without a softmax are as good, when the loss is told that they are.
    for expected in (likely, scores) if getattr(model.loss, "from_logits", False) else (likely,):
        if given.shape == expected.shape and np.allclose(given, expected, rtol=1e-2, atol=1e-3):
            return
    raise Incorrect(
        f"For one image your model gives {in_short(given.reshape(len(given), -1)[0, :3])};",
        f"the base, averaged, and then your head give {in_short(likely[0, :3])}.",
        "Does it use the base it was given, with its weights, the average over the map, and a softmax?",
    )


def _known_kernel(head) -> np.ndarray:
    """Gives a head a kernel that no two features and no two classes share, and returns it: float32 (channels, classes)."""
    shape = tuple(head.weights[0].shape)
    kernel = np.cos(np.arange(np.prod(shape), dtype=np.float32)).reshape(shape)
    head.weights[0].assign(kernel)
    return kernel


def _check_augmented(model, images: np.ndarray) -> None:
    """Complains unless an image looks different in training, for no other reason than augmentation."""
    import keras

    for layer in leaves(model):
        if layer.name == "head" and layer.weights:
            _known_kernel(layer)
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False  # its own statistics of the batch would look like augmentation
    still = predict(model, images)
    with dropout_at_rest(model):
        trained = as_array(model(images, training=True), "what your model gives")
    if np.allclose(still, trained, atol=1e-5):
        raise Incorrect(
            "In training your model sees the images as they are;",
            "expected them to pass through augmentation first.",
            "augmentation is a model: images = augmentation(images), before the base.",
        )
    if not np.allclose(still, predict(model, images), atol=1e-4):
        raise Incorrect(
            "Outside training your model gives another answer each time;", "expected augmentation in training only."
        )


# --- 2: unfreezing ----------------------------------------------------------------------------------------------------


def unfreeze_from(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``unfreeze_from(base, first)``: the base, trainable from that layer on, its BatchNorm frozen."""
    from course_utils.models.loading import load_base
    from course_utils.models.registry import find_base

    check = ExerciseCheck("unfreeze_from", answer, seed=seed)
    with check, in_float32():
        small = made_up_residual_base(check.rng)
        spare = copy_of(small)  # a function may do to its argument what it likes
        block = int(check.rng.integers(3, 6))
        with check.criterion(0.25, "VGG16 from block5_conv1"):
            vgg16 = load_base("vgg16", weights=None, input_shape=(32, 32, 3))
            vgg16.trainable = False
            _check_unfrozen(check, vgg16, "block5_conv1")
        with check.criterion(0.25, "MobileNetV2, BatchNorm kept frozen"):
            cut = find_base("mobilenet_v2").cut
            mobilenet = load_base("mobilenet_v2", weights=None, input_shape=(32, 32, 3), cut=cut)
            mobilenet.trainable = False
            _check_unfrozen(check, mobilenet, f"block_{int(check.rng.integers(8, 13))}_expand")
        with check.criterion(0.25, "a base that nobody had frozen"):
            _check_unfrozen(check, small, f"block_{block}_expand")
        with check.criterion(0.25, "nothing but the flags has changed"):
            before = weights_of(spare)
            spare.trainable = False
            given = _base_back(check.call(spare, f"block_{block}_expand"))
            if not trainable_names(given):
                raise Incorrect("The base comes back with nothing trainable;", "expected its flags to have changed.")
            changed = moved(before, weights_of(given))
            if changed:
                raise Incorrect(
                    f"The weights of {layers_in(changed)} are not what they were;", "expected only flags to change."
                )
    return check.verdict()


def _base_back(value: object):
    if value is None:
        raise Incorrect("You return nothing;", "expected the base, with its new flags.", "End with: return base.")
    return as_model(value)


def _check_unfrozen(check: ExerciseCheck, base, first: str) -> None:
    """Asks for a base unfrozen from one layer on, and complains about each way it can be wrong."""
    expected, still = unfrozen_names(base, first), batch_norms(base)
    order = [layer.name for layer in base.layers]
    count = base.count_params()
    given = _base_back(check.call(base, first))
    if given.count_params() != count:
        raise Incorrect(f"The base you return has {given.count_params():,} parameters;", f"expected its {count:,}.")
    found = trainable_names(given)
    if not found:
        flagged = any(layer.trainable and layer.weights for layer in given.layers)
        raise Incorrect(
            f"Nothing of the base is trainable after unfreeze_from(base, {first!r});",
            f"expected {len(expected)} weights of the layers from there on.",
            "Its layers are switched on, but base.trainable is still False, so the base by itself reports nothing to train: "
            "base.trainable = True comes first."
            if flagged
            else "",
        )
    norms = {name for name in found if name.rpartition("/")[0] in still}
    if norms:
        raise Incorrect(
            f"BatchNorm is trainable: {layers_in(norms)};",
            "expected every BatchNorm layer to stay frozen, or its statistics move with your few images.",
            "isinstance(layer, keras.layers.BatchNormalization) tells you which layers they are.",
        )
    early = {name for name in found - expected if order.index(name.rpartition("/")[0]) < order.index(first)}
    if early:
        raise Incorrect(
            f"Before {first}, {layers_in(early)} can be trained;", "expected every layer before it to be frozen."
        )
    missing = expected - found
    if missing:
        look = f"{first} itself is to be trained too." if layers_in(missing) == first else ""
        raise Incorrect(
            f"From {first} on, {layers_in(missing)} cannot be trained;", "expected them to be trainable.", look
        )


# --- 3: stage two -----------------------------------------------------------------------------------------------------


def fine_tune(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``fine_tune(model, first, images, labels, epochs)``: the trained model, and the loss of each epoch."""
    advice = {
        "cannot be called with the trainable variables": "An optimizer belongs to the weights it was made for: compile with a new one.",
        "Unknown variable": "An optimizer belongs to the weights it was made for: compile with a new one.",
    }
    check = ExerciseCheck("fine_tune", answer, seed=seed, advice=advice)
    with check, in_float32():
        classes, epochs = int(check.rng.integers(3, 6)), int(check.rng.integers(2, 5))
        first, head_rate = f"block_{int(check.rng.integers(3, 6))}_expand", 2e-3
        images, labels = images_and_labels(check.rng, 24, classes)
        base = made_up_residual_base(check.rng)
        late, still = unfrozen_names(base, first), batch_norms(base)
        model = made_up_model(base, classes, head_rate)
        model.fit(images, labels, verbose=0)  # builds the step that an answer without compile goes on using
        before, at_first = weights_of(model), cross_entropy(predict(model, images), labels)
        down = downhill(model, images, labels, first)
        outcome = once(
            lambda: read_pair(
                check.call(model, first, images.copy(), labels.copy(), epochs), "the model and its losses"
            )
        )
        after = once(lambda: weights_of(as_model(outcome()[0])))
        changed = once(lambda: moved(before, after()))
        # Elsewhere steps and losses may look like anything, and the parts about the rate and BatchNorm say what is wrong.
        slow_and_steady = once(
            lambda: (
                getattr(outcome()[0], "optimizer", None) is not None
                and learning_rate(outcome()[0]) <= head_rate / 10 * 1.01
                and not any(name.rpartition("/")[0] in still for name in changed())
            )
        )

        def require_learning(names: set[str], what: str) -> None:
            """What kept still in a model that was never trained is no merit, and losses without training are made up."""
            if not changed() & names:
                raise Incorrect(
                    f"After your function {what} had not moved at all;",
                    f"expected {first}, all layers after it, and the head to learn.",
                    "Unfreeze, then compile again, then fit: in this order.",
                )
            way = {name: step for name, step in down.items() if name in names}
            if slow_and_steady() and not agreement(before, after(), way) >= DOWNHILL:
                raise Incorrect(
                    f"After your function {what} had moved, but not towards a smaller loss on the images it was given;",
                    "expected the steps of training on them.",
                    "Is it fit that moves the weights, with these images and labels?",
                )

        with check.criterion(0.15, "one loss per epoch"):
            losses = _read_losses(outcome()[1], epochs)
            require_learning(set(before), "the model")
            if slow_and_steady():
                given = finite(predict(as_model(outcome()[0]), images), "what your model gives")
                _check_losses(losses, at_first, cross_entropy(given, labels))
        with check.criterion(0.30, f"what is unfrozen learns, and the head with it (here from {first} on)"):
            stuck = {name for name in late | {"head/kernel"} if name.endswith("kernel")} - changed()
            if stuck:
                raise Incorrect(
                    f"After your function {layers_in(stuck)} had not moved;",
                    f"expected {first}, all layers after it, and the head to learn.",
                    "Unfreeze, then compile again, then fit: in this order.",
                )
            require_learning(late | {"head/kernel"}, "the model")
        with check.criterion(0.20, "what is frozen keeps its weights"):
            require_learning(late, f"everything from {first} on")
            early = {name for name in changed() - late if not name.startswith("head/")}
            early = {name for name in early if name.rpartition("/")[0] not in still}
            if early:
                raise Incorrect(f"{layers_in(early)} moved;", f"expected everything before {first} to stay as it was.")
        with check.criterion(0.15, "BatchNorm keeps still"):
            require_learning(late, f"everything from {first} on")
            norms = {name for name in changed() if name.rpartition("/")[0] in still}
            if norms:
                raise Incorrect(
                    f"The BatchNorm layers {layers_in(norms)} moved;",
                    "expected their statistics, scale and shift to stay ImageNet's.",
                    "Freeze each BatchNorm layer after you have unfrozen the rest.",
                )
        with check.criterion(0.20, "a low rate"):
            require_learning(late, f"everything from {first} on")
            tuned = as_model(outcome()[0])
            rate, most = learning_rate(tuned), head_rate / 10
            steps = max(float(np.abs(weights_of(tuned)[name] - before[name]).max()) for name in late)
            if not 0 < rate <= most * 1.01:
                raise Incorrect(
                    f"Your second stage learns at a rate of {rate:g}, and moved a weight by up to {steps:.2g};",
                    f"the model came with a rate of {head_rate:g} (model.optimizer.learning_rate): expected a tenth of that or less.",
                    "Large steps at the start wipe out what ImageNet has taught.",
                )
    return check.verdict()


def _read_losses(value: object, epochs: int) -> np.ndarray:
    losses = finite(as_array(value, "your losses"), "your losses")
    if losses.ndim != 1 or len(losses) != epochs:
        count = len(losses) if losses.ndim == 1 else describe(value)
        raise Incorrect(
            f"For epochs={epochs} you return {count} losses;",
            f"expected {epochs}, one per epoch of this stage.",
            "initial_epoch counts from 0, and the last epoch of the first stage is already done."
            if losses.ndim == 1 and len(losses) == epochs + 1
            else 'fit returns a History: history.history["loss"] is a list.',
        )
    return losses


def _check_losses(losses: np.ndarray, at_first: float, at_last: float) -> None:
    """Complains unless losses lie about between those before and after: at a low rate there is little room."""
    low, high = min(at_first, at_last) / MARGIN, max(at_first, at_last) * MARGIN
    if losses.min() < low or losses.max() > high:
        raise Incorrect(
            f"Your losses run from {losses.min():.3g} to {losses.max():.3g};",
            f"on the images you were given the model's loss was {at_first:.3g} before your function and {at_last:.3g} after it.",
            'The losses are history.history["loss"] of the fit that trained the model you return.',
        )
