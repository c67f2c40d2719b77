"""Whether what lab 4 hands in is small and complete, what in it moved since ImageNet, and how well it predicts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, as_array, check_shape, describe, exercise, finite, once
from course_utils.checks.common import weights
from course_utils.checks.common.frozen_base import losses_with_and_without_tuning
from course_utils.checks.common.inputs import pretrained
from course_utils.checks.common.models import predict
from course_utils.checks.core.seeds import private_objects
from course_utils.checks.lab4 import made_up
from course_utils.data import load_scenes
from course_utils.errors import CourseError
from course_utils.finetune import rebuild
from course_utils.models import Base, find_base

THRESHOLD = 0.45
"""Share of hidden scenes that a handed-in model must get right; benchmarks/calibrate_lab4.py says how often right ones fail."""

FARTHEST = 0.5
"""How far an unfrozen layer may have moved, as a share of its length; further, and ImageNet's features are gone."""

ROUNDING = 1e-3
"""What was frozen may differ from ImageNet's weights by this share of its length: half precision rounds small numbers coarsely."""

STILL = 3e-4
"""What was unfrozen has moved if it differs by more; a kernel that stands still differs by 0.0002 in half precision."""

MOST_LOOKED_AT = 64
"""Of the training scenes, so many decide whether the second stage has made the loss smaller."""

LEAST_GAIN = 0.12
"""By which share the second stage must lower the loss on scenes it trained on: right ones lower it by 0.17 and more, and
noise in their place lowers it by luck, by 0.03 at most in 80 draws; benchmarks/calibrate_lab4.py measures both."""


@dataclass(frozen=True)
class Scale:
    """How much work lab 4 does on one kind of machine."""

    base: str  #: its name
    first: str  #: the first layer that the second stage unfreezes
    size: int  #: pixels on each side
    per_object: int  #: training scenes of each object
    policy: str  #: the precision Keras computes in
    batch: int  #: images per step
    head_epochs: int  #: of the first stage
    fine_epochs: int  #: of the second stage, images passing the whole network
    cached_epochs: int  #: of the second stage from saved activations, where an epoch is cheap
    scratch_epochs: int  #: of the small network that starts from random weights
    head_rate: float  #: learning rate of the first stage
    fine_rate: float  #: learning rate of the second
    limit_mb: int  #: the largest artefact that is accepted; 1 MB is a million bytes

    @property
    def record(self) -> Base:
        """The base's record."""
        return find_base(self.base)


SCALES = {
    "cpu": Scale("mobilenet_v2", "block_11_expand", 96, 5, "float32", 32, 6, 5, 8, 10, 1e-2, 1e-4, 20),
    "gpu": Scale("vgg16", "block5_conv1", 160, 20, "mixed_float16", 64, 10, 10, 10, 40, 1e-3, 1e-5, 60),
}
"""Lab 4's two profiles, by the name that ``hardware.profile`` gives."""


@exercise
@made_up.in_float32()
def trained_tensors(check: ExerciseCheck, artefact: object) -> None:
    """Checks ``trained_tensors(model)`` on a made-up model, and the artefact that was made with it, without training again.

    The artefact is as ``load_artefact`` returns it, or None when nothing has been trained yet. In a hidden check it is
    evaluated on compositions that nobody has seen.
    """
    import keras

    base, classes = made_up.residual_base(check.rng), int(check.rng.integers(3, 8))
    first = f"block_{int(check.rng.integers(3, 6))}_expand"
    late, norms = weights.unfrozen_names(base, first), weights.batch_norms(base)
    model = made_up.model_after_head(base, classes, 1e-3)
    base.trainable, order = True, [layer.name for layer in base.layers]
    # Flags as no rule of the lab's own would set them: one BatchNorm learns, and has statistics that do not.
    odd = {str(check.rng.choice(sorted(weights.layer_of(name) for name in late))), str(check.rng.choice(sorted(norms)))}
    for place, layer in enumerate(base.layers):
        layer.trainable = (place >= order.index(first) and layer.name not in norms) != (layer.name in odd)
    expected = {name: weights.weights_of(model)[name] for name in weights.trainable_names(model)}
    given = once(lambda: _read_tensors(check.call(model)))
    with check.criterion(0.25, "names"):
        missing, surplus = set(expected) - set(given()), set(given()) - set(expected)
        if missing or surplus:
            said = [f"missing are weights of {weights.layers_in(missing)}"] if missing else []
            said += [f"not expected are those of {weights.layers_in(surplus)}"] if surplus else []
            raise Incorrect(
                f"You return {len(given())} arrays: {'; '.join(said)}.",
                f"Expected {len(expected)}, under names such as {min(expected)} and head/kernel.",
                "Every trainable weight, and no other: the base's, and the head's. A model inside the model has layers too.",
            )
    with check.criterion(0.15, "values"):
        shared = set(given()) & set(expected)
        if not shared:
            raise Incorrect("None of your arrays has the name of a trained weight;", "expected layer/variable.")
        for name in shared:
            check_shape(given()[name], expected[name].shape, f"Your {name} has the shape")
            if not np.allclose(given()[name], expected[name], rtol=2e-2, atol=1e-3):
                raise Incorrect(f"Your {name} holds other values than the model;", "expected its weights.")

    @once
    def handed_in() -> tuple[Scale, dict, dict[str, np.ndarray]]:
        if artefact is None:
            look = "Answer all exercises, then run the cells that train, down to the one that saves."
            raise Incorrect("There is no artefact yet.", look)
        if not isinstance(artefact, Mapping) or not {"about", "tensors"} <= set(artefact):
            raise Incorrect(f"Your artefact is {describe(artefact)};", "expected what load_artefact returns.")
        about = artefact["about"] if isinstance(artefact["about"], Mapping) else {}
        scale = SCALES.get(about.get("profile")) if isinstance(about.get("profile"), str) else None
        if scale is None:
            raise Incorrect("Your artefact does not name its profile;", f"expected {' or '.join(SCALES)}.")
        return scale, dict(about), _read_tensors(artefact["tensors"])

    @once
    def rebuilt():
        scale, about, tensors = handed_in()
        for name in ("base", "first", "size"):
            if about.get(name) != getattr(scale, name):
                said = f"Your artefact says {name} {about.get(name)!r};"
                raise Incorrect(said, f"expected {getattr(scale, name)!r} for the {about['profile']} profile.")
        try:
            return rebuild({"about": about, "tensors": tensors})
        except CourseError as error:
            raise Incorrect(str(error)) from None

    with check.criterion(0.20, "artefact"):
        scale, about, tensors = handed_in()
        megabytes = sum(array.nbytes for array in tensors.values()) / 1e6
        if megabytes > scale.limit_mb:
            raise Incorrect(
                f"Your artefact takes {megabytes:.1f} MB;",
                f"at most {scale.limit_mb} MB are accepted for the {about['profile']} profile.",
                "Keep only what training could change, in half precision.",
            )
        imagenet = pretrained(scale.base, scale.size, scale.record.cut)
        late = weights.unfrozen_names(imagenet, scale.first)
        if missing := (late | {"head/kernel", "head/bias"}) - set(tensors):
            raise Incorrect(
                f"Your artefact lacks the weights of {weights.layers_in(missing)};",
                f"expected all from {scale.first} on, BatchNorm left out, and the head.",
            )
        original = weights.weights_of(imagenet)
        frozen = [name for name in tensors if name in original and name not in late]
        if moved := {name for name in frozen if _distance(tensors[name], original[name], name) > ROUNDING}:
            said = f"{weights.layers_in(moved)} moved away from ImageNet's weights;"
            raise Incorrect(said, f"expected everything before {scale.first}, and all BatchNorm layers, to stay.")
    unseen = "scenes it has never seen" if check.hidden else "the validation scenes"
    with check.criterion(0.40, "learned"):
        model, scale = rebuilt(), handed_in()[0]
        imagenet = pretrained(scale.base, scale.size, scale.record.cut)
        tensors, original = handed_in()[2], weights.weights_of(imagenet)
        late = sorted(weights.unfrozen_names(imagenet, scale.first) & set(tensors))
        how_far = {name: _distance(tensors[name], original[name], name) for name in late if name.endswith("kernel")}
        still = {name for name, far in how_far.items() if far < STILL}
        if still or not how_far:
            raise Incorrect(
                f"{weights.layers_in(still) or 'Everything'} still holds ImageNet's weights;",
                f"expected every layer from {scale.first} on to have learned.",
                "Was the model compiled again after it was unfrozen, with a learning rate that moves something (scale.fine_rate "
                "with Adam), and is it the trained model that you saved?",
            )
        farthest = max(how_far, key=how_far.get)
        if how_far[farthest] > FARTHEST:
            raise Incorrect(
                f"{farthest} moved by {how_far[farthest]:.0%} of its length;",
                f"expected less than {FARTHEST:.0%}: fine-tuning keeps what ImageNet has taught.",
                "Was the learning rate too high, or did the base begin with random weights?",
            )
        with_softmax = keras.Sequential([model, keras.layers.Softmax()])
        losses = losses_with_and_without_tuning(with_softmax, imagenet, *training_scenes(scale))
        # It is the loss that the second stage went down. Noise added to weights moves them as far, and gains nothing.
        if not losses[0] <= losses[1] * (1 - LEAST_GAIN):
            raise Incorrect(
                f"On {MOST_LOOKED_AT} scenes of the training part your network's loss is {losses[0]:.3g}, and {losses[1]:.3g} "
                f"with ImageNet's weights put back from {scale.first} on;",
                f"expected the second stage to have lowered it by {LEAST_GAIN:.0%} or more.",
                "Is it fit that moved these layers, on the training scenes with their labels, at scale.fine_rate, and is this "
                "the head they were trained with?",
            )
        scenes = load_scenes("validation", size=scale.size)
        if check.hidden:
            seed = int(check.rng.integers(2**31))
            scenes = load_scenes("test", size=scale.size, per_object=4, seed=seed, extra=private_objects())
        given = predict(model, scale.record.preprocess(scenes.images), at_once=32)
        accuracy = float((given.argmax(axis=1) == scenes.labels).mean())
        if accuracy < THRESHOLD:
            raise Incorrect(
                f"Rebuilt from your artefact, the model is right on {accuracy:.0%} of {len(scenes)} scenes ({unseen});",
                f"expected {THRESHOLD:.0%} or more; the majority-class baseline has {scenes.majority_share:.0%}.",
                "Was the head trained in the first stage, and are these the weights of the model that you have trained?",
            )


def _read_tensors(value: object) -> dict[str, np.ndarray]:
    """Reads a dictionary: name of a weight → its values."""
    if not isinstance(value, Mapping):
        raise Incorrect(f"You return {describe(value)};", 'expected a dictionary: "layer/variable" → array.')
    tensors = {}
    for name, array in value.items():
        if not isinstance(name, str):
            raise Incorrect(f"One of your keys is {describe(name)};", 'expected a name such as "head/kernel".')
        tensors[str.__str__(name)] = finite(as_array(array, f"the value for {name!r}"), f"the value for {name!r}")
    return tensors


def _distance(array: np.ndarray, before: np.ndarray, name: str) -> float:
    """How far a weight lies from what it was, as a share of its length."""
    check_shape(array, before.shape, f"{name} has the shape")
    before = before.astype(np.float64)
    return float(np.linalg.norm(array - before) / max(float(np.linalg.norm(before)), 1e-9))


def training_scenes(scale: Scale) -> tuple[np.ndarray, np.ndarray]:
    """At most ``MOST_LOOKED_AT`` of the scenes that lab 4 trains on, preprocessed, and their labels."""
    # One scene of each object is among the several that the notebook composes: each has random numbers of its own.
    scenes = load_scenes("train", size=scale.size, per_object=1)
    return scale.record.preprocess(scenes.images[:MOST_LOOKED_AT]), scenes.labels[:MOST_LOOKED_AT]
