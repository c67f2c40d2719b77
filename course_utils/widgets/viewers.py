"""Images to browse: a network's feature maps, and augmented copies of an image."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils import plots
from course_utils.errors import BadArgumentError, require_known
from course_utils.plots.figures import off_screen_figure
from course_utils.plots.images import one_image_batch
from course_utils.widgets.parts import WidgetWithFallback, button, number_box

_MAPS_PER_PAGE = 16


class FeatureMapBrowser(WidgetWithFallback):
    """A choice of layer and page, and the feature maps there; ``layer``, ``page`` and ``output`` are its controls."""

    def __init__(self, model: Any, image: Any, *, layers: Sequence[str] | None) -> None:
        import ipywidgets as w

        self._model = model
        self._batch = one_image_batch(image)
        self._cache: dict[str, np.ndarray] = {}
        names = layers_with_maps(model)
        require_known("layer with feature maps", names, *(layers or ()))
        names = list(layers or names)
        if not names:
            raise BadArgumentError(
                f"A model whose layers have feature maps was expected; {model.name!r} has none. Pass the base itself."
            )
        self.layer = w.Dropdown(options=names, description="Layer", layout=w.Layout(width="max-content"))
        self.page = number_box(1, most=1, label="Page")
        self.pages = w.HTML()
        self.output = w.HTML()
        self.layer.observe(self._choose, names="value")
        self.page.observe(self._update, names="value")
        self._choose()
        chosen = list(dict.fromkeys([names[0], names[len(names) // 2], names[-1]]))
        fallback = "".join(f"<p>{self._image(name, 1)}</p>" for name in chosen)
        choice = w.HBox([self.layer, self.page, self.pages], layout=w.Layout(align_items="center"))
        super().__init__([choice, self.output], fallback=fallback)

    def maps(self, name: str) -> np.ndarray:
        """Computes a layer's activations for the image, once: float32 ``(height, width, channels)``."""
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
        maps = self.maps(name)
        first = (page - 1) * _MAPS_PER_PAGE
        channels = range(first, min(first + _MAPS_PER_PAGE, maps.shape[-1]))
        figure = off_screen_figure((8.2, 2.7 if len(channels) > 8 else 1.6))
        title = f"{name}, {maps.shape[0]} by {maps.shape[1]}, channels {first} to {channels[-1]} of {maps.shape[2]}"
        plots.feature_maps(maps, channels=channels, columns=8, title=title, figure=figure)
        return plots.to_html(figure)


def feature_map_browser(model: Any, image: Any, *, layers: Sequence[str] | None = None) -> FeatureMapBrowser:
    """Shows a choice of layers and pages, and the chosen layer's feature maps of an image.

    Args:
        model: a built Functional or Sequential model; its own layers are offered, not those of a nested model.
        image: one image ready for the model, ``(H, W, C)`` or ``(1, H, W, C)``.
        layers: names of the layers to offer; by default all with feature maps.

    Raises:
        UnknownNameError: for a layer that the model does not have, or that has no feature maps.
        BadArgumentError: if the model has no such layer, or for several images.
    """
    return FeatureMapBrowser(model, image, layers=layers)


def layers_with_maps(model: Any) -> list[str]:
    """Lists a model's layers with feature maps by name, first to last, without the input and nested models."""
    import keras

    own = (layer for layer in model.layers if not isinstance(layer, (keras.layers.InputLayer, keras.Model)))
    return [layer.name for layer in own if len(getattr(layer.output, "shape", ())) == 4]


class AugmentationViewer(WidgetWithFallback):
    """An image and augmented ``copies`` of it; ``button``, ``count`` and ``output`` are its controls."""

    def __init__(self, augment: Callable[..., Any], image: Any, *, count: int) -> None:
        import ipywidgets as w

        self._augment = augment
        self._image = image
        self.button = button("Draw again", self._update)
        self.count = number_box(count, most=12, label="Copies")
        self.output = w.HTML()
        self.count.observe(self._update, names="value")
        self._update()
        super().__init__([w.HBox([self.button, self.count]), self.output], fallback=f"<p>{self.output.value}</p>")

    def _update(self, _: Any = None) -> None:
        self.copies = augmented(self._augment, self._image, count=self.count.value)
        shown = [np.asarray(self._image), *self.copies]
        titles = ["original", *(f"copy {number}" for number in range(1, len(shown)))]
        figure = off_screen_figure((8.2, 1.9 * -(-len(shown) // 5)))
        alt = f"The original image and {len(self.copies)} augmented copies of it."
        plots.image_grid(shown, titles=titles, columns=min(5, len(shown)), alt=alt, figure=figure)
        self.output.value = plots.to_html(figure)


def augmentation_viewer(augment: Callable[..., Any], image: Any, *, count: int = 9) -> AugmentationViewer:
    """Shows an image and augmented copies of it, with a button to draw new ones.

    Args:
        augment: a Keras layer or model with random layers; it is called on a batch with ``training=True``.
        image: one image, ``(H, W, C)``, in the range that the augmentation expects (0 to 255, or 0 to 1).
        count: how many copies are drawn, 1 to 12.

    Raises:
        BadArgumentError: for several images, or if the augmentation returns another number of images.
    """
    return AugmentationViewer(augment, image, count=count)


def augmented(augment: Callable[..., Any], image: Any, *, count: int) -> np.ndarray:
    """Augments ``count`` copies of one image, as training would: float32 ``(count, H', W', C)``, clipped to its range."""
    import keras

    batch = one_image_batch(image)
    high = 1.0 if np.asarray(image).dtype != np.uint8 and batch.max() <= 1 else 255.0
    result = keras.ops.convert_to_numpy(augment(np.repeat(batch, count, axis=0), training=True)).astype(np.float32)
    if result.ndim != 4 or len(result) != count:
        raise BadArgumentError(
            f"An augmentation that returns {count} images for {count} was expected; it returned {result.shape}. "
            "Pass only the layers that change images."
        )
    return np.clip(result, 0, high)
