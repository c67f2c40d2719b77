"""A strip of the network, input on the left: what is trainable, and what moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.inspect import block_name
from course_utils.plots.figures import PALETTE, describe, listed, new_axes, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STILL = "#DDE7EE"  # what does not move

# Fill, hatch and words of each state; the hatch says what the colour says.
_STATES = {
    "moved": (PALETTE[1], "//", "moved"),
    "same": (_STILL, "", "unchanged, bit for bit"),
}


def network_strip(
    model: Any,
    *,
    title: str | None = None,
    alt: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draws a model as a strip of blocks, input on the left, and shows which of them are trainable at present.

    Args:
        model: a built Keras model.
        title: a text above the strip.
        alt: the description; by default every block with its parameters and whether it is frozen.
        ax: an Axes to draw into.

    Returns:
        The Axes. Blocks without weights are left out.
    """
    from matplotlib.patches import Patch, Rectangle

    from course_utils.inspect import trainable_table

    rows = [row for row in trainable_table(model, by="block").rows[:-1] if row["parameters"]]
    looks = {
        "no": (_STILL, "", "frozen"),
        "partly": (PALETTE[4], "..", "partly trainable"),
        "yes": (PALETTE[1], "//", "trainable"),
    }
    with style():
        ax = new_axes((9.5, 2.1), ax=ax)
        for place, row in enumerate(rows):
            colour, hatch, _ = looks[row["trainable"]]
            ax.add_patch(
                Rectangle((place + 0.04, 0), 0.92, 1, facecolor=colour, hatch=hatch, edgecolor="black", linewidth=0.8)
            )
            if len(rows) <= 12:
                label = ax.text(place + 0.5, 0.5, short_count(row["parameters"]), ha="center", va="center", fontsize=10)
                label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.5})
        ax.set_xlim(0, len(rows))
        ax.set_ylim(-0.05, 1.05)
        ax.set_yticks([])
        names = [row["name"].rpartition("/")[2] for row in rows]
        if sum(map(len, names)) > 85:  # they would touch each other side by side
            ax.set_xticks(np.arange(len(rows)) + 0.5, names, rotation=40, ha="right", rotation_mode="anchor")
        else:
            ax.set_xticks(np.arange(len(rows)) + 0.5, names)
        ax.tick_params(axis="x", length=0, labelsize=10)
        ax.spines[:].set_visible(False)
        ax.set_xlabel("blocks from input to output" + (", with their parameters" if len(rows) <= 12 else ""))
        used = [looks[state] for state in looks if any(row["trainable"] == state for row in rows)]
        _legend(ax, [Patch(facecolor=c, hatch=h, edgecolor="black", label=words) for c, h, words in used])
        if title:
            ax.set_title(title, loc="left", pad=26)
    said = [f"{n} {short_count(r['parameters'])} {looks[r['trainable']][2]}" for n, r in zip(names, rows, strict=True)]
    head = f"{title}. " if title else ""
    describe(ax, alt or f"{head}A strip of {len(rows)} blocks, from input to output: {listed(said, most=25)}.")
    return ax


def short_count(count: int) -> str:
    """Writes a count in the few letters a box has room for.

    Args:
        count: how many.

    Returns:
        For example ``"7.1 M"`` or ``"3.1 k"``.
    """
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return str(count)


def changed_strip(
    comparison: Any,
    *,
    title: str | None = None,
    alt: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draws a network as a strip of layers, input on the left, and shows which of them moved.

    Args:
        comparison: from ``inspect.compare``.
        title: a text above the strip.
        alt: the description; by default which layers moved and which did not.
        ax: an Axes to draw into.

    Returns:
        The Axes. If the network has BatchNorm, a second row shows its moving statistics, which move without being
        trained.
    """
    from matplotlib.patches import Patch, Rectangle

    rows = comparison.rows
    lanes = [("trained weights", "moved", "distance")]
    if any(row["statistics_moved"] is not None for row in rows):
        lanes.append(("BatchNorm statistics", "statistics_moved", "statistics_distance"))
    with style():
        ax = new_axes((9.5, 1.9 + 0.5 * len(lanes)), ax=ax)
        for lane, (_, key, distance) in enumerate(lanes):
            for place, row in enumerate(rows):
                if row[distance] is not None:
                    colour, hatch, _ = _STATES["moved" if row[key] else "same"]
                    ax.add_patch(
                        Rectangle(
                            (place, lane), 1, 0.8, facecolor=colour, hatch=hatch, edgecolor="black", linewidth=0.5
                        )
                    )
        ax.set_xlim(0, len(rows))
        ax.set_ylim(len(lanes) - 0.1, -0.1)
        ax.set_yticks(np.arange(len(lanes)) + 0.4, [name for name, _, _ in lanes])
        ax.tick_params(axis="y", length=0)
        places, names = _marks([row["layer"] for row in rows])
        ax.set_xticks(places, names, rotation=40, ha="right", rotation_mode="anchor", fontsize=9)
        ax.spines[:].set_visible(False)
        ax.set_xlabel(f"{len(rows)} layers with weights, from input to output")
        _legend(ax, [Patch(facecolor=c, hatch=h, edgecolor="black", label=words) for c, h, words in _STATES.values()])
        if title:
            ax.set_title(title, loc="left", pad=26)
    describe(ax, alt or (f"{title}. " if title else "") + _describe(comparison))
    return ax


def _legend(ax: Axes, handles: list[Any]) -> None:
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2, ncols=3, frameon=False)


def _marks(layers: list[str]) -> tuple[list[float], list[str]]:
    """Chooses what stands under the strip: every layer's name, or every block's where the names would not fit."""
    names = [path.rpartition("/")[2] for path in layers]
    if len(names) <= 26:
        return [place + 0.5 for place in range(len(names))], names
    owners = [block_name(name) for name in names]
    found = [block for block in dict.fromkeys(owners) if block]
    if not 2 <= len(found) <= 40:
        found, owners = names[:: -(-len(names) // 24)], names
    places = [np.flatnonzero([owner == block for owner in owners]).mean() + 0.5 for block in found]
    return places, found


def _describe(comparison: Any) -> str:
    rows = comparison.rows
    trained = [row for row in rows if row["distance"] is not None]
    text = f"A strip of {len(rows)} layers. " + _runs("Trained weights", [(r["layer"], r["moved"]) for r in trained])
    statistics = [(r["layer"], r["statistics_moved"]) for r in rows if r["statistics_moved"] is not None]
    return text + (" " + _runs("BatchNorm statistics", statistics) if statistics else "")


def _runs(what: str, states: list[tuple[str, bool]]) -> str:
    """Says which layers moved, as runs from one layer to another."""
    runs: list[list[str]] = []
    before = False
    for layer, moved in states:
        name = layer.rpartition("/")[2]
        if moved and not before:
            runs.append([name, name])
        elif moved:
            runs[-1][1] = name
        before = moved
    if not runs:
        return f"{what} moved in none of {len(states)}."
    count = sum(moved for _, moved in states)
    if count == len(states):
        return f"{what} moved in all {count}."
    spans = [first if first == last else f"{first} to {last}" for first, last in runs]
    return f"{what} moved in {count} of {len(states)}: {listed(spans, most=8)}."
