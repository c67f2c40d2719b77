"""Whether an extractor gives the right features, and whether a head trained on them is right often enough."""

from __future__ import annotations

import contextlib
import functools
import io

import numpy as np

from course_utils.checks.common.models import as_model, check_rebuilt, output_of, predict
from course_utils.checks.core.exercise_check import Incorrect, as_array, describe, explain, finite, in_short
from course_utils.checks.core.seeds import private_cutouts

BASE = "vgg16"
CUT = "block5_pool"
SIZE = 96
"""Height and width of the scenes, in pixels."""
SCENES_PER_CUTOUT = 3
"""Scenes of each cut-out. More of them cost time, a pass of VGG16 each, and say little more: the cut-outs stay the same."""


@functools.cache
def base_for_any_size(name: str = BASE):
    """A pretrained base without its top that takes images of any size; built once per process."""
    from course_utils.models.loading import load_base

    return load_base(name, input_shape=(None, None, 3))


KNOWN: dict[tuple, tuple] = {}
"""Features that have been computed in this process, or were given to it, by how they are asked for."""


def scene_features(split: str, seed: int = 0, per_cutout: int = SCENES_PER_CUTOUT, *, keep: bool = True):
    """VGG16's pooled features of scenes, computed here and not by a student's functions.

    Args:
        split: ``"train"``, ``"validation"`` or ``"test"``.
        seed: which compositions; 0 gives the ones of the notebook.
        per_cutout: scenes of each cut-out.
        keep: use the store on disk. Never for hidden scenes, which an instructor's own cut-outs join: a student's notebook
            may be able to read the store.

    Returns:
        ``(features, labels, groups)``: float32 (N, 512), int64 (N,), int64 (N,). They are shared: do not change them.
    """
    asked = (split, seed, per_cutout, keep)
    if asked not in KNOWN:
        KNOWN[asked] = _computed(*asked)
    return KNOWN[asked]


def _computed(split: str, seed: int, per_cutout: int, keep: bool) -> tuple:
    from course_utils.data import load_scenes
    from course_utils.features.extraction import extract
    from course_utils.models.loading import load_base

    scenes = load_scenes(split, size=SIZE, seed=seed, per_cutout=per_cutout, extra=None if keep else private_cutouts())
    extractor = load_base(BASE, input_shape=(SIZE, SIZE, 3), cut=CUT, pooling="avg")
    with contextlib.redirect_stdout(io.StringIO()):  # where the store is read-only, a line would say so
        features = extract(extractor, scenes.images, preprocess=BASE, store=None if keep else False, progress=False)
    for array in (features, scenes.labels, scenes.groups):
        array.flags.writeable = False
    return features, scenes.labels, scenes.groups


def check_extractor(value: object, photo: np.ndarray, cut: str) -> None:
    """Complains unless a model turns a prepared image into the averages of VGG16's map at a layer.

    Args:
        value: the student's model.
        photo: uint8 (size, size, 3).
        cut: name of the layer.
    """
    import keras

    from course_utils.models.loading import preprocess

    base, batch = base_for_any_size(), preprocess(BASE, photo[None])

    def maps(layer: str, images: np.ndarray) -> np.ndarray:
        return predict(keras.Model(base.input, base.get_layer(layer).output), images)

    expected = maps(cut, batch)
    try:
        check_rebuilt(value, f"a cut at {cut}", "avg", batch, expected)
    except Incorrect:
        given = output_of(as_model(value), batch)
        mistakes = {
            "Your model prepares the image by itself; it is to be given images that are prepared already.": (
                maps(cut, preprocess(BASE, batch))
            )
        }
        if cut != CUT:
            mistakes[
                f"This is what comes out at {CUT}, the end of the base, whatever cut is. (Taking layers off base.layers "
                "changes a list and not the model.)"
            ] = maps(CUT, batch)
        for look, wrong in mistakes.items():
            for other in (wrong.mean(axis=(1, 2)), wrong.max(axis=(1, 2)), wrong, wrong.reshape(1, -1)):
                if given.shape == other.shape and np.allclose(given, other, rtol=1e-2, atol=1e-2):
                    start = in_short(expected.mean(axis=(1, 2))[0, :4])
                    raise Incorrect(
                        f"For a cut at {cut} the vector starts {in_short(given.ravel()[:4])};",
                        f"expected {start}.",
                        look,
                    ) from None
        raise


def made_up_extractor(rng: np.random.Generator):
    """A small extractor with BatchNorm and Dropout, which behave differently in training; it stands for VGG16.

    Returns:
        ``(model, side)``: from prepared images (N, side, side, 3) to vectors.
    """
    import keras

    side, channels = int(rng.integers(24, 40)), int(rng.integers(9, 21))
    layers = keras.layers
    # Named after the base, so that preparing images by the base's name works too.
    extractor = keras.Sequential(
        [
            keras.Input((side, side, 3)),
            layers.Conv2D(channels, 3, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(0.5),
        ],
        name=BASE,
    )
    for weight in extractor.weights:
        if weight.path.endswith("moving_mean"):
            weight.assign(rng.normal(scale=20, size=weight.shape))
        elif weight.path.endswith("moving_variance"):
            weight.assign(rng.uniform(200, 900, size=weight.shape))
        elif weight.path.endswith("kernel"):
            weight.assign(rng.normal(scale=0.3, size=weight.shape))
    return extractor, side


def read_rows(value: object, number: int, length: int) -> np.ndarray:
    """Reads features, float64 (number, length), or complains about their shape."""
    array = as_array(value, "your features")
    if array.shape != (number, length):
        look = ""
        if array.ndim == 2 and array.shape[1] == length and array.shape[0] < number:
            look = "Is the last batch, which is smaller than the others, there?"
        elif array.ndim != 2:
            look = "np.concatenate joins the batches' arrays along the first axis."
        raise Incorrect(f"For {number} images you return {array.shape};", f"expected {(number, length)}.", look)
    return finite(array.astype(np.float64), "your features")


def check_prepared(extractor, images: np.ndarray, given: np.ndarray) -> None:
    """Complains unless features are those of images prepared for VGG16; recognises the usual mistakes."""
    from course_utils.models.loading import preprocess

    def distance(prepared: np.ndarray) -> float:
        return float(np.abs(given - predict(extractor, prepared.astype(np.float32))).mean())

    pixels, right = images.astype(np.float32), preprocess(BASE, images)
    if distance(right) <= 1e-2 * float(np.abs(given).mean()) + 1e-4:
        return
    wrong = {
        "This is what comes of pixels from 0 to 255, without any preparation.": pixels,
        "This is what comes of pixels divided by 255, which is not what VGG16 was trained with.": pixels / 255,
        "This is what comes of preparing pixels that were divided by 255 first.": preprocess(BASE, pixels / 255),
        "This is what comes of preparing the images twice.": preprocess(BASE, right),
        "Red and blue have changed places.": preprocess(BASE, images[..., ::-1]),
        "This is the preparation of mobilenet_v2.": preprocess("mobilenet_v2", images),
        "The rows come in another order than the images.": right[::-1],
    }
    likeliest = min(wrong, key=lambda mistake: distance(wrong[mistake]))
    known = distance(wrong[likeliest]) <= distance(right) / 8
    expected = predict(extractor, right)
    raise Incorrect(
        f"Your first row starts {in_short(given[0, :4])};",
        f"expected {in_short(expected[0, :4])}.",
        likeliest if known else 'VGG16 wants preprocess("vgg16", images), once, and nothing else.',
    )


def rebuilt(value: object):
    """A student's model as the grading program gets it: built again from its configuration and weights.

    Raises:
        Incorrect: it is no model, or one that cannot be written down as data; said at once rather than after handing in.
    """
    from nbgrader_isolated.wire import keras_model

    model = as_model(value)
    try:
        return keras_model.unpack(keras_model.pack(model))
    except Exception as error:  # of the wire, or of a class of the student's own that cannot describe itself
        raise Incorrect(
            f"Your model ({type(model).__name__}) cannot be handed in: it is handed in as a description of its layers "
            f"with their weights, and this one cannot be described so. {explain(error)}",
            "Expected a keras.Sequential, or a keras.Model(inputs, outputs), of Keras's own layers.",
        ) from None


def check_ends(model, length: int, classes: int) -> None:
    """Complains unless a head takes vectors of this length and gives one number per class."""
    try:
        takes, gives = tuple(model.input_shape), tuple(model.output_shape)
    except Exception:  # AttributeError from Keras where a model has never been built
        raise Incorrect(
            "Your model does not know its input yet;", "start it with keras.Input((number of features,))."
        ) from None
    if takes != (None, length):
        look = "The number of features is features.shape[1]." if len(takes) == 2 else "It gets features, not images."
        raise Incorrect(
            f"For {length} features per image your model takes {takes};", f"expected {(None, length)}.", look
        )
    if gives != (None, classes):
        look = "The argument classes says how many there are."
        if gives == (None, 1):
            look = "One number can tell two classes apart; for more, give one number per class and a softmax over them."
        raise Incorrect(f"For {classes} classes your model gives {gives};", f"expected {(None, classes)}.", look)


def probabilities_of(model, features: np.ndarray) -> np.ndarray:
    """What a rebuilt head gives for features, or a complaint where it cannot be used on them."""
    try:
        given = as_array(model(features, training=False), "what your model gives")
    except Incorrect:
        raise
    except Exception as error:
        raise Incorrect(
            f"Your model cannot be used on features of shape {features.shape}: {explain(error)}.", ""
        ) from None
    return finite(given, "what your model gives")


def check_probabilities(given: np.ndarray) -> None:
    """Complains unless every row holds probabilities of classes that exclude each other."""
    sums = given.sum(axis=1)
    if given.min() >= -1e-3 and np.allclose(sums, 1, atol=1e-2):
        return
    if given.min() < 0:
        look = 'These look like scores before the softmax: end with keras.layers.Dense(classes, activation="softmax").'
    else:
        look = "A sigmoid per class lets every class be likely at once; a softmax shares out a whole."
    raise Incorrect(
        f"Your model's rows run from {given.min():.3g} to {given.max():.3g}, and the first adds up to {sums[0]:.3g};",
        "expected numbers from 0 to 1 that add up to 1.",
        look,
    )


def check_right_often(predicted: np.ndarray, labels: np.ndarray, *, threshold: float, seen: float, scenes: str) -> None:
    """Complains unless enough unseen scenes are named rightly.

    Args:
        predicted: class of each unseen scene.
        labels: the right classes.
        threshold: the share that is asked for.
        seen: the share of the training scenes that is named rightly, for the message.
        scenes: what the unseen scenes are, in words.
    """
    share = float(np.mean(predicted == labels))
    if share >= threshold:
        return
    majority = float(np.bincount(np.unique(labels, return_inverse=True)[1]).max() / len(labels))
    constant = len(np.unique(predicted)) == 1
    if seen < threshold:
        look = (
            "It has not learned the scenes it was trained on either: is it fitted, for long enough, with a learning rate "
            "that is neither tiny nor huge, and is whatever scales the features part of what you return? The check numbers the "
            "classes and orders the columns anew, so only the features and labels that your function is given fit."
        )
    else:
        look = "It has learned its own scenes by heart: a smaller head, fewer epochs or dropout may help."
    raise Incorrect(
        f"Of {len(labels)} {scenes} {share:.0%} are named rightly, and of those it was trained on {seen:.0%};",
        f"expected at least {threshold:.0%} of the unseen ones. Always answering the commonest class gives {majority:.0%}."
        + (" Yours always gives the same answer." if constant else ""),
        look,
    )


def predictions_of(fitted: object, features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """What a fitted scikit-learn object says about features: one of the labels it was trained with for each row."""
    predict = getattr(fitted, "predict", None)
    if not callable(predict):
        look = (
            "Return the fitted object itself, not what it predicts."
            if getattr(fitted, "shape", None) is not None
            else ""
        )
        raise Incorrect(f"You return {describe(fitted)};", "expected a fitted object with a method predict.", look)
    try:
        answer = predict(features)
    except Exception as error:
        unfitted = "Has it been fitted? Call fit before you return it."
        raise Incorrect(
            f"Its predict raised {explain(error)} for features of shape {features.shape}.", unfitted
        ) from None
    predicted = as_array(answer, "what it predicts")
    if predicted.shape != (len(features),):
        raise Incorrect(
            f"For {len(features)} rows of features it predicts an array of shape {predicted.shape};",
            f"expected one label per row, {(len(features),)}.",
        )
    strange = ~np.isin(predicted, labels)
    if strange.any():
        raise Incorrect(
            f"It predicts, for example, {predicted[strange][0]:.4g}, which is none of the labels it was given;",
            f"expected labels such as {', '.join(map(str, np.unique(labels)[:3]))}.",
            "Is it a classifier, fitted on the labels as they came?",
        )
    return predicted
