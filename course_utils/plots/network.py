"""A network as a row of boxes or bars, from input to output: what is trainable, what changed, what it costs."""

from itertools import groupby
from typing import Any

import numpy as np

from course_utils.inspect import block_name, multiply_adds_by_block, parameters_by_block, trainable_table
from course_utils.plots.figures import HATCHES, PALETTE, Axes, finish, label_bars, new_axes, style
from course_utils.plots.text import listed, short_count

_PALE = "#DDE7EE"

# Each state's colour, hatch and name; the hatch repeats what the colour says.
_TRAINABLE = {
    "no": (_PALE, "", "frozen"),
    "partly": (PALETTE[4], "..", "partly trainable"),
    "yes": (PALETTE[1], "//", "trainable"),
}
_CHANGED = {
    True: (PALETTE[1], "//", "moved"),
    False: (_PALE, "", "unchanged, bit for bit"),
}


def network_strip(model: Any, *, title: str | None = None) -> Axes:
    """Draws a built model as a strip of blocks with weights, input on the left, and which are trainable at present."""
    rows = [row for row in trainable_table(model, by="block").rows[:-1] if row["parameters"]]
    names = [row["name"].rpartition("/")[2] for row in rows]
    counts = [short_count(row["parameters"]) for row in rows]
    states = [row["trainable"] for row in rows]
    few = len(rows) <= 12
    with style():
        ax = new_axes((8.8, 2.1))
        for place, (count, state) in enumerate(zip(counts, states, strict=True)):
            colour, hatch, _ = _TRAINABLE[state]
            ax.bar(place + 0.5, 1, 0.92, color=colour, hatch=hatch)
            if few:
                label = ax.text(place + 0.5, 0.5, count, ha="center", va="center", fontsize=10)
                label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.5})
        ax.set_ylim(-0.05, 1.05)
        ax.set_yticks([])
        slanted = sum(map(len, names)) > 78  # they would touch each other side by side
        _finish_strip(ax, np.arange(len(rows)) + 0.5, names, len(rows), 10, slanted=slanted)
        ax.set_xlabel("blocks from input to output" + (", with their parameters" if few else ""))
        _legend(ax, [look for state, look in _TRAINABLE.items() if state in states])
    blocks = [f"{n} ({c} parameters, {_TRAINABLE[s][2]})" for n, c, s in zip(names, counts, states, strict=True)]
    text = f"A strip of {len(rows)} blocks, from input to output: {listed(blocks, most=25)}."
    return finish(ax, text, title=title, loc="left", pad=26)


def changed_strip(comparison: Any, *, title: str | None = None) -> Axes:
    """Draws a network as a strip of layers, input on the left, and shows which moved, by ``inspect.compare``.

    If the network has BatchNorm, a second row shows its moving statistics, which move without being trained.
    """
    layers = [row["layer"].rpartition("/")[2] for row in comparison.rows]
    # For each lane and layer whether it moved; None where the layer has no such weights.
    lanes = {
        "trained weights": [None if r["distance"] is None else bool(r["moved"]) for r in comparison.rows],
        "BatchNorm statistics": [r["statistics_moved"] for r in comparison.rows],
    }
    if all(moved is None for moved in lanes["BatchNorm statistics"]):
        del lanes["BatchNorm statistics"]
    with style():
        ax = new_axes((8.8, 1.9 + 0.5 * len(lanes)))
        for lane, states in enumerate(lanes.values()):
            for place, moved in enumerate(states):
                if moved is not None:
                    colour, hatch, _ = _CHANGED[bool(moved)]
                    ax.bar(place, 0.8, 1, lane, align="edge", color=colour, hatch=hatch)
        ax.set_ylim(len(lanes) - 0.1, -0.1)
        ax.set_yticks(np.arange(len(lanes)) + 0.4, lanes)
        _finish_strip(ax, *_marks(layers), len(layers), 9, slanted=True)
        ax.set_xlabel(f"{len(layers)} layers with weights, from input to output")
        _legend(ax, list(_CHANGED.values()))
    text = " ".join(_describe_lane(name, layers, states) for name, states in lanes.items())
    return finish(ax, f"A strip of {len(layers)} layers. {text}", title=title, loc="left", pad=26)


def cost_by_block(model: Any) -> Axes:
    """Shows, for each block of a built model, its share of the multiply-adds and of the parameters.

    Raises:
        BadArgumentError: if a layer has no fixed size.
    """
    costs, sizes = multiply_adds_by_block(model), parameters_by_block(model)
    names = list(dict.fromkeys([*costs, *sizes]))
    names.sort(key=lambda name: list(sizes).index(name) if name in sizes else -1)
    total_cost, total_size = sum(costs.values()) or 1, sum(sizes.values()) or 1
    of_cost = [100 * costs.get(name, 0) / total_cost for name in names]
    of_size = [100 * sizes.get(name, 0) / total_size for name in names]
    title = f"{model.name}: {total_cost / 1e6:,.0f} million multiply-adds, {total_size:,} parameters"
    with style():
        ax = new_axes((7.4, 1.5 + 0.42 * len(names)))
        places = np.arange(len(names))
        ax.barh(places - 0.2, of_cost, 0.38, color=PALETTE[4], hatch=HATCHES[0], label="multiply-adds")
        ax.barh(places + 0.2, of_size, 0.38, color=PALETTE[1], hatch=HATCHES[1], label="parameters")
        label_bars(ax, names, width=30)
        ax.set_xlabel("share of the total (%)")
        ax.legend()
    shares = [f"{name} {c:.0f} % and {s:.0f} %" for name, c, s in zip(names, of_cost, of_size, strict=True)]
    return finish(ax, f"Share of multiply-adds and of parameters by block: {listed(shares, most=25)}.", title=title)


def _finish_strip(ax: Axes, places: Any, names: list[str], end: int, size: int, *, slanted: bool) -> None:
    ax.set_xlim(0, end)
    look = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"} if slanted else {}
    ax.set_xticks(places, names, fontsize=size, **look)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def _legend(ax: Axes, looks: list[tuple[str, str, str]]) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=colour, hatch=hatch, label=name) for colour, hatch, name in looks]
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2, ncols=3)


def _marks(names: list[str]) -> tuple[list[float], list[str]]:
    """Chooses what stands under the strip: every layer's name, or every block's where the names would not fit."""
    if len(names) <= 26:
        return [place + 0.5 for place in range(len(names))], names
    owners = [block_name(name) for name in names]
    found = [block for block in dict.fromkeys(owners) if block]
    if not 2 <= len(found) <= 40:
        found, owners = names[:: -(-len(names) // 24)], names
    places = [np.flatnonzero([owner == block for owner in owners]).mean() + 0.5 for block in found]
    return places, found


def _describe_lane(lane: str, layers: list[str], states: list[bool | None]) -> str:
    """Says which layers of a lane moved, as runs from one layer to another."""
    there = [(layer, moved) for layer, moved in zip(layers, states, strict=True) if moved is not None]
    lane = lane[0].upper() + lane[1:]
    count = sum(moved for _, moved in there)
    if count == 0:
        return f"{lane} moved in none of {len(there)}."
    if count == len(there):
        return f"{lane} moved in all {count}."
    runs = [[layer for layer, _ in run] for moved, run in groupby(there, key=lambda pair: pair[1]) if moved]
    spans = [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    return f"{lane} moved in {count} of {len(there)}: {listed(spans, most=8)}."
