"""Cached features against end-to-end training: what each costs, and from which epoch on caching is cheaper."""

from typing import Any, NamedTuple

import numpy as np

from course_utils import plots
from course_utils.plots.figures import off_screen_figure, style
from course_utils.plots.text import counted, readable_seconds
from course_utils.widgets.parts import WidgetWithFallback


class ExtractionCosts(NamedTuple):
    """What training a head costs with cached features (one pass through the base) and end to end (one per epoch)."""

    images: int  # how many training images there are
    epochs: float  # how many are trained
    base_seconds: float  # for one image, forward
    head_seconds: float  # to train the head on one image's features, per epoch
    end_to_end_seconds: float  # for one image, per epoch
    copies: int = 1  # augmented copies per image whose features are cached; an epoch uses one of them

    @property
    def extraction(self) -> float:
        """Seconds that the base takes for all copies of all images, once."""
        return self.copies * self.images * self.base_seconds

    @property
    def cached(self) -> float:
        """Seconds in all with cached features."""
        return self.extraction + self.epochs * self.images * self.head_seconds

    @property
    def end_to_end(self) -> float:
        """Seconds in all end to end."""
        return self.epochs * self.images * self.end_to_end_seconds

    @property
    def break_even(self) -> float:
        """The number of epochs at which both cost the same; ``inf`` if end to end never costs more."""
        saved = self.end_to_end_seconds - self.head_seconds  # per image and epoch
        return self.copies * self.base_seconds / saved if saved > 0 else float("inf")


class ExtractionCostCalculator(WidgetWithFallback):
    """Number boxes, and ``output``, the sentence and figure of the ``costs`` that they lead to."""

    def __init__(
        self, *, images: int, epochs: int, base_seconds: float, head_seconds: float, copies: int, extra: float
    ):
        import ipywidgets as w

        self._extra = extra
        wide = {"style": {"description_width": "17em"}, "layout": w.Layout(width="26em")}
        per_image = {"max": 1e6, **wide}
        self.images = w.BoundedIntText(images, min=1, max=10_000_000, description="Training images", **wide)
        self.epochs = w.BoundedIntText(epochs, min=1, max=10_000, description="Epochs", **wide)
        self.base_ms = w.BoundedFloatText(1000 * base_seconds, min=0.001, description="Base, ms per image", **per_image)
        self.head_ms = w.BoundedFloatText(
            1000 * head_seconds, min=0, description="Head, ms per image and epoch", **per_image
        )
        self.copies = w.BoundedIntText(copies, min=1, max=1000, description="Cached copies per image", **wide)
        self.output = w.HTML()
        boxes = [self.images, self.epochs, self.base_ms, self.head_ms, self.copies]
        for box in boxes:
            box.observe(self._update, names="value")
        self._update()
        super().__init__([*boxes, self.output], fallback=self.output.value)

    def _update(self, _: Any = None) -> None:
        base, head = self.base_ms.value / 1000, self.head_ms.value / 1000
        images, epochs, copies = self.images.value, self.epochs.value, self.copies.value
        self.costs = ExtractionCosts(images, epochs, base, head, base + head + self._extra, copies)
        # Drawn some way past the break-even point, so that the crossing is in the figure.
        steps = np.linspace(0, max(self.epochs.value, 1.25 * self.costs.break_even), 21)
        curves = [self.costs._replace(epochs=step) for step in steps]
        cached = "cached features" + (f", {copies} copies" if copies > 1 else "")
        figure = off_screen_figure((6.8, 3.6))
        with style():
            ax = figure.add_subplot()
        seconds = {cached: [c.cached for c in curves], "end to end": [c.end_to_end for c in curves]}
        plots.break_even(steps, seconds, ax=ax)
        times = (self.costs.cached, self.costs.extraction, self.costs.end_to_end)
        in_all, to_extract, end_to_end = map(readable_seconds, times)
        text = (
            f"{counted(f'{images:,}', 'image')}, {counted(f'{epochs:,}', 'epoch')}: "
            f"training on cached features takes {in_all} ({to_extract} of them to extract), "
            f"end to end {end_to_end}. They cost the same at {counted(f'{self.costs.break_even:.3g}', 'epoch')}."
        )
        self.output.value = f'<p role="status">{text}</p>{plots.to_html(figure)}'


def extraction_cost_calculator(
    *,
    images: int = 1000,
    epochs: int = 20,
    base_seconds: float = 0.02,
    head_seconds: float = 0.0002,
    copies: int = 1,
    end_to_end_seconds: float | None = None,
) -> ExtractionCostCalculator:
    """Shows number boxes for what training costs depend on, with totals and the break-even curve.

    The arguments are what the boxes hold at first: ``images`` and ``epochs`` of the training, seconds for one image (per
    epoch, but for the base), and augmented ``copies`` of each that are cached. What ``end_to_end_seconds`` takes beyond
    base and head (augmentation, for example; by default nothing) is kept when a box changes.
    """
    extra = 0 if end_to_end_seconds is None else end_to_end_seconds - base_seconds - head_seconds
    settings = {"images": images, "epochs": epochs, "base_seconds": base_seconds, "head_seconds": head_seconds}
    return ExtractionCostCalculator(**settings, copies=copies, extra=extra)
