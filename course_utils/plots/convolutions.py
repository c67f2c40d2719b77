"""What convolutional layers hold and respond to: filters, feature maps, Grad-CAM."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.inspect import weight_values
from course_utils.inspect.graph import graph
from course_utils.plots.figures import AxesGrid, finish, new_figure, style
from course_utils.plots.images import as_image, image_grid, one_image_batch, show_image
from course_utils.plots.text import percent


def filters(layer: Any, *, most: int = 32, columns: int | None = None, title: str | None = None) -> AxesGrid:
    """Shows the kernels of a convolution, in colour where they look at three channels, else their mean in grey.

    Args:
        layer: a layer with a 2-D convolution kernel, or the kernel itself, ``(height, width, channels, filters)``.
        most: how many filters are shown at most.
        columns: filters per row; by default 8.

    Raises:
        BadArgumentError: if there is no such kernel.
    """
    kernel = _kernel(layer)
    height, width, channels, count = kernel.shape
    shown = [kernel[..., i] if channels == 3 else kernel[..., i].mean(axis=-1) for i in range(min(most, count))]
    colour = "in colour" if channels == 3 else f"each the mean over {channels} channels, in grey"
    title = title or f"{getattr(layer, 'name', 'kernel')}: {len(shown)} of {count} filters"
    axes = image_grid(shown, columns=columns or 8, width=0.85, stretch=True, title=title)
    text = f"{len(shown)} of {count} kernels, {height} by {width}, {colour}, each on its own scale."
    return finish(axes, text, title=title)


def feature_maps(
    maps: Any,
    *,
    channels: Sequence[int] | None = None,
    columns: int | None = None,
    title: str | None = None,
    figure: Any = None,
) -> AxesGrid:
    """Shows a layer's activations for one image: one grey image per channel, white where the activation is highest.

    Every feature map has its own scale; one that is 0 everywhere is marked "silent".

    Args:
        maps: ``(height, width, channels)``, or ``(1, height, width, channels)`` as a model returns it.
        channels: which ones; by default the first 32.
        columns: feature maps per row; by default at most 8.

    Raises:
        BadArgumentError: for another shape, or a channel that is not there.
    """
    maps = np.asarray(maps, dtype=np.float32)
    if maps.ndim == 4 and len(maps) == 1:
        maps = maps[0]
    if maps.ndim != 3:
        raise BadArgumentError(
            f"Feature maps of one image, (height, width, channels), were expected; {maps.shape} was received. "
            "Pass the feature maps of one image of the batch, for example maps[0]."
        )
    count = maps.shape[-1]
    channels = list(range(min(32, count))) if channels is None else [int(c) for c in channels]
    if not channels or not all(0 <= c < count for c in channels):
        raise BadArgumentError(
            f"Channels from 0 to {count - 1} were expected; {channels} was received. Choose among those there are."
        )
    silent = [c for c in channels if not maps[..., c].any()]
    axes = image_grid(
        [maps[..., c] for c in channels],
        titles=["silent" if c in silent else c for c in channels],
        columns=columns or min(8, len(channels)),
        width=1.0,
        stretch=True,
        title=title,
        figure=figure,
    )
    text = (
        f"{len(channels)} of {count} feature maps, {maps.shape[0]} by {maps.shape[1]}, white where the activation is "
        f"highest. {len(silent) or 'None'} of them {'are' if len(silent) > 1 else 'is'} 0 everywhere."
    )
    return finish(axes, text, title=title)


def grad_cam_heatmap(model: Any, image: Any, layer: Any, *, class_index: int | None = None) -> np.ndarray:
    """Computes Grad-CAM: where in the image the evidence for a class lies, at one layer's resolution.

    Source: R. R. Selvaraju et al., "Grad-CAM", ICCV 2017. Each feature map of the layer is weighted by the mean
    gradient of the class's score with respect to it; the weighted sum, clipped below 0, is the heat map.

    Args:
        model: a Functional or Sequential model from images to class scores; the base may be one of its layers.
        image: one image ready for the model, ``(H, W, C)`` or ``(1, H, W, C)``.
        layer: the layer with the feature maps, or its name; a nested base stands for its last layer.
        class_index: the class; by default the one with the highest score.

    Returns:
        float32 ``(h, w)`` at the layer's size, from 0 to 1; all 0 if nothing in the image is evidence for the class.

    Raises:
        UnknownNameError: for a layer name the model does not have.
        BadArgumentError: if the layer has no feature maps, for several images, for a class that is not there, or if the
            class scores do not depend on the layer.
    """
    import keras

    flat = graph(model)
    tensor = flat.find(layer)
    if len(tensor.shape) != 4:
        raise BadArgumentError(
            f"A layer with feature maps, (batch, height, width, channels), was expected; {getattr(layer, 'name', layer)!r} returns "
            f"{tensor.shape}. Choose a convolution before the pooling."
        )
    batch = one_image_batch(image)
    # What passes the layer by, such as a skip connection, is held as it is.
    kept = [tensor, *{id(passing): passing for passing, _ in flat.passing(tensor)}.values()]
    until, onward = keras.Model(flat.input, kept), keras.Model(kept, flat.output)
    maps, *others = keras.tree.flatten(until(batch, training=False))
    scores = keras.ops.convert_to_numpy(onward([maps, *others], training=False))[0]
    if class_index is None:
        class_index = int(scores.argmax())
    if not 0 <= class_index < len(scores):
        raise BadArgumentError(
            f"A class from 0 to {len(scores) - 1} was expected; {class_index} was received. Count classes from 0."
        )
    weights = _gradient(lambda x: onward([x, *others], training=False)[0, class_index], maps)[0].mean(axis=(0, 1))
    heat = np.maximum(keras.ops.convert_to_numpy(maps)[0].astype(np.float32) @ weights, 0)
    return heat / (heat.max() or 1.0)


def grad_cam(image: Any, heatmap: np.ndarray, *, title: str | None = None) -> AxesGrid:
    """Shows an image, as `as_image` takes it, and the same image under its heat map, from `grad_cam_heatmap`.

    The Axes are ``(2,)``: the image, and the overlay with its colour scale.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from PIL import Image

    drawn = as_image(image)
    heat = np.asarray(heatmap, dtype=np.float32)
    height, width = drawn.shape[:2]
    large = np.asarray(Image.fromarray(heat).resize((width, height), Image.Resampling.BILINEAR))
    with style():
        figure = new_figure((7.4, 3.4 if title else 3.1))
        left, right = figure.subplots(1, 2)
        show_image(left, drawn)
        show_image(right, drawn)
        # Cold parts stay clear, so that the image is seen through them.
        right.imshow(large, cmap="plasma", vmin=0, vmax=1, alpha=np.clip(0.1 + 0.75 * large, 0, 0.85))
        shade = ScalarMappable(Normalize(0, 1), "plasma")
        figure.colorbar(shade, ax=right, label="evidence for the class (0 to 1)", shrink=0.85)
    text = f"The image, and the same image under a heat map: {_where(heat)}"
    return finish(AxesGrid([left, right]), text, title=title)


def _where(heat: np.ndarray) -> str:
    if heat.max() <= 0:
        return "no part of it is evidence for the class."
    row, column = np.unravel_index(int(heat.argmax()), heat.shape)
    down = ("top", "middle", "bottom")[int(3 * (row + 0.5) / heat.shape[0])]
    across = ("left", "centre", "right")[int(3 * (column + 0.5) / heat.shape[1])]
    place = "centre" if (down, across) == ("middle", "centre") else f"{down} {across}"
    hot = percent((heat > 0.5).mean())
    return f"the evidence is strongest at the {place}, and above half of its maximum on {hot} of the area."


def _kernel(layer: Any) -> np.ndarray:
    weights = getattr(layer, "weights", None)
    kernel = layer if weights is None else next((weight for weight in weights if len(weight.shape) == 4), None)
    if kernel is None or len(np.shape(kernel)) != 4:
        raise BadArgumentError(
            "A convolution with a kernel (height, width, channels, filters) was expected; "
            f"{getattr(layer, 'name', None) or np.shape(layer)!r} has none. Choose a Conv2D layer."
        )
    return weight_values(kernel)


def _gradient(score: Any, at: Any) -> np.ndarray:
    """The gradient of a scalar function at a tensor; which Keras leaves to its backends."""
    import keras

    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(at)
            value = score(at)
        gradient = tape.gradient(value, at)
    elif backend == "torch":
        at = at.detach().requires_grad_(True)
        score(at).backward()
        gradient = at.grad
    elif backend == "jax":
        import jax

        gradient = jax.grad(score)(at)
    else:
        raise BadArgumentError(
            f"A backend with gradients was expected, tensorflow, jax or torch; {backend!r} was received. "
            "Set KERAS_BACKEND before Keras is imported."
        )
    if gradient is None:
        raise BadArgumentError(
            "Class scores that depend on the layer were expected; their gradient is empty. "
            "Choose a layer that lies between the image and the scores."
        )
    return keras.ops.convert_to_numpy(gradient).astype(np.float32)
