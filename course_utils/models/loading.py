"""Pretrained bases as plain Keras models."""

import difflib

import numpy as np

from course_utils import keras_settings
from course_utils.errors import BadArgumentError
from course_utils.models import weights as stored
from course_utils.models.building import build, named_variables
from course_utils.models.registry import Base, find_base


def load_base(
    name: str | Base,
    *,
    input_shape: tuple | None = None,
    weights: str | None = "imagenet",
    include_top: bool = False,
    pooling: str | None = None,
    cut: str | None = None,
    classes: int = 1000,
):
    """Loads a base as a plain ``keras.Model``, not compiled and all of it trainable; never uses the network.

    Layers have the names ``keras.applications`` gives them in a fresh process, such as ``block1_conv1``. The model is
    named after the base.

    Args:
        name: one of ``registry.BASES``, for example ``"vgg16"``, or its record.
        input_shape: (height, width, 3); by default the base's own. Without the top any size from the base's minimum on
            will do, and None in place of height and width admits them all.
        weights: ``"imagenet"``, or None for random weights.
        include_top: end with the classifier that turns features into probabilities.
        pooling: ``"avg"`` or ``"max"`` over height and width, after the last layer, or after the cut; None for neither.
        cut: name of the layer to end with.
        classes: outputs of the top; other than 1000 only without pretrained weights.

    Returns:
        A ``keras.Model`` from float32 (N, height, width, 3), preprocessed by ``preprocess``, to float32 features (N, h,
        w, channels), or (N, channels) with pooling, or (N, classes) probabilities with the top.

    Raises:
        UnknownNameError: no such base.
        BadArgumentError: arguments that cannot work together, or a layer that does not exist.
        NotAvailableError: the weights must be fetched first, or Keras has settings that do not serve (``keras.json``).
        StoreError: the weight file is truncated or altered.
    """
    base = find_base(name)
    keras_settings.require()
    shape = _checked_shape(base, input_shape, weights, include_top, pooling, cut, classes)
    if weights == "imagenet":
        stored.weights_path(base, include_top=include_top and cut is None)  # before the seconds that building takes
    model = _end(build(base, shape, include_top, classes), cut, pooling, base.name)
    if weights == "imagenet":
        variables = named_variables(model)
        tensors = stored.load_tensors(base, needed=variables)
        for key, variable in variables.items():
            variable.assign(tensors[key])
    return model


def _checked_shape(base: Base, input_shape, weights, include_top, pooling, cut, classes) -> tuple:
    """Returns the input shape to build with, or raises the error a reader can act on."""
    size = base.input_size
    shape = (size, size, 3) if input_shape is None else input_shape
    three = isinstance(shape, (tuple, list)) and len(shape) == 3
    if not three or not all(n is None or (isinstance(n, (int, np.integer)) and n > 0) for n in shape):
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
        raise BadArgumentError(f"classes must be a positive integer, not {classes!r}.")
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
        if classes != len(base.classes):
            raise BadArgumentError(
                f"{base.name}'s pretrained top has {len(base.classes)} classes, not {classes}. Use include_top=False and "
                "put your own top on it, or weights=None for an untrained model."
            )
    if weights not in (None, "imagenet"):
        raise BadArgumentError(
            f"weights must be 'imagenet' or None, not {weights!r}. A file goes into the model with model.load_weights(path)."
        )
    return shape


def _end(model, cut: str | None, pooling: str | None, name: str):
    """Ends the model at the layer called ``cut``, and pools what comes out."""
    import keras

    output = model.output
    if cut is not None:
        layers = {layer.name: layer for layer in model.layers}
        if cut not in layers:
            near = ", ".join(map(repr, difflib.get_close_matches(str(cut), layers, n=3, cutoff=0.0)))
            raise BadArgumentError(f"{name} has no layer called {cut!r} to cut at. The nearest are {near}.")
        output = layers[cut].output
    if pooling is not None:
        if len(output.shape) != 4:
            raise BadArgumentError(f"Layer {cut!r} has no height and width left to pool over. Use pooling=None.")
        kind = keras.layers.GlobalAveragePooling2D if pooling == "avg" else keras.layers.GlobalMaxPooling2D
        output = kind(name=f"{pooling}_pool")(output)
    return model if output is model.output else keras.Model(model.input, output, name=name)
