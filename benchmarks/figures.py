"""Draws the figures of docs/benchmarks.md from what was measured: docs/figures/recipes.png, throughput.png, scaling.png.

    python benchmarks/figures.py [recipes] [throughput] [scaling] [--folder docs/figures]

A figure whose result is not on file is left out, and said so. With each comes its description, as alternative text.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path

import numpy as np
from _machine import REPOSITORY

RESULTS = REPOSITORY / "benchmarks" / "results"
FOLDER = REPOSITORY / "docs" / "figures"
WIDTH = 900
"""Pixels, twice what the page shows of a small figure, so that letters stay sharp on fine screens."""

OURS = ("cached features", "cached activations")
TITLES = {"scenes": "scenes, 96 px", "fashion": "Fashion-MNIST, 64 px"}
# Ours in full lines and warm colours, baseline recipes dashed; and every method has a mark of its own.
LOOKS = {
    "cached features": (3, "o", "-"),
    "cached activations": (5, "s", "-"),
    "generator loop": (4, "^", "--"),
    "frozen end to end": (0, "D", "--"),
    "fine-tuned end to end": (2, "v", "--"),
    "from scratch": (6, "X", ":"),
}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", metavar="FIGURE", help=f"of {', '.join(FIGURES)}; by default all")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args(argv)
    wrong = sorted(set(given.only) - set(FIGURES))
    if wrong:
        parser.error(f"figures are {', '.join(FIGURES)}; received {', '.join(wrong)}")
    for name, draw in FIGURES.items():
        if given.only and name not in given.only:
            continue
        path = RESULTS / f"{name}.json"
        if not path.is_file():
            print(f"{name}: not measured yet (python benchmarks/{name}.py), so there is no figure")
            continue
        figure, text = draw(json.loads(path.read_text("utf-8")))
        size = save(figure, given.folder / f"{name}.png")
        print(f"{name}.png, {size / 1000:.0f} kB: {text}")
    return 0


def described(name: str, results: dict) -> str:
    """Returns the alternative text of a figure."""
    return FIGURES[name](results)[1]


def save(figure, path: Path) -> int:
    """Writes a PNG of 128 colours, more than lines and letters need; returns its bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", dpi=WIDTH / figure.get_size_inches()[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(buffer).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


def canvas(columns: int, *, height: float = 3.2):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.4, height), layout="constrained")
    return figure, np.atleast_1d(figure.subplots(1, columns))


def logarithmic(axis, *, subs=(1, 2, 5)) -> None:
    """Makes an axis logarithmic, with plain numbers next to it."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    getattr(axis.axes, f"set_{axis.axis_name}scale")("log")
    axis.set_major_locator(LogLocator(subs=subs))
    axis.set_major_formatter(FuncFormatter(lambda value, place: f"{value:,g}"))
    axis.set_minor_formatter(NullFormatter())


def recipes(results: dict):
    """Validation accuracy against seconds, a panel for each task."""
    from course_utils.plots.figures import PALETTE, style

    found = results["summary"]["tasks"]
    tasks = [task for task in ("scenes", "fashion") if found.get(task, {}).get("methods")]
    with style():
        figure, axes = canvas(len(tasks), height=3.9)
        for ax, task in zip(axes, tasks, strict=True):
            for name, (colour, mark, line) in LOOKS.items():
                if name not in found[task]["methods"]:
                    continue
                seconds, accuracy = np.array(found[task]["methods"][name]["curve"]).T
                every = max(1, len(seconds) // 6)
                look = {"color": PALETTE[colour], "marker": mark, "linestyle": line, "markevery": every}
                label = f"ours: {name}" if name in OURS else name
                ax.plot(seconds, 100 * accuracy, label=label, markersize=5, linewidth=1.6, **look)
            logarithmic(ax.xaxis)
            ax.set(title=TITLES[task], xlabel="seconds", ylabel="validation accuracy, %")
            ax.grid(alpha=0.3)
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=10)
    said = []
    for task in tasks:
        curves = {name: row["curve"] for name, row in found[task]["methods"].items()}
        ends = [
            f"{name} {100 * max(y for _, y in curve):.0f} % in {curve[-1][0]:.0f} s" for name, curve in curves.items()
        ]
        said.append(f"{TITLES[task]}: {', '.join(ends)}.")
    return figure, " ".join(
        ["Validation accuracy against seconds; the best of each method, and its seconds in all.", *said]
    )


def throughput(results: dict):
    """Images per second of each base: plain, ours, and the arithmetic floor."""
    from course_utils.plots.figures import PALETTE, style

    names = list(dict.fromkeys(row["base"] for row in results["bases"]))
    # Points, not bars: on a logarithmic scale a bar has no honest length.
    series = (
        (
            "at a float32 matrix product's rate",
            "floor",
            {"color": PALETTE[6], "marker": "_", "markersize": 22, "markeredgewidth": 1.5},
        ),
        ("plain predict", "plain", {"color": PALETTE[0], "marker": "o", "markersize": 9, "markerfacecolor": "white"}),
        ("ours", "ours", {"color": PALETTE[3], "marker": "X", "markersize": 8}),
    )
    with style():
        figure, axes = canvas(len(names))
        for ax, name in zip(axes, names, strict=True):
            rows = [row for row in results["bases"] if row["base"] == name]
            places = np.arange(len(rows))
            for label, key, look in series:
                ax.plot(places, [row[f"{key}_per_second"] for row in rows], linestyle="none", label=label, **look)
            logarithmic(ax.yaxis)
            ax.set_xticks(places, [f"{row['pixels']} px" for row in rows])
            ax.set_xlim(-0.6, len(rows) - 0.4)
            ax.set_title(f"{name}\nours in {rows[0]['precision']}", fontsize=11)
            ax.grid(alpha=0.3, axis="y")
        axes[0].set_ylabel("images per second")
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=10)
    said = [f"{r['base']} at {r['pixels']} px {r['ours_over_plain']:.2f}" for r in results["bases"]]
    return figure, f"Images per second of three bases. Ours over plain predict: {', '.join(said)}."


def scaling(results: dict):
    """Seconds and megabytes against the number of images, seconds for each image against its size."""
    from course_utils.plots.figures import style

    panels = [seconds_by_number, megabytes_by_number] if results["number"] else []
    panels += [milliseconds_by_size] if results["size"] else []
    with style():
        figure, axes = canvas(len(panels))
        for ax, draw in zip(axes, panels, strict=True):
            draw(ax, results)
            ax.grid(alpha=0.3)
            ax.legend(frameon=False, fontsize=9)
    grown = results["growth"].get("number")
    last = results["number"][-1] if results["number"] else None
    text = "Seconds and megabytes of extraction against the number and the size of images."
    if grown and last:
        text += (
            f" {last['images']:,} images of {last['pixels']} px take {last['cold_s']:.0f} s, {last['warm_s']:.1f} s again, and at most "
            f"{last['peak_mb']:.0f} MB of memory; seconds grow as the number to the power {grown['cold_s']:.2f}."
        )
    return figure, text


def seconds_by_number(ax, results: dict) -> None:
    from course_utils.plots.figures import PALETTE

    counts = [row["images"] for row in results["number"]]
    for label, key, colour, mark in (("first time", "cold_s", 0, "o"), ("again, from the store", "warm_s", 3, "s")):
        ax.plot(counts, [row[key] for row in results["number"]], marker=mark, color=PALETTE[colour], label=label)
    logarithmic(ax.xaxis, subs=(1,))
    logarithmic(ax.yaxis, subs=(1,))
    ax.set(xlabel=f"images of {results['number'][0]['pixels']} px", title="seconds")


def megabytes_by_number(ax, results: dict) -> None:
    from course_utils.plots.figures import PALETTE

    counts = [row["images"] for row in results["number"]]
    for label, key, colour, mark in (("memory", "peak_mb", 0, "o"), ("store on disk", "store_mb", 1, "^")):
        ax.plot(counts, [row[key] for row in results["number"]], marker=mark, color=PALETTE[colour], label=label)
    logarithmic(ax.xaxis, subs=(1,))
    ax.set(xlabel=f"images of {results['number'][0]['pixels']} px", title="megabytes")


def milliseconds_by_size(ax, results: dict) -> None:
    from course_utils.plots.figures import PALETTE

    for base, colour, mark in (("vgg16", 2, "D"), ("mobilenet_v2", 5, "v")):
        rows = [row for row in results["size"] if row["base"] == base]
        each = [1000 * row["cold_s"] / row["images"] for row in rows]
        if rows:
            ax.plot([row["pixels"] for row in rows], each, marker=mark, color=PALETTE[colour], label=base)
    logarithmic(ax.xaxis)
    logarithmic(ax.yaxis, subs=(1,))
    ax.set(xlabel="pixels to a side", title="milliseconds an image")
    sides = sorted({row["pixels"] for row in results["size"]})
    ax.set_xticks(sides, [str(side) for side in sides])
    ax.minorticks_off()


FIGURES = {"recipes": recipes, "throughput": throughput, "scaling": scaling}


if __name__ == "__main__":
    sys.exit(main())
