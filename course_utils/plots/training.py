"""How training went, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.plots.figures import (
    HATCHES,
    LINES,
    MARKERS,
    PALETTE,
    AxesGrid,
    describe,
    listed,
    new_axes,
    new_figure,
    style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def learning_curves(
    history: Any,
    *,
    fine_tune_start: int | None = None,
    metric: str | None = None,
    title: str | None = None,
    alt: str | None = None,
    figure: Any = None,
) -> AxesGrid:
    """Shows loss and accuracy over the epochs, for training and validation, with the start of fine-tuning marked.

    Args:
        history: what ``fit`` returns, or its ``.history``; or a list of those, one per stage, which are joined.
        fine_tune_start: how many epochs came before fine-tuning; by default the length of the first of several stages.
        metric: the second panel's metric; by default the first one that is recorded besides the loss.
        title: a text above the whole.
        alt: the description; by default first and last values, and the best validation value.
        figure: an empty figure to draw into.

    Returns:
        The Axes: loss, and the metric if there is one.

    Raises:
        BadArgumentError: if nothing was recorded, or ``fine_tune_start`` lies outside the epochs.
    """
    from matplotlib.ticker import MaxNLocator

    stages = [_recorded(stage) for stage in (history if isinstance(history, (list, tuple)) else [history])]
    if not stages or not all(stage.get("loss") for stage in stages):
        raise BadArgumentError(
            "A history with at least one epoch of 'loss' was expected; none was received. Pass what model.fit returned."
        )
    joined = {
        key: [value for stage in stages for value in stage[key]]
        for key in stages[0]
        if all(key in stage for stage in stages)
    }
    epochs = np.arange(1, len(joined["loss"]) + 1)
    if fine_tune_start is None and len(stages) > 1:
        fine_tune_start = len(stages[0]["loss"])
    if fine_tune_start is not None and not 0 <= fine_tune_start < len(epochs):
        raise BadArgumentError(
            f"fine_tune_start was expected to be from 0 to {len(epochs) - 1}, the epochs before fine-tuning; "
            f"{fine_tune_start} was received. Pass the number of epochs of the first stage."
        )
    others = [k for k in joined if k != "loss" and not k.startswith("val_") and k not in ("learning_rate", "lr")]
    shown = ["loss"] + ([metric] if metric else others[:1])
    if shown[-1] not in joined:
        raise BadArgumentError(f"A recorded metric was expected, one of {others}; {metric!r} was received. Choose one.")
    with style():
        figure = new_figure((4.3 * len(shown), 3.4), figure=figure)
        panels = figure.subplots(1, len(shown), squeeze=False)[0]
        said = []
        for ax, name in zip(panels, shown, strict=True):
            percent = "acc" in name
            for number, (key, label) in enumerate(((name, "training"), (f"val_{name}", "validation"))):
                if key in joined:
                    values = np.asarray(joined[key]) * (100 if percent else 1)
                    ax.plot(
                        epochs, values, color=PALETTE[(0, 3)[number]], linestyle=LINES[number], marker=MARKERS[number],
                        markersize=5, label=label,
                    )  # fmt: skip
                    said.append(_course_of(f"{label} {name}", values, " %" if percent else ""))
            if fine_tune_start is not None:
                ax.axvline(
                    fine_tune_start + 0.5, color="black", linestyle=":", linewidth=1.5, label="fine-tuning starts"
                )
            ax.set_xlabel("epoch")
            ax.set_ylabel(f"{name} (%)" if percent else f"{name} (no unit)")
            ax.xaxis.set_major_locator(MaxNLocator(integer=True))
            ax.grid(alpha=0.3)
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False)
        if title:
            figure.suptitle(title)
    axes = AxesGrid(panels)
    start = f" Fine-tuning starts after epoch {fine_tune_start}." if fine_tune_start is not None else ""
    head = f"{title}. " if title else ""
    describe(axes, alt or f"{head}Learning curves over {len(epochs)} epochs: {'; '.join(said)}.{start}")
    return axes


def break_even(
    epochs: Sequence[float],
    seconds: Mapping[str, Sequence[float]],
    *,
    title: str | None = None,
    alt: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Shows total time over epochs for two or more ways of training, and marks where each costs as much as the second.

    Args:
        epochs: ``(N,)``, rising.
        seconds: for each way, the total seconds after that many epochs, ``(N,)``; the second is what the others are
            compared with.
        title: a text above the curves.
        alt: the description; by default the first and last totals and the break-even points.
        ax: an Axes to draw into.

    Returns:
        The Axes.

    Raises:
        BadArgumentError: for fewer than two ways or two points, or for curves of another length.
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
        ax = new_axes((6.8, 4), ax=ax)
        every = max(1, len(epochs) // 10)
        for number, (name, values) in enumerate(curves.items()):
            ax.plot(
                epochs, values / scale, color=PALETTE[(0, 3, 2, 5)[number % 4]], linestyle=LINES[number % 4],
                marker=MARKERS[number], markevery=every, label=name,
            )  # fmt: skip
        if crossings:
            places = list(crossings.values())
            label = f"break-even: {listed([f'{place:.1f}' for place in places])} epochs"
            ax.plot(places, np.interp(places, epochs, second) / scale, "*", color="black", markersize=15, label=label)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("epochs")
        ax.set_ylabel(f"total time ({unit})")
        ax.set_xlim(left=min(0, epochs[0]))
        ax.set_ylim(bottom=0)
        ax.legend(frameon=False)
        ax.grid(alpha=0.3)
        if title:
            ax.set_title(title)
    said = [f"{name} from {c[0] / scale:.3g} to {c[-1] / scale:.3g} {unit}" for name, c in curves.items()]
    where = [f"{name} and {names[1]} cost the same at {place:.1f} epochs" for name, place in crossings.items()]
    if names[0] not in crossings:
        cheaper = names[0] if curves[names[0]][-1] < second[-1] else names[1]
        where.insert(0, f"The first two do not cross; {cheaper} ends cheaper")
    head = f"{title}. " if title else ""
    describe(
        ax, alt or f"{head}Total time over {epochs[0]:g} to {epochs[-1]:g} epochs: {listed(said)}. {'. '.join(where)}."
    )
    return ax


def crossing_point(x: np.ndarray, first: np.ndarray, second: np.ndarray) -> float | None:
    """Finds where two curves meet for the first time, drawn as straight lines between their points.

    Args:
        x: ``(N,)``, rising.
        first: ``(N,)``.
        second: ``(N,)``.

    Returns:
        The place on ``x``; ``None`` if they do not meet.
    """
    gap = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    for i in range(len(gap) - 1):
        if gap[i] == 0 or gap[i] * gap[i + 1] < 0:
            return float(x[i] + (x[i + 1] - x[i]) * gap[i] / (gap[i] - gap[i + 1])) if gap[i] else float(x[i])
    return float(x[-1]) if gap[-1] == 0 else None


def cost_by_block(
    model: Any,
    *,
    title: str | None = None,
    alt: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Shows, for each block of a model, its share of the multiply-adds and of the parameters.

    Args:
        model: a built model with a fixed input size.
        title: a text above the bars; by default the model's name and its totals.
        alt: the description; by default every share.
        ax: an Axes to draw into.

    Returns:
        The Axes.

    Raises:
        BadArgumentError: if a layer has no fixed size.
    """
    from course_utils.inspect import multiply_adds_by_block, parameters_by_block

    costs, sizes = multiply_adds_by_block(model), parameters_by_block(model)
    names = list(dict.fromkeys([*costs, *sizes]))
    names.sort(key=lambda name: list(sizes).index(name) if name in sizes else -1)
    total_cost, total_size = sum(costs.values()) or 1, sum(sizes.values()) or 1
    work = np.array([100 * costs.get(name, 0) / total_cost for name in names])
    room = np.array([100 * sizes.get(name, 0) / total_size for name in names])
    title = title or f"{model.name}: {total_cost / 1e6:,.0f} million multiply-adds, {total_size:,} parameters"
    with style():
        ax = new_axes((7.4, 1.5 + 0.42 * len(names)), ax=ax)
        places = np.arange(len(names))
        pairs = (
            (work, -0.2, PALETTE[4], HATCHES[0], "multiply-adds"),
            (room, 0.2, PALETTE[1], HATCHES[1], "parameters"),
        )
        for values, shift, colour, hatch, label in pairs:
            ax.barh(
                places + shift, values, 0.38, color=colour, hatch=hatch, edgecolor="black", linewidth=0.5, label=label
            )
        ax.set_yticks(places, names)
        ax.set_ylim(len(names) - 0.4, -0.6)
        ax.set_xlabel("share of the whole (%)")
        ax.legend(frameon=False)
        ax.set_title(title)
    said = [f"{name} {w:.0f} % and {r:.0f} %" for name, w, r in zip(names, work, room, strict=True)]
    describe(ax, alt or f"{title}. Share of multiply-adds and of parameters by block: {listed(said, most=25)}.")
    return ax


def _recorded(stage: Any) -> dict[str, list[float]]:
    recorded = getattr(stage, "history", stage)
    return dict(recorded) if isinstance(recorded, Mapping) else {}


def _course_of(name: str, values: np.ndarray, unit: str) -> str:
    text = f"{name} from {values[0]:.3g}{unit} to {values[-1]:.3g}{unit}"
    best = int(values.argmax() if unit else values.argmin())
    if name.startswith("validation") and best != len(values) - 1:
        text += f", best {values[best]:.3g}{unit} in epoch {best + 1}"
    return text
