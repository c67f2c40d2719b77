"""Lab 4's exercises about the two stages: the new head, unfreezing, fine-tuning."""

import numpy as np
from scipy.special import softmax

from course_utils.checks import ExerciseCheck, Incorrect, exercise, in_short, once
from course_utils.checks.common import weights
from course_utils.checks.common.augmentation import reaching, without_dropout
from course_utils.checks.common.inputs import with_biases
from course_utils.checks.common.models import as_model, output_of, predict
from course_utils.checks.core import values
from course_utils.checks.lab4 import made_up
from course_utils.models import find_base, load_base

HEAD_RATES = (1e-4, 3e-2)
DOWNHILL = 0.3
"""The least agreement of what moved with the gradient, see ``agreement``: right trainings have more, noise has less, and so have most
trainings on labels of the next class or in another order. benchmarks/calibrate_limits.py measures them."""

FASTEST = 5
"""How many times the learning rate an adaptive optimizer may move a weight per step: RMSprop's first step is 3.2 times as long."""

MARGIN = 1.25
"""How far a loss may lie outside the two between which a slow training goes, as a factor."""


@exercise
@made_up.in_float32()
def head_first(check: ExerciseCheck) -> None:
    """Checks ``head_first(base, augmentation, classes)``: a compiled model in which only the new head learns."""
    base, classes = made_up.residual_base(check.rng), int(check.rng.choice([3, 4, 5, 7]))  # never the course's six
    images, labels = made_up.images_and_labels(check.rng, 16, classes)
    pooled = predict(base, images).mean(axis=(1, 2))
    own = weights.weights_of(base)
    given = once(lambda: as_model(check.call(base, made_up.augmentation(), classes)))
    with check.criterion(0.25, "head"):
        _check_head(given(), images, classes)
    with check.criterion(0.20, "averaged"):
        last = [layer for layer in weights.leaves(given()) if layer.weights][-1]
        values.check_close(
            reaching(given(), last, images),
            pooled,
            "Your model's last layer receives",
            "the average of each map of the base is",
            look="GlobalAveragePooling2D comes between the base and the head. Does the base have its own weights?",
        )
        others = weights.trainable_names(given()) - set(own)
        if between := {name for name in others if weights.layer_of(name) != last.name}:
            raise Incorrect(
                f"Besides the head {weights.layers_in(between)} can be trained;",
                "expected the head to receive the averages, in training too.",
                "A layer that learns in front of the head changes them.",
            )
    with check.criterion(0.25, "frozen base"):
        model = given()
        before = weights.weights_of(model)
        weights.one_step(model, images, labels)
        changed = weights.moved(before, weights.weights_of(model)) | (set(own) - set(before))
        if changed & set(own):
            raise Incorrect(
                f"After one training step {weights.layers_in(changed & set(own))} of the base had moved;",
                "expected the whole base to keep its weights and its BatchNorm statistics.",
                "Freeze it before you compile: base.trainable = False.",
            )
        if not changed:
            raise Incorrect("After one training step the head had not moved;", "expected it to learn.")
    with check.criterion(0.20, "augmented"):
        model = given()
        # The last to look at the model as it came: a batch's own statistics would look like augmentation.
        norms = weights.batch_norms(model)
        for layer in weights.leaves(model):
            if layer.name == "head" and layer.weights:
                _known_kernel(layer)
            if layer.name in norms:
                layer.trainable = False
        still = predict(model, images)
        with without_dropout(model):
            trained = values.as_array(model(images, training=True), "what your model gives")
        if np.allclose(still, trained, atol=1e-5):
            raise Incorrect(
                "In training your model sees the images as they are;",
                "expected them to pass through augmentation first.",
                "augmentation is a model: images = augmentation(images), before the base.",
            )
        if not np.allclose(still, predict(model, images), atol=1e-4):
            said = "Outside training your model gives another answer each time;"
            raise Incorrect(said, "expected augmentation in training only.")
    with check.criterion(0.10, "learning rate"):
        weights.check_rate(given(), *HEAD_RATES, "a head that is new")


def _check_head(model, images: np.ndarray, classes: int) -> None:
    """Complains unless one layer called head, a Dense, turns what reaches it into probabilities."""
    layers = weights.leaves(model)
    heads = [layer for layer in layers if layer.name == "head"]
    if not heads:
        last = f"no layer called head (its last one is called {layers[-1].name})" if layers else "no layers"
        look = "Exercise 6 finds the head's weights by this name."
        raise Incorrect(f"Your model has {last};", 'expected Dense(classes, …, name="head").', look)
    head, received = heads[0], reaching(model, heads[0], images)
    shapes = [tuple(weight.shape) for weight in head.weights]
    expected = [(received.shape[-1], classes), (classes,)]
    if shapes != expected:
        raise Incorrect(f"Your head has {', '.join(map(str, shapes)) or 'no weights'};", f"expected {expected}.")
    # Whatever it began with: a kernel of zeros would answer alike for any image, and hide what lies before it.
    scores = received @ _known_kernel(head) + values.as_array(head.weights[1].value, "the head's bias")
    likely, given = softmax(scores, axis=1), output_of(model, images)
    # Scores without a softmax are as good, when the loss is told that they are.
    for expected in (likely, scores) if getattr(model.loss, "from_logits", False) else (likely,):
        if given.shape == expected.shape and np.allclose(given, expected, rtol=1e-2, atol=1e-3):
            return
    raise Incorrect(
        f"For one image your model gives {in_short(given.reshape(len(given), -1)[0, :3])};",
        f"a softmax of the head's scores gives {in_short(likely[0, :3])}.",
        'Dense(classes, activation="softmax", …) is the last layer.',
    )


def _known_kernel(head) -> np.ndarray:
    """Gives a head a kernel that no two features and no two classes share, and returns it: float32 (channels, classes)."""
    shape = tuple(head.weights[0].shape)
    kernel = np.cos(np.arange(np.prod(shape), dtype=np.float32)).reshape(shape)
    head.weights[0].assign(kernel)
    return kernel


@exercise
@made_up.in_float32()
def unfreeze_from(check: ExerciseCheck) -> None:
    """Checks ``unfreeze_from(base, first)``: the base, trainable from that layer on, its BatchNorm frozen."""
    vgg16, mobilenet = (
        load_base(name, weights=None, input_shape=(32, 32, 3), cut=cut)
        for name, cut in (("vgg16", None), ("mobilenet_v2", find_base("mobilenet_v2").cut))
    )
    with_biases(check.rng, vgg16)
    vgg16_from = str(check.rng.choice(["block4_conv2", "block5_conv1", "block5_conv2"]))
    small, deep = (f"block_{int(check.rng.integers(low, high))}_expand" for low, high in ((3, 6), (8, 13)))
    cases = [
        (vgg16, vgg16_from, False),
        (mobilenet, deep, False),
        (made_up.residual_base(check.rng), small, False),
        (made_up.residual_base(check.rng), small, True),
    ]
    for base, _, free in cases:
        base.trainable = free
    wanted = [weights.unfrozen_names(base, first) for base, first, _ in cases]
    before = [weights.weights_of(base) for base, *_ in cases]
    which = [f"the base after unfreeze_from(base, {first!r})" for _, first, _ in cases]

    @once
    def given(number: int):
        base, first, _ = cases[number]
        value = check.call(base, first)
        if value is None:
            raise Incorrect("You return nothing;", "expected the base, with its new flags.", "End with: return base.")
        model = as_model(value)
        if not weights.trainable_names(model):  # what keeps still in a base that is frozen as a whole is no merit
            weights.check_trainable(model, wanted[number], which[number])
        return model

    for share, part in ((0.35, "unfrozen"), (0.25, "frozen"), (0.25, "BatchNorm")):
        with check.criterion(share, part):
            for number, (_, first, _) in enumerate(cases):
                weights.check_part(given(number), wanted[number], part, which[number], first=first)
    with check.criterion(0.15, "weights kept"):
        for number in range(len(cases)):
            if changed := weights.moved(before[number], weights.weights_of(given(number))):
                said = f"The weights of {weights.layers_in(changed)} are not what they were;"
                raise Incorrect(said, "expected only flags to change.")


@exercise(advice=weights.OLD_OPTIMIZER)
@made_up.in_float32()
def fine_tune(check: ExerciseCheck) -> None:
    """Checks ``fine_tune(model, first, images, labels, epochs)``: the trained model, and the loss of each epoch."""
    classes, epochs = int(check.rng.choice([3, 4, 6])), int(check.rng.integers(2, 5))  # as many images of each
    first, head_rate = f"block_{int(check.rng.integers(3, 6))}_expand", float(check.rng.uniform(1.5e-3, 2.5e-3))
    images, labels = made_up.images_and_labels(check.rng, 24, classes)
    base = made_up.residual_base(check.rng)
    late, norms = weights.unfrozen_names(base, first), weights.batch_norms(base)
    model = made_up.model_after_head(base, classes, head_rate)
    made_up.undecide(model, base, images)
    model.fit(images, labels, verbose=0)  # builds the step that an answer without compile goes on using
    before, at_first = weights.weights_of(model), weights.cross_entropy(predict(model, images), labels)
    down = made_up.downhill(model, images, labels, first)

    @once
    def outcome() -> tuple:
        value = check.call(model, first, images.copy(), labels.copy(), epochs)
        return values.as_tuple(value, 2, "two things: the model and its losses")

    after = once(lambda: weights.weights_of(as_model(outcome()[0])))
    changed = once(lambda: weights.moved(before, after()))
    # Elsewhere steps and losses may look like anything, and the criteria about the learning rate and BatchNorm say what is wrong.
    slow_and_steady = once(
        lambda: (
            getattr(outcome()[0], "optimizer", None) is not None
            and weights.learning_rate(outcome()[0]) <= head_rate / 10 * 1.01
            and not any(weights.layer_of(name) in norms for name in changed())
        )
    )

    def require_moved(done: bool, what: str) -> None:
        if not done:
            raise Incorrect(
                f"After your function {what} had not moved;",
                f"expected {first}, all layers after it, and the head to learn.",
                "Unfreeze, then compile again, then fit: in this order.",
            )

    def require_learning(names: set[str], what: str) -> None:
        """What kept still in a model that was never trained is no merit, and losses without training are made up."""
        require_moved(bool(changed() & names), what)
        way = {name: step for name, step in down.items() if name in names}
        if slow_and_steady() and not made_up.agreement(before, after(), way) >= DOWNHILL:
            raise Incorrect(
                f"After your function {what} had moved, but not towards a smaller loss on the images it was given;",
                "expected the steps of training on them.",
                "Is it fit that moves the weights, with these images and labels?",
            )

    with check.criterion(0.15, "losses"):
        losses = values.finite(values.as_array(outcome()[1], "your losses"), "your losses")
        look = 'fit returns a History: history.history["loss"] is a list.'
        if losses.shape == (epochs + 1,):
            look = "initial_epoch counts from 0, and the last epoch of the first stage is already done."
        values.check_shape(losses, (epochs,), f"For epochs={epochs} your losses have shape", look)
        require_learning(set(before), "the model")
        if slow_and_steady():
            at_last = weights.cross_entropy(output_of(as_model(outcome()[0]), images), labels)
            # At a low learning rate there is little room for them elsewhere.
            if losses.min() < min(at_first, at_last) / MARGIN or losses.max() > max(at_first, at_last) * MARGIN:
                raise Incorrect(
                    f"Your losses run from {losses.min():.3g} to {losses.max():.3g};",
                    f"on the images you were given the model's loss was {at_first:.3g} before your function and "
                    f"{at_last:.3g} after it.",
                    'The losses are history.history["loss"] of the fit that trained the model you return.',
                )
    with check.criterion(0.30, "unfrozen"):
        stuck = {name for name in late | {"head/kernel"} if name.endswith("kernel")} - changed()
        require_moved(not stuck, weights.layers_in(stuck))
        require_learning(late | {"head/kernel"}, "the model")
    with check.criterion(0.20, "frozen"):
        require_learning(late, f"everything from {first} on")
        early = {name for name in changed() - late if weights.layer_of(name) not in norms | {"head"}}
        if early:
            raise Incorrect(
                f"{weights.layers_in(early)} moved;", f"expected everything before {first} to stay as it was."
            )
    with check.criterion(0.15, "BatchNorm"):
        require_learning(late, f"everything from {first} on")
        loose = {name for name in changed() if weights.layer_of(name) in norms}
        if loose:
            raise Incorrect(
                f"The BatchNorm layers {weights.layers_in(loose)} moved;",
                "expected their statistics, scale and shift to stay ImageNet's.",
                "Freeze each BatchNorm layer after you have unfrozen the rest.",
            )
    with check.criterion(0.20, "learning rate"):
        require_learning(late, f"everything from {first} on")
        steps = max(float(np.abs(after()[name] - before[name]).max()) for name in late)
        optimizer, again = weights.optimizer_of(outcome()[0]), as_model(outcome()[0])
        rate, number = weights.learning_rate(again), int(optimizer.iterations)
        again.compile("adam", "sparse_categorical_crossentropy")
        again.optimizer.learning_rate = head_rate
        in_one_epoch = check.call(again, first, images.copy(), labels.copy(), 1)  # a callback may lower the rate later
        rate = max(rate, weights.learning_rate(as_model(values.as_tuple(in_one_epoch, 2, "the same two things")[0])))
        if not 0 < rate <= head_rate / 10 * 1.01:
            raise Incorrect(
                f"Your second stage has the learning rate {rate:g}, and moved a weight by up to {steps:.2g};",
                f"the model came with {head_rate:g} (model.optimizer.learning_rate): expected a tenth of that or less.",
                "Large steps at the start wipe out what ImageNet has taught.",
            )
        farthest = FASTEST * head_rate / 10 * number
        if number and steps > farthest and "SGD" not in type(optimizer).__name__:  # whose steps grow with the gradient
            raise Incorrect(
                f"In {number} steps your second stage moved a weight by {steps:.2g};",
                f"expected at most {farthest:.2g} at a learning rate of {head_rate / 10:g}.",
                "Does a callback raise the learning rate while fit runs?",
            )
