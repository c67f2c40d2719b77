"""Mode A against mode B: what each costs, and from which epoch on saving features pays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.widgets.shown import LIVE_STYLE, Shown
from course_utils.widgets.viewers import off_screen


@dataclass(frozen=True)
class ModeCosts:
    """Total time of the two modes; made by `mode_costs`.

    Attributes:
        extraction: seconds mode A spends in the base, once.
        mode_a: seconds in all for mode A: extraction, then the head alone in every epoch.
        mode_b: seconds in all for mode B: base and head in every epoch.
        break_even: the number of epochs at which both cost the same; ``inf`` if mode B never becomes dearer.
    """

    extraction: float
    mode_a: float
    mode_b: float
    break_even: float


def mode_costs(
    *,
    images: int,
    epochs: float,
    base_seconds: float,
    head_seconds: float = 0.0,
    views: int = 1,
    end_to_end_seconds: float | None = None,
) -> ModeCosts:
    """Computes what mode A (features once, then a head) and mode B (one model, every epoch) cost.

    Args:
        images: how many training images there are.
        epochs: how many epochs are trained.
        base_seconds: seconds the base takes for one image, forward.
        head_seconds: seconds one image's features take to train the head, per epoch.
        views: augmented views saved per image in mode A; an epoch uses one of them.
        end_to_end_seconds: seconds for one image in mode B, per epoch; by default base and head together.

    Returns:
        The totals, in seconds, and the break-even point, in epochs.

    Raises:
        BadArgumentError: if a number is negative, or images, views or base_seconds are 0.
    """
    if end_to_end_seconds is None:
        end_to_end_seconds = base_seconds + head_seconds
    given = {
        "images": images,
        "views": views,
        "base_seconds": base_seconds,
        "epochs": epochs,
        "head_seconds": head_seconds,
        "end_to_end_seconds": end_to_end_seconds,
    }
    for name, value in given.items():
        least = "above 0" if name in ("images", "views", "base_seconds") else "0 or more"
        if value < 0 or (value == 0 and least == "above 0"):
            raise BadArgumentError(
                f"{name} was expected to be {least}; {value!r} was received. Measure it, or count it."
            )
    extraction = views * images * base_seconds
    saved = end_to_end_seconds - head_seconds  # per image and epoch
    return ModeCosts(
        extraction=extraction,
        mode_a=extraction + epochs * images * head_seconds,
        mode_b=epochs * images * end_to_end_seconds,
        break_even=views * base_seconds / saved if saved > 0 else float("inf"),
    )


class ModeCostCalculator(Shown):
    """Number boxes and the two curves they lead to; made by `mode_cost_calculator`.

    Attributes:
        images, epochs, views: ``BoundedIntText`` boxes.
        base_ms, head_ms: ``BoundedFloatText`` boxes, milliseconds per image.
        output: the ``HTML`` with sentence and figure.
        costs: what is on show.
    """

    def __init__(self, *, images: int, epochs: int, base_seconds: float, head_seconds: float, views: int) -> None:
        import ipywidgets as w

        wide = {"style": {"description_width": "17em"}, "layout": w.Layout(width="26em")}
        self.images = w.BoundedIntText(images, min=1, max=10_000_000, description="Training images", **wide)
        self.epochs = w.BoundedIntText(epochs, min=1, max=10_000, description="Epochs", **wide)
        self.base_ms = w.BoundedFloatText(
            1000 * base_seconds, min=0.001, max=1e6, description="Base, ms per image", **wide
        )
        self.head_ms = w.BoundedFloatText(
            1000 * head_seconds, min=0, max=1e6, description="Head, ms per image and epoch", **wide
        )
        self.views = w.BoundedIntText(views, min=1, max=1000, description="Saved views per image (mode A)", **wide)
        self.output = w.HTML()
        boxes = [self.images, self.epochs, self.base_ms, self.head_ms, self.views]
        for box in boxes:
            box.observe(self._update, names="value")
        self._update()
        super().__init__(w.VBox([w.HTML(LIVE_STYLE), *boxes, self.output]), twin=self.output.value)

    def _update(self, _: Any = None) -> None:
        from course_utils import plots
        from course_utils.plots.figures import style

        settings = {
            "images": self.images.value,
            "base_seconds": self.base_ms.value / 1000,
            "head_seconds": self.head_ms.value / 1000,
            "views": self.views.value,
        }
        self.costs = mode_costs(epochs=self.epochs.value, **settings)
        # Drawn some way past the break-even point, so that the crossing is on the image.
        last = max(self.epochs.value, 1.25 * self.costs.break_even)
        steps = np.linspace(0, last, 21)
        curves = [mode_costs(epochs=step, **settings) for step in steps]
        views = f", {self.views.value} views" if self.views.value > 1 else ""
        figure = off_screen((6.8, 3.6))
        with style():
            ax = figure.add_subplot()
        plots.break_even(
            steps, {f"mode A{views}": [c.mode_a for c in curves], "mode B": [c.mode_b for c in curves]}, ax=ax
        )
        self.output.value = f'<p role="status">{self.sentence()}</p>{plots.to_html(figure)}'

    def sentence(self) -> str:
        """Says what is on show.

        Returns:
            Two sentences.
        """
        a, b = readable_seconds(self.costs.mode_a), readable_seconds(self.costs.mode_b)
        return (
            f"{self.images.value:,} images, {self.epochs.value:,} epochs: mode A takes {a} "
            f"({readable_seconds(self.costs.extraction)} of them to extract), mode B {b}. "
            f"They cost the same at {self.costs.break_even:.3g} epochs."
        )


def mode_cost_calculator(
    *,
    images: int = 1000,
    epochs: int = 20,
    base_seconds: float = 0.02,
    head_seconds: float = 0.0002,
    views: int = 1,
) -> ModeCostCalculator:
    """Shows number boxes for what drives the cost of the two modes, with totals and the break-even curve.

    Args:
        images: how many training images there are at first; so for the rest.
        epochs: how many epochs are trained.
        base_seconds: seconds the base takes for one image, forward.
        head_seconds: seconds one image's features take to train the head, per epoch.
        views: augmented views saved per image in mode A.

    Returns:
        The calculator; the last line of a cell shows it. Exports and paper get sentence and figure for these values.
    """
    return ModeCostCalculator(
        images=images, epochs=epochs, base_seconds=base_seconds, head_seconds=head_seconds, views=views
    )


def readable_seconds(seconds: float) -> str:
    """Writes a time for people.

    Args:
        seconds: the time.

    Returns:
        For example ``"90 s"``, ``"15 min"`` or ``"3.2 h"``.
    """
    if seconds < 120:
        return f"{seconds:.3g} s"
    return f"{seconds / 60:.3g} min" if seconds < 7200 else f"{seconds / 3600:.3g} h"
