"""Images to leaf through: a network's feature maps, and what augmentation makes of an image."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.errors import BadArgumentError, unknown_name
from course_utils.widgets.shown import LIVE_STYLE, Shown

_MAPS_PER_PAGE = 16


class FeatureMapBrowser(Shown):
    """A choice of layer and page, and the feature maps there; made by `feature_map_browser`.

    Attributes:
        layer: the ``Dropdown`` of layers.
        page: the ``BoundedIntText`` with the page, sixteen maps each.
        output: the ``HTML`` with the image.
    """

    def __init__(self, model: Any, image: Any, *, layers: Sequence[str] | None) -> None:
        import ipywidgets as w

        self._model = model
        self._batch = one_image(image)
        self._cache: dict[str, np.ndarray] = {}
        names = layers_with_maps(model)
        for name in layers or ():
            if name not in names:
                raise unknown_name("layer with feature maps", name, names)
        names = list(layers or names)
        if not names:
            raise BadArgumentError(
                f"A model with layers that put out maps was expected; {model.name!r} has none. Pass the base itself."
            )
        self.layer = w.Dropdown(options=names, description="Layer", layout=w.Layout(width="max-content"))
        # Number boxes rather than sliders: a slider's handle has no label for a screen reader.
        self.page = w.BoundedIntText(1, min=1, max=1, description="Page", layout=w.Layout(width="11em"))
        self.pages = w.HTML()
        self.output = w.HTML()
        self.layer.observe(self._choose, names="value")
        self.page.observe(self._update, names="value")
        self._choose()
        chosen = list(dict.fromkeys([names[0], names[len(names) // 2], names[-1]]))
        twin = "".join(f"<p>{self._image(name, 1)}</p>" for name in chosen)
        choice = w.HBox([self.layer, self.page, self.pages], layout=w.Layout(align_items="center"))
        super().__init__(w.VBox([w.HTML(LIVE_STYLE), choice, self.output]), twin=twin)

    def maps(self, name: str) -> np.ndarray:
        """Computes what a layer puts out for the image, once.

        Args:
            name: the layer.

        Returns:
            float32 ``(height, width, channels)``.
        """
        import keras

        if name not in self._cache:
            until = keras.Model(self._model.inputs[0], self._model.get_layer(name).output)
            self._cache[name] = keras.ops.convert_to_numpy(until(self._batch, training=False))[0].astype(np.float32)
        return self._cache[name]

    def _choose(self, _: Any = None) -> None:
        pages = -(-self.maps(self.layer.value).shape[-1] // _MAPS_PER_PAGE)
        self.page.max = pages  # the box brings back a page beyond the end
        self.pages.value = f"of {pages}"
        self._update()

    def _update(self, _: Any = None) -> None:
        self.output.value = self._image(self.layer.value, self.page.value)

    def _image(self, name: str, page: int) -> str:
        from course_utils import plots

        maps = self.maps(name)
        first = (page - 1) * _MAPS_PER_PAGE
        channels = range(first, min(first + _MAPS_PER_PAGE, maps.shape[-1]))
        figure = off_screen((8.2, 2.7 if len(channels) > 8 else 1.6))
        title = f"{name}, {maps.shape[0]} by {maps.shape[1]}, channels {first} to {channels[-1]} of {maps.shape[2]}"
        plots.feature_maps(maps, channels=channels, columns=8, title=title, figure=figure)
        return plots.to_html(figure)


def feature_map_browser(model: Any, image: Any, *, layers: Sequence[str] | None = None) -> FeatureMapBrowser:
    """Shows a choice of layers and pages, and what the chosen layer makes of an image.

    Args:
        model: a built Functional or Sequential model; its own layers are offered, not those of a nested model.
        image: one image ready for the model, ``(H, W, C)`` or ``(1, H, W, C)``.
        layers: names of the layers to offer; by default all that put out maps.

    Returns:
        The browser; the last line of a cell shows it. Exports and paper get the first, the middle and the last layer.

    Raises:
        UnknownNameError: for a layer that the model does not have, or that puts out no maps.
        BadArgumentError: if the model has no such layer, or for several images.
    """
    return FeatureMapBrowser(model, image, layers=layers)


def layers_with_maps(model: Any) -> list[str]:
    """Lists the layers of a model that put out maps.

    Args:
        model: a built Functional or Sequential model.

    Returns:
        Names, first to last; the input and nested models are left out.
    """
    import keras

    return [
        layer.name
        for layer in model.layers
        if not isinstance(layer, (keras.layers.InputLayer, keras.Model))
        and len(getattr(layer.output, "shape", ())) == 4
    ]


class AugmentationViewer(Shown):
    """An image and what augmentation makes of it, drawn again at the press of a button.

    Attributes:
        button: the "Draw again" ``Button``.
        count: the ``BoundedIntText`` for how many variants are drawn.
        output: the ``HTML`` with the images.
        variants: those on show, ``(count, H, W, C)``.
    """

    def __init__(self, augment: Callable[..., Any], image: Any, *, count: int) -> None:
        import ipywidgets as w

        self._augment = augment
        self._image = image
        self.button = w.Button(description="Draw again", layout=w.Layout(width="max-content"))
        self.count = w.BoundedIntText(count, min=1, max=12, description="Variants", layout=w.Layout(width="11em"))
        self.output = w.HTML()
        self.button.on_click(self._update)
        self.count.observe(self._update, names="value")
        self._update()
        widget = w.VBox([w.HTML(LIVE_STYLE), w.HBox([self.button, self.count]), self.output])
        super().__init__(widget, twin=f"<p>{self.output.value}</p>")

    def _update(self, _: Any = None) -> None:
        from course_utils import plots

        self.variants = augmented(self._augment, self._image, count=self.count.value)
        shown = [np.asarray(self._image), *self.variants]
        titles = ["original", *(f"variant {number}" for number in range(1, len(shown)))]
        figure = off_screen((8.2, 1.9 * -(-len(shown) // 5)))
        plots.image_grid(
            shown, titles=titles, columns=min(5, len(shown)), figure=figure,
            alt=f"The original image and {len(self.variants)} augmented variants of it.",
        )  # fmt: skip
        self.output.value = plots.to_html(figure)


def augmentation_viewer(augment: Callable[..., Any], image: Any, *, count: int = 9) -> AugmentationViewer:
    """Shows an image beside variants that augmentation makes of it, with a button to draw new ones.

    Args:
        augment: a Keras layer or model with random layers; it is called on a batch with ``training=True``.
        image: one image, ``(H, W, C)``, in the range that the augmentation expects (0 to 255, or 0 to 1).
        count: how many variants are drawn, 1 to 12.

    Returns:
        The viewer; the last line of a cell shows it. Exports and paper get the first drawing.

    Raises:
        BadArgumentError: for several images, or if the augmentation returns another number of images.
    """
    return AugmentationViewer(augment, image, count=count)


def augmented(augment: Callable[..., Any], image: Any, *, count: int) -> np.ndarray:
    """Runs augmentation on copies of one image, as training would.

    Args:
        augment: as in `augmentation_viewer`.
        image: one image, ``(H, W, C)``.
        count: how many variants are drawn.

    Returns:
        float32 ``(count, H', W', C)``, cut off at the ends of the image's range, 0 to 1 or 0 to 255, to be looked at.

    Raises:
        BadArgumentError: for several images, or if the augmentation returns something else than images.
    """
    import keras

    batch = one_image(image)
    high = 1.0 if np.asarray(image).dtype != np.uint8 and batch.max() <= 1 else 255.0
    result = keras.ops.convert_to_numpy(augment(np.repeat(batch, count, axis=0), training=True)).astype(np.float32)
    if result.ndim != 4 or len(result) != count:
        raise BadArgumentError(
            f"An augmentation that returns {count} images for {count} was expected; it returned {result.shape}. "
            "Pass only the layers that change images."
        )
    return np.clip(result, 0, high)


def one_image(image: Any) -> np.ndarray:
    """Makes a batch of one image.

    Args:
        image: ``(H, W, C)`` or ``(1, H, W, C)``.

    Returns:
        float32 ``(1, H, W, C)``.

    Raises:
        BadArgumentError: for another shape.
    """
    batch = np.asarray(image, dtype=np.float32)
    batch = batch[None] if batch.ndim == 3 else batch
    if batch.ndim != 4 or len(batch) != 1:
        raise BadArgumentError(
            f"One image, (height, width, channels), was expected; {np.shape(image)} was received. Pass one at a time."
        )
    return batch


def off_screen(size: tuple[float, float]) -> Any:
    """Opens a figure that pyplot, and so the notebook, does not know of, to be shown inside a widget.

    Args:
        size: width and height in inches.

    Returns:
        The figure.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained")
