"""Pretrained bases as plain Keras models, images prepared for them, and their predictions in words."""

from __future__ import annotations

import csv
import difflib
import functools
import os
import re
import warnings
from importlib import resources
from pathlib import Path

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.models import efficientnet_lite, readers, tensor_file
from course_utils.models import weights as stored
from course_utils.models.registry import Base, find_base


def load_base(
    name: str,
    *,
    input_shape: tuple | None = None,
    weights: str | os.PathLike | None = "imagenet",
    include_top: bool = False,
    pooling: str | None = None,
    cut: str | None = None,
    classes: int = 1000,
):
    """Loads a base as a plain ``keras.Model``; never uses the network.

    Layers have the names ``keras.applications`` gives them in a fresh process, such as ``block1_conv1``. The model is
    named after the base, is not compiled, and all of it is trainable.

    Args:
        name: one of ``registry.BASES``, for example ``"vgg16"``.
        input_shape: (height, width, 3); by default the base's own. Without the top any size from the
            base's minimum on will do, and None in place of height and width admits them all.
        weights: ``"imagenet"``; None for random numbers; or the path of a file: ``.npz`` from the course's store, or
            ``.weights.h5`` / ``.h5`` that ``save_weights`` wrote for the same call.
        include_top: end with the classifier that turns features into probabilities.
        pooling: ``"avg"`` or ``"max"`` over height and width, after the last layer, or after the cut; None for neither.
        cut: name of the layer to end with.
        classes: outputs of the top; other than 1000 only without pretrained weights.

    Returns:
        A ``keras.Model`` from float32 (N, height, width, 3), prepared by ``preprocess``, to float32 features
        (N, h, w, channels), or (N, channels) with pooling, or (N, classes) probabilities with the top.

    Raises:
        UnknownNameError: no such base.
        BadArgumentError: arguments that cannot work together, a layer that does not exist, a file of another base.
        NotAvailableError: the weights must be fetched first.
        StoreError: the weight file is truncated or altered.
    """
    base = find_base(name)
    pretrained = weights == "imagenet"
    shape = _check(base, input_shape, weights, include_top, pooling, cut, classes)
    if pretrained:
        stored.weights_path(name, include_top=include_top and cut is None)
    model = _build(base, shape, include_top, classes)
    model = _end(model, cut, pooling, name)
    if pretrained:
        _assign(model, stored.load_tensors(name, needed=_variables(model)))
    elif weights is not None:
        _load_file(model, Path(weights), name)
    return model


def _check(base: Base, input_shape, weights, include_top, pooling, cut, classes) -> tuple:
    """Returns the input shape to build with, or raises the error a reader can act on."""
    size = base.input_size
    shape = (size, size, 3) if input_shape is None else input_shape
    whole = isinstance(shape, (tuple, list)) and len(shape) == 3
    if not whole or not all(n is None or (isinstance(n, (int, np.integer)) and n > 0) for n in shape):
        raise BadArgumentError(
            f"input_shape must be (height, width, channels), such as ({size}, {size}, 3), not {shape!r}."
        )
    height, width, channels = shape = tuple(None if n is None else int(n) for n in shape)
    if channels != 3 and not (channels == 1 and weights is None):
        raise BadArgumentError(
            f"{base.name} takes images of 3 colour channels, not {channels}. Repeat a grey channel three times."
        )
    if min(n or base.min_size for n in (height, width)) < base.min_size:
        raise BadArgumentError(
            f"{base.name} needs images of at least {base.min_size}x{base.min_size} pixels, not {height}x{width}. "
            "Enlarge the images, or choose another base."
        )
    if pooling not in (None, "avg", "max"):
        raise BadArgumentError(f"pooling must be None, 'avg' or 'max', not {pooling!r}.")
    if not isinstance(classes, (int, np.integer)) or classes < 1:
        raise BadArgumentError(f"classes must be a positive whole number, not {classes!r}.")
    if include_top and pooling and not cut:
        raise BadArgumentError("The top pools by itself: use pooling only with include_top=False, or with a cut.")
    if include_top and None in (height, width):
        raise BadArgumentError("With include_top=True the height and width in input_shape must be numbers, not None.")
    if weights == "imagenet" and include_top:
        if (height, width) != (size, size):
            raise BadArgumentError(
                f"{base.name}'s pretrained top takes images of {size}x{size} pixels, not {height}x{width}. Leave "
                "input_shape out, or use include_top=False, or weights=None for an untrained model of this size."
            )
        if classes != base.classes:
            raise BadArgumentError(
                f"{base.name}'s pretrained top has {base.classes} classes, not {classes}. Use include_top=False and "
                "put your own top on it, or weights=None for an untrained model."
            )
    if isinstance(weights, str) and weights != "imagenet" and not Path(weights).is_file():
        raise BadArgumentError(
            f"weights must be 'imagenet', None, or the path of a file; there is no file {weights!r}."
        )
    return shape


def _build(base: Base, shape: tuple, include_top: bool, classes: int):
    """Builds the network with random weights."""
    import keras

    if base.keras_name is None:
        return efficientnet_lite.build(input_shape=shape, include_top=include_top, classes=classes, name=base.name)
    builder = getattr(keras.applications, base.keras_name)
    model = builder(weights=None, include_top=include_top, input_shape=shape, classes=classes, name=base.name)
    if base.automatic_names:
        # Where an author left a layer unnamed, Keras numbers it by how many were built before in this process, so a
        # second Xception has other names than the first. Files and cuts need names that are the same every time.
        names = stable_names(model)
        for layer in model.layers:
            layer.name = names[layer.name]
    return model


def stable_names(model) -> dict[str, str]:
    """Returns each layer's name → the name it would have if the model were the first one built in its process."""
    numbered: dict[str, list[tuple[int, str]]] = {}
    for layer in model.layers:
        stem, number = re.fullmatch(r"(.+?)(?:_(\d+))?", layer.name).groups()
        if stem.replace("_", "") == type(layer).__name__.lower():
            numbered.setdefault(stem, []).append((int(number or 0), layer.name))
    names = {layer.name: layer.name for layer in model.layers}
    for stem, found in numbered.items():
        for count, (_, name) in enumerate(sorted(found)):
            names[name] = f"{stem}_{count}" if count else stem
    return names


def _end(model, cut: str | None, pooling: str | None, name: str):
    """Ends the model at the layer called ``cut``, and pools what comes out."""
    import keras

    output = model.output
    if cut is not None:
        output = _layer(model, cut, name).output
    if pooling is not None:
        if len(output.shape) != 4:
            raise BadArgumentError(f"Layer {cut!r} has no height and width left to pool over. Use pooling=None.")
        kind = keras.layers.GlobalAveragePooling2D if pooling == "avg" else keras.layers.GlobalMaxPooling2D
        output = kind(name=f"{pooling}_pool")(output)
    return model if output is model.output else keras.Model(model.input, output, name=name)


def _layer(model, cut: str, name: str):
    layers = {layer.name: layer for layer in model.layers}
    if cut in layers:
        return layers[cut]
    near = difflib.get_close_matches(str(cut), layers, n=3, cutoff=0.0)
    raise BadArgumentError(
        f"{name} has no layer called {cut!r} to cut at. The nearest are {', '.join(map(repr, near))}."
    )


def _variables(model) -> dict:
    """Returns every variable of a model by ``"layer/variable"``, the name it has in the stored files."""
    return {f"{layer.name}/{variable.name}": variable for layer in model.layers for variable in layer.weights}


def _assign(model, tensors: dict[str, np.ndarray]) -> None:
    for name, variable in _variables(model).items():
        variable.assign(tensors[name])


def _load_file(model, path: Path, name: str) -> None:
    """Loads weights from a user's own file, which is only ever read as numbers."""
    wanted = _variables(model)
    if path.name.endswith(".npz"):
        tensors = tensor_file.read_tensors(path)
        for key, variable in wanted.items():
            if key not in tensors or tensors[key].shape != tuple(variable.shape):
                found = f"it has the shape {tensors[key].shape}" if key in tensors else "it is missing"
                raise BadArgumentError(
                    f"{path.name} does not fit this {name}: {key} should have the shape {tuple(variable.shape)}, and "
                    f"{found}. Use the file of the same base, with the same include_top and classes."
                )
        _assign(model, tensors)
    elif path.name.endswith((".h5", ".hdf5")):
        with readers.open_hdf5(path) as file:  # refuses links to other files
            readers.refuse_larger(file, max(int(np.prod(variable.shape)) for variable in wanted.values()), path.name)
        try:
            with warnings.catch_warnings():
                # Where the file lacks a layer, Keras may warn and leave that layer random: never what was asked for.
                warnings.simplefilter("error", UserWarning)
                model.load_weights(path)
        except (ValueError, KeyError, OSError, TypeError, AttributeError, IndexError, UserWarning) as error:
            reason = " ".join(str(error).split())[:200]
            raise BadArgumentError(
                f"{path.name} does not fit this {name} ({reason}). Use a file that save_weights wrote for a model from "
                "the same load_base call: same base, cut, include_top and classes."
            ) from error
    else:
        raise BadArgumentError(f"weights must be a .npz, .weights.h5 or .h5 file, not {path.name!r}.")


def preprocess(name: str, images) -> np.ndarray:
    """Prepares images the way a base's training images were prepared; returns a new array.

    Args:
        name: the base.
        images: RGB values from 0 to 255, integers or floats, (N, height, width, 3) or (height, width, 3). A NumPy array
            or anything NumPy can read.

    Returns:
        float32 array of the same shape. ``"caffe"`` bases: blue first, minus ImageNet's mean colour, about -124 to 151;
        ``"tf"``: -1 to 1; ``"torch"``: standardised by ImageNet's mean and deviation, about -2.1 to 2.6;
        ``"lite"``: (x - 127) / 128, about -1 to 1.

    Raises:
        UnknownNameError: no such base.
        BadArgumentError: not images: another shape, not numbers, or numbers that are not finite.

    Warns:
        UserWarning: the values look scaled or prepared already. They are processed all the same.
    """
    kind = find_base(name).preprocessing
    pixels = _images(images)
    if kind == "caffe":
        mean = np.array([103.939, 116.779, 123.68], np.float32)  # blue, green, red
        return np.subtract(pixels[..., ::-1], mean, dtype=np.float32, order="C")
    prepared = pixels.astype(np.float32)
    if kind == "tf":
        prepared /= 127.5
        prepared -= 1
    elif kind == "torch":
        prepared /= 255
        prepared -= np.array([0.485, 0.456, 0.406], np.float32)
        prepared /= np.array([0.229, 0.224, 0.225], np.float32)
    else:
        prepared -= 127
        prepared /= 128
    return prepared


def _images(images) -> np.ndarray:
    try:
        pixels = np.asarray(images)
    except Exception as error:  # every backend refuses a symbolic tensor in its own way
        raise BadArgumentError(
            "images must hold numbers, not a placeholder for them: preprocess works on arrays, before the model. Inside "
            "a model use keras.layers.Rescaling or the preprocess_input function of keras.applications."
        ) from error
    if pixels.dtype.kind not in "uif":
        raise BadArgumentError(f"images must be an array of numbers from 0 to 255, not of {pixels.dtype}.")
    if pixels.ndim not in (3, 4) or pixels.shape[-1] != 3:
        raise BadArgumentError(
            "images must have the shape (N, height, width, 3) or (height, width, 3), red-green-blue last, not "
            f"{pixels.shape}. Repeat a grey channel three times; leave out a transparency channel."
        )
    if pixels.size == 0 or pixels.dtype == np.uint8:
        return pixels
    low, high = float(pixels.min()), float(pixels.max())
    if not np.isfinite([low, high]).all():
        raise BadArgumentError("images must be finite numbers from 0 to 255, but some are NaN or infinite.")
    # Smooth resizing overshoots 0 and 255 a little, which is fine. Black images are fine too.
    advice = ""
    if pixels.dtype.kind == "f" and 0 <= low < high <= 1:
        advice = "Multiply them by 255."
    elif low < -32 or (low < 0 and high <= 3):
        advice = "Were they prepared before?"
    elif high > 288:
        advice = "Divide them until they fit (16-bit images: by 257)."
    if advice:
        warnings.warn(f"images should go from 0 to 255, but go from {low:.4g} to {high:.4g}. {advice}", stacklevel=3)
    return pixels


def decode_predictions(predictions, *, top: int = 5) -> list[list[tuple[str, str, float]]]:
    """Turns predictions of a 1000-class top into words; needs no network.

    Args:
        predictions: probabilities, (N, 1000), as ``model.predict`` gives them. Scores before the softmax are ranked in
            the same order, but are not probabilities.
        top: how many classes for each image, from 1 to 1000.

    Returns:
        For each image a list of (WordNet id, name, probability), the most probable first.

    Raises:
        BadArgumentError: another shape, or ``top`` out of range.
    """
    classes = _classes()
    if hasattr(predictions, "detach"):  # a PyTorch tensor, which may be on a GPU
        predictions = predictions.detach().cpu()
    try:
        scores = np.asarray(predictions, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadArgumentError(f"predictions must be an array of numbers, not {type(predictions).__name__}.") from error
    if scores.ndim != 2 or scores.shape[1] != len(classes):
        hint = (
            "Add the batch axis: predictions[None]." if scores.shape == (len(classes),) else "Use a base with its top."
        )
        raise BadArgumentError(f"predictions must have the shape (N, {len(classes)}), not {scores.shape}. {hint}")
    if not isinstance(top, (int, np.integer)) or not 1 <= top <= len(classes):
        raise BadArgumentError(f"top must be a whole number from 1 to {len(classes)}, not {top!r}.")
    best = np.argsort(-scores, axis=1, kind="stable")[:, :top]
    return [[(*classes[i], float(row[i])) for i in order] for row, order in zip(scores, best, strict=True)]


@functools.cache
def _classes() -> list[tuple[str, str]]:
    file = resources.files("course_utils") / "assets" / "imagenet_classes.csv"
    with file.open(encoding="utf-8", newline="") as rows:
        return [(row["wnid"], row["name"]) for row in csv.DictReader(rows)]


def save_keras_weights(name: str, top: str, path: str) -> None:
    """Downloads a base through ``keras.applications`` and writes its tensors to ``path``; for ``weights`` to call.

    It runs in a process of its own, with ``KERAS_HOME`` set to a temporary folder.

    Args:
        name: the base.
        top: ``"top"`` or ``"no top"``.
        path: the file to write.
    """
    import keras

    base = find_base(name)
    size = base.trained_size or base.input_size  # MobileNets have different weights for different sizes
    builder = getattr(keras.applications, base.keras_name)
    model = builder(weights="imagenet", include_top=top == "top", input_shape=(size, size, 3))
    names = stable_names(model)
    tensors = {f"{names[layer.name]}/{v.name}": np.asarray(v) for layer in model.layers for v in layer.weights}
    tensor_file.write_tensors(path, tensors)
