"""The course of a training, and the time that trainings take."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.plots.figures import CURVES, Axes, AxesGrid, finish, new_axes, new_figure, style
from course_utils.plots.text import listed


def learning_curves(history: Any, *, title: str | None = None) -> AxesGrid:
    """Shows loss and accuracy over the epochs, for training and validation, with the start of fine-tuning marked.

    ``history`` is what ``fit`` returns, or its ``.history``; or a list of those, one per stage, which are joined.

    Raises:
        BadArgumentError: if nothing was recorded.
    """
    from matplotlib.ticker import MaxNLocator

    stages = history if isinstance(history, (list, tuple)) else [history]
    stages = [getattr(stage, "history", stage) for stage in stages]
    if not stages or not all(isinstance(stage, Mapping) and stage.get("loss") for stage in stages):
        raise BadArgumentError(
            "A history with at least one epoch of 'loss' was expected; none was received. Pass what model.fit returned."
        )
    recorded = [key for key in stages[0] if all(key in stage for stage in stages)]
    joined = {key: [value for stage in stages for value in stage[key]] for key in recorded}
    epochs = np.arange(1, len(joined["loss"]) + 1)
    before = len(stages[0]["loss"]) if len(stages) > 1 else None
    metrics = [k for k in joined if k != "loss" and not k.startswith("val_") and k not in ("learning_rate", "lr")]
    shown = ["loss", *metrics[:1]]
    with style():
        figure = new_figure((4.3 * len(shown), 3.4))
        panels = figure.subplots(1, len(shown), squeeze=False)[0]
        courses = []
        for ax, name in zip(panels, shown, strict=True):
            percent = "acc" in name
            for key, label, look in zip((name, f"val_{name}"), ("training", "validation"), CURVES, strict=False):
                if key in joined:
                    values = np.asarray(joined[key]) * (100 if percent else 1)
                    ax.plot(epochs, values, label=label, markersize=5, **look)
                    courses.append(_course_of(f"{label} {name}", values, " %" if percent else ""))
            if before is not None:
                ax.axvline(before + 0.5, color="black", linestyle=":", label="fine-tuning starts")
            ax.set_xlabel("epoch")
            ax.set_ylabel(f"{name} (%)" if percent else f"{name} (no unit)")
            ax.xaxis.set_major_locator(MaxNLocator(integer=True))
            ax.grid()
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=3)
    start = f" Fine-tuning starts after epoch {before}." if before is not None else ""
    text = f"Learning curves over {len(epochs)} epochs: {'; '.join(courses)}.{start}"
    return finish(AxesGrid(panels), text, title=title)


def break_even(
    epochs: Sequence[float], seconds: Mapping[str, Sequence[float]], *, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Shows total time over epochs for two or more methods, and marks where each costs as much as the second.

    Args:
        epochs: ``(N,)``, rising.
        seconds: for each method, the total seconds after that many epochs, ``(N,)``.
        ax: an Axes to draw into.

    Raises:
        BadArgumentError: for fewer than two methods or two points, or for curves of another length.
    """
    from matplotlib.ticker import MaxNLocator

    epochs = np.asarray(epochs, dtype=float)
    curves = {name: np.asarray(values, dtype=float) for name, values in seconds.items()}
    if len(curves) < 2 or epochs.ndim != 1 or len(epochs) < 2 or any(c.shape != epochs.shape for c in curves.values()):
        raise BadArgumentError(
            "Two or more curves with one value for each of at least two epochs were expected; "
            f"{epochs.shape} epochs and curves of {[c.shape for c in curves.values()]} were received. "
            "Compute each curve at the same epochs."
        )
    unit, scale = ("min", 60) if max(c.max() for c in curves.values()) > 600 else ("s", 1)
    names = list(curves)
    second = curves[names[1]]
    found = {name: crossing_point(epochs, curves[name], second) for name in names if name != names[1]}
    crossings = {name: place for name, place in found.items() if place is not None}
    with style():
        ax = new_axes((6.8, 4)) if ax is None else ax
        every = max(1, len(epochs) // 10)
        for (name, values), look in zip(curves.items(), cycle(CURVES), strict=False):
            ax.plot(epochs, values / scale, label=name, markevery=every, **look)
        if crossings:
            places = list(crossings.values())
            label = f"break-even: {listed([f'{place:.1f}' for place in places])} epochs"
            ax.plot(places, np.interp(places, epochs, second) / scale, "*", color="black", markersize=15, label=label)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("epochs")
        ax.set_ylabel(f"total time ({unit})")
        ax.set_xlim(left=min(0, epochs[0]))
        ax.set_ylim(bottom=0)
        ax.legend()
        ax.grid()
    totals = listed([f"{name} from {c[0] / scale:.3g} to {c[-1] / scale:.3g} {unit}" for name, c in curves.items()])
    where = [f"The costs of {name} and {names[1]} are equal at {place:.1f} epochs" for name, place in crossings.items()]
    if names[0] not in crossings:
        cheaper = names[0] if curves[names[0]][-1] < second[-1] else names[1]
        where.insert(0, f"The first two curves do not cross; {cheaper} is cheaper at the end")
    text = f"Total time over {epochs[0]:g} to {epochs[-1]:g} epochs: {totals}. {'. '.join(where)}."
    return finish(ax, text, title=title)


def crossing_point(x: np.ndarray, first: np.ndarray, second: np.ndarray) -> float | None:
    """Finds the place on ``x``, rising, where two curves ``(N,)`` of straight lines first meet; ``None`` if nowhere."""
    gap = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    crossed = np.flatnonzero(gap[:-1] * gap[1:] <= 0)
    if not crossed.size:
        return None
    i = crossed[0]
    step = gap[i] / (gap[i] - gap[i + 1]) if gap[i] else 0.0
    return float(x[i] + step * (x[i + 1] - x[i]))


def _course_of(name: str, values: np.ndarray, unit: str) -> str:
    text = f"{name} from {values[0]:.3g}{unit} to {values[-1]:.3g}{unit}"
    best = int(values.argmax() if unit else values.argmin())
    if name.startswith("validation") and best != len(values) - 1:
        text += f", best {values[best]:.3g}{unit} in epoch {best + 1}"
    return text
