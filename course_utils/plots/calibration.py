"""How sure a model is compared with how often it is right, and accuracy against the strength of something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.evaluate import coverage_accuracy as answered_and_right
from course_utils.evaluate import reliability_bins
from course_utils.plots.figures import CURVES, finish, new_axes, style
from course_utils.plots.text import listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def reliability(
    results: Mapping[str, tuple[np.ndarray, np.ndarray]], *, bins: int = 10, title: str | None = None
) -> Axes:
    """Shows a reliability diagram: the accuracy of images of about the same confidence, against that confidence.

    Args:
        results: for each name ``(probabilities, labels)``: (N, classes) from 0 to 1, and class numbers (N,).
        bins: how many equal parts of 0 to 1 the images are grouped into; the larger a marker, the more images.
        title: a text above the diagram.

    Raises:
        BadArgumentError: nothing to show, or what ``evaluate.expected_calibration_error`` refuses.
    """
    found = {name: reliability_bins(*pair, bins=bins) for name, pair in _some(results).items()}
    texts = []
    with style():
        ax = new_axes((5.8, 4.6))
        ax.plot([0, 100], [0, 100], color="black", linewidth=1, label="as sure as right")
        for (name, groups), look in zip(found.items(), _looks(found), strict=True):
            x, y = 100 * np.array([g.confidence for g in groups]), 100 * np.array([g.accuracy for g in groups])
            total = sum(g.count for g in groups)
            line = {key: look[key] for key in ("color", "linestyle", "marker")}
            ax.plot(x, y, label=name, markersize=4, **line)
            sizes = [30 + 400 * g.count / total for g in groups]
            ax.scatter(x, y, s=sizes, color=look["color"], marker=look["marker"], alpha=0.45, edgecolor="none")
            pairs = [
                f"{g.accuracy:.0%} right at {g.confidence:.0%} ({g.count} images)".replace("%", " %") for g in groups
            ]
            texts.append(f"{name}: {listed(pairs, most=20)}.")
        ax.set(
            xlim=(0, 102),
            ylim=(0, 102),
            xlabel="confidence: probability of the predicted class (%)",
            ylabel="accuracy (%)",
        )
        ax.grid()
        ax.legend(loc="upper left")
    return finish(ax, f"Reliability diagram. {' '.join(texts)}", title=title)


def coverage_accuracy(results: Mapping[str, tuple[np.ndarray, np.ndarray]], *, title: str | None = None) -> Axes:
    """Shows the accuracy of a model that abstains where it is unsure, against the share of images that it answers.

    Args:
        results: for each name ``(probabilities, labels)``: (N, classes) from 0 to 1, and class numbers (N,).
        title: a text above the curves.

    Raises:
        BadArgumentError: nothing to show, or what ``evaluate.coverage_accuracy`` refuses.
    """
    found = {name: answered_and_right(*pair) for name, pair in _some(results).items()}
    texts = []
    with style():
        ax = new_axes((6.4, 4))
        for (name, (coverage, accuracy)), look in zip(found.items(), _looks(found), strict=True):
            ax.plot(100 * coverage, 100 * accuracy, label=name, markevery=max(1, len(coverage) // 8), **look)
            half = int(np.searchsorted(coverage, 0.5))
            texts.append(
                f"{name}: accuracy {100 * accuracy[-1]:.0f} % on all images, {100 * accuracy[half]:.0f} % on the "
                f"{100 * coverage[half]:.0f} % it is surest of."
            )
        ax.set(
            xlim=(0, 102), xlabel="coverage: share of the images that are answered (%)", ylabel="accuracy on those (%)"
        )
        ax.grid()
        ax.legend(loc="lower left")
    return finish(ax, f"Accuracy against coverage. {' '.join(texts)}", title=title)


def dose_response(
    strengths: Sequence[float],
    results: Mapping[str, Sequence[Any]],
    *,
    xlabel: str,
    reference: Mapping[str, float] | None = None,
    title: str | None = None,
) -> Axes:
    """Shows accuracies with their confidence intervals against the strength of something, one line per name.

    Args:
        strengths: (K,), from 0 to 1, rising.
        results: for each name K times ``(accuracy, low, high)``, from 0 to 1, as ``evaluate.accuracy_interval`` gives them.
        xlabel: what the strength is of; "(%)" is added.
        reference: baselines drawn as horizontal lines, for example ``{"majority class": 0.5}``.
        title: a text above the lines.

    Raises:
        BadArgumentError: nothing to show, or other shapes or values.
    """
    x = 100 * np.asarray(strengths, dtype=float)
    found = {name: 100 * np.asarray([tuple(row) for row in rows], dtype=float) for name, rows in _some(results).items()}
    for name, rows in found.items():
        if (
            x.ndim != 1
            or rows.shape != (len(x), 3)
            or not ((rows >= 0) & (rows <= 100)).all()
            or (np.diff(x) <= 0).any()
        ):
            raise BadArgumentError(
                f"(accuracy, low, high), from 0 to 1, was expected for each of the {x.size} strengths, which rise, for {name!r}; "
                f"an array of shape {rows.shape} was received. Pass what evaluate.accuracy_interval returns."
            )
    texts = []
    with style():
        ax = new_axes((7.2, 4.2))
        for number, ((name, rows), look) in enumerate(zip(found.items(), _looks(found), strict=True)):
            value, low, high = rows.T
            shift = 0.5 * (
                number - (len(found) - 1) / 2
            )  # so that intervals of the same strength do not hide each other
            ends = [np.maximum(value - low, 0), np.maximum(high - value, 0)]
            ax.errorbar(x + shift, value, yerr=ends, capsize=4, linewidth=1.6, label=name, **look)
            steps = [
                f"{v:.0f} % ({lo:.0f} to {hi:.0f} %) at {s:.0f} %"
                for s, v, lo, hi in zip(x, value, low, high, strict=True)
            ]
            texts.append(f"{name}: {listed(steps)}.")
        for number, (name, level) in enumerate((reference or {}).items()):
            ax.axhline(100 * level, color="black", linewidth=1, linestyle=(":", "--", "-.")[number % 3], label=name)
            texts.append(f"A line at {100 * level:.0f} %: {name}.")
        ax.set(ylim=(0, 102), xlabel=f"{xlabel} (%)", ylabel="accuracy (%), with confidence interval")
        ax.set_xticks(x)
        ax.grid(axis="y")
        ax.legend(loc="best")
    return finish(ax, f"Accuracy against {xlabel}. {' '.join(texts)}", title=title)


def _some(results: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(results, Mapping) or not 1 <= len(results) <= len(CURVES):
        raise BadArgumentError(
            f"One to {len(CURVES)} results by name were expected, a dictionary; {type(results).__name__} was received with "
            f"{len(results)} entries. Give each line a name."
        )
    return results


def _looks(found: Mapping[str, Any]) -> tuple[dict[str, str], ...]:
    return CURVES[: len(found)]
