"""What is handed in at the end of lab 6: the network, the images, and how they were split."""

from collections.abc import Mapping

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, as_array, describe, exercise, once
from course_utils.checks.common.frozen_base import layers_of_base, losses_with_and_without_tuning, weighted_layers
from course_utils.checks.common.models import as_model, predict, rebuilt
from course_utils.checks.common.splits import check_complete, check_no_leak, read_split
from course_utils.checks.common.weights import batch_norms, unfrozen_names, weights_of
from course_utils.checks.lab6.stages import FIRST, SIZE, pretrained_base

FEWEST_IMAGES, FEWEST_HELD_OUT, FEWEST_OBJECTS = 40, 6, 4
LARGEST_MB = 20
MOST_LOOKED_AT = 64
LEAST_GAIN = 0.01
"""By which share the loss on the training images must lie below that with ImageNet's base put back, as the lab's text says: Adam at 1e-4
lowers it by several times that, noise and plain SGD at 1e-4 hardly at all (benchmarks/calibrate_limits.py)."""


@exercise
def hand_in(check: ExerciseCheck) -> None:
    """Checks ``hand_in()``: the fine-tuned model, the images, and how they were split; the model predicts here again."""

    @once
    def given() -> dict:
        value, names = check.call(), ("model", "images", "labels", "groups", "train", "held_out")
        if not isinstance(value, Mapping) or not set(names) <= set(value):
            has = f" with {', '.join(map(str, value))}" if isinstance(value, Mapping) else ""
            raise Incorrect(f"You return {describe(value)}{has};", f"expected a dictionary with {', '.join(names)}.")
        # What more is in it (class names, say) does no harm.
        found = {name: as_array(value[name], f"your {name}") for name in names[1:]}
        found["model"] = as_model(value["model"])
        if found["images"].ndim != 4 or found["images"].shape[1:] != (SIZE, SIZE, 3):
            expected = f"expected (images, {SIZE}, {SIZE}, 3), as load_folder(…, size={SIZE}) gives them."
            raise Incorrect(f"Your images are {describe(found['images'])};", expected)
        lengths = [len(found[name]) if found[name].ndim else 0 for name in ("images", "labels", "groups")]
        if len(set(lengths)) > 1:
            said = f"You hand in {lengths[0]} images, {lengths[1]} labels and {lengths[2]} groups;"
            raise Incorrect(said, "expected one of each.")
        return found

    copy = once(lambda: rebuilt(given()["model"]))
    with check.criterion(0.10, "images"):
        images, labels = given()["images"], np.unique(given()["labels"])
        if images.dtype != np.uint8:
            raise Incorrect(f"Your images are {describe(images)};", "expected uint8, as load_folder gives them.")
        if len(images) < FEWEST_IMAGES or len(labels) < 2:
            raise Incorrect(
                f"You hand in {len(images)} images, and {len(labels)} different label{'s' * (len(labels) != 1)};",
                f"expected at least {FEWEST_IMAGES} of at least two classes.",
            )
    with check.criterion(0.10, "four objects"):
        groups, labels = given()["groups"], given()["labels"]
        fewest = min(len(np.unique(groups[labels == label])) for label in np.unique(labels))
        if fewest < FEWEST_OBJECTS:
            raise Incorrect(
                f"One of your classes has {fewest} object{'s' * (fewest != 1)};",
                f"expected at least {FEWEST_OBJECTS} of each.",
                "Photograph more objects of that kind: more images of the same one do not help.",
            )
    with check.criterion(0.25, "no leak"):
        # Two photographs of one mug can differ more than two mugs do, so no check can find out from pixels which images
        # show one object; exercise 1 checks the function that numbers them. The same image on both sides is found.
        pair = read_split((given()["train"], given()["held_out"]), len(given()["groups"]))
        check_complete(pair, given()["groups"])
        check_no_leak(pair, given()["groups"])
        if len(pair[1]) < FEWEST_HELD_OUT:
            said = f"You hold out {len(pair[1])} image{'s' * (len(pair[1]) != 1)};"
            raise Incorrect(said, f"expected at least {FEWEST_HELD_OUT} to test on.")
        train, held_out = ({one.tobytes() for one in given()["images"][part]} for part in pair)
        if train & held_out:
            raise Incorrect(
                f"{len(train & held_out)} of the images held out are, pixel by pixel, among those to train on too;",
                "expected none.",
                "The same file twice in your folder? Keep one, or give both the same object's name.",
            )
    with check.criterion(0.15, "only the end"):
        base = pretrained_base()
        own, norms = weighted_layers(base), batch_norms(base)
        first = [layer.name for _, layer in own].index(FIRST)
        for position, ((_, layer), (_, before)) in enumerate(zip(layers_of_base(copy(), base), own, strict=True)):
            same = all(map(np.array_equal, layer.get_weights(), before.get_weights()))
            if not same and (position < first or before.name in norms):
                raise Incorrect(
                    f"{before.name} does not hold ImageNet's weights any more;",
                    f"expected only convolutions from {FIRST} on to have learned.",
                    "Is everything before it frozen, and every BatchNorm layer, when the second fit begins?",
                )
    with check.criterion(0.20, "second stage"):
        tuned, put_back = losses_on_what_it_trained_on(copy(), given())
        # It is the loss that the second stage went down. A base whose weights were merely touched gains nothing by them;
        # one that was changed with this check in mind might.
        if not tuned <= put_back * (1 - LEAST_GAIN):
            raise Incorrect(
                f"On the images it trained on your model's loss is {tuned:.3g}, and {put_back:.3g} with ImageNet's base put back "
                "(both at a temperature, where the second is near 0 otherwise);",
                f"expected the first to be at least {LEAST_GAIN:.0%} smaller, which is what the second stage is for.",
                "Does the second fit get the same images and labels as the first, at a learning rate that moves something, and is "
                "its model the one you hand in?",
            )
    with check.criterion(0.05, "size"):
        base = pretrained_base()
        late = unfrozen_names(base, FIRST)
        of_base = sum(array.size for name, array in weights_of(base).items() if name in late)
        megabytes = 2 * (copy().count_params() - base.count_params() + of_base) / 1e6
        if megabytes > LARGEST_MB:
            raise Incorrect(
                f"What was trained takes {megabytes:.1f} MB in half precision;",
                f"expected at most {LARGEST_MB} MB.",
                "GlobalAveragePooling2D before the head keeps it small: 1280 parameters for each class.",
            )
    with check.criterion(0.15, "baseline"):
        labels, (train, held_out) = _labels_and_split(given())
        right = predict(copy(), given()["images"][held_out]).argmax(axis=1) == labels[held_out]
        majority = float(np.mean(labels[held_out] == np.bincount(labels[train]).argmax()))
        if right.mean() <= majority + 0.05:
            raise Incorrect(
                f"On the {len(held_out)} images held out your model is right {right.mean():.0%} of the time;",
                f"expected clearly more than the {majority:.0%} of the majority-class baseline.",
                "Does the first stage learn (look at its training accuracy)? Do the labels belong to the images?",
            )


def losses_on_what_it_trained_on(model, given: dict) -> tuple[float, float]:
    """The loss on the images trained on, of the handed-in model and with ImageNet's base put back under the same head."""
    labels, (train, _) = _labels_and_split(given)
    some = train[:: -(-len(train) // MOST_LOOKED_AT)]
    return losses_with_and_without_tuning(model, pretrained_base(), given["images"][some], labels[some])


def _labels_and_split(given: dict) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """The labels, and the positions trained on and held out, also where masks came."""
    return given["labels"].astype(int), read_split((given["train"], given["held_out"]), len(given["labels"]))
