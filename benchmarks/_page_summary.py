"""The summary at the head of docs/benchmarks.md, and its part on our own settings, filled from benchmarks/results."""

from __future__ import annotations

import json

from _recipes_summary import below_aim as missed
from bench import RESULTS
from figures import FIGURES, TITLES, described

SEEDS = 5
"""What a comparison should have; fewer are stated with it."""


def summary(folder=RESULTS) -> str:
    """Returns the summary, ratios and figures, of the results in a folder; empty where there are none."""
    found = {name: folder / f"{name}.json" for name in FIGURES}
    results = {name: json.loads(path.read_text("utf-8")) for name, path in found.items() if path.is_file()}
    parts = faster_rows(results["recipes"]) if "recipes" in results else []
    for name, one in results.items():
        parts += ["", f'<img src="figures/{name}.png" width="700" alt="{described(name, one)}">']
    return "## In short\n\n" + "\n".join(parts).strip() + "\n" if parts else ""


def faster_rows(results: dict) -> list[str]:
    """A row for each baseline recipe: how many times faster ours reaches the same accuracy, on each task."""
    tasks = results["summary"]["tasks"]
    cells: dict[str, dict[str, str]] = {}
    for task, rows in tasks.items():
        for pair in rows["pairs"]:
            if pair["times_faster"] is not None:
                number = "" if pair["seeds_timed"] >= SEEDS else f"{pair['seeds_timed']} seeds, "
                alone = pair["spread_over_seeds"]  # none where no seed gets there by itself
                spread = "one by one {:.1f} to {:.1f}".format(*alone) if alone else "none by itself"
                faster = f"{pair['times_faster']:.1f} times faster to the same accuracy ({number}{spread})"
                said = f"{faster}; {percent(pair['ours_minus_theirs'], signed=True)} points"
                cells.setdefault(f"{pair['theirs']} | {pair['ours']}", {})[task] = said
    return [
        f"How many times faster ours comes within {100 * results['summary']['margin']:.0f} points of the best that the slower of the two reaches, and its test "
        "accuracy in the end minus theirs, with a 90 % confidence interval:",
        "",
        f"| baseline recipe | ours | {' | '.join(TITLES[task] for task in tasks)} |",
        f"|---|---|{'---|' * len(tasks)}",
        *(f"| {pair} | {' | '.join(row.get(task, '') for task in tasks)} |" for pair, row in cells.items()),
        *before_tuning(tasks),
        *below_aim(tasks, results["summary"]),
    ]


def slowest(results: dict) -> str:
    """A sentence on the comparison that is the least favourable to ours."""
    pairs = [
        (pair["times_faster"], TITLES[task], pair)
        for task, rows in results["summary"]["tasks"].items()
        for pair in rows["pairs"]
        if pair["times_faster"] is not None
    ]
    times, task, pair = min(pairs, key=lambda row: row[0])
    alone = pair["spread_over_seeds"]  # none where no seed gets there by itself
    seeds = f"single seeds from {alone[0]:.1f}" if alone else "no single seed by itself"
    return (
        f"The lessons' methods reach the accuracy of recipes that are often copied in less time. The smallest of {len(pairs)} ratios "
        f"measured on two cores is {times:.1f}: *{pair['ours']}* against *{pair['theirs']}* on {task}, "
        f"{seeds} ([benchmarks](docs/benchmarks.md#in-short))."
    )


def below_aim(tasks: dict, summary: dict) -> list[str]:
    """Names what was aimed at and not reached."""
    short = [
        f"`{pair['ours']}` against `{pair['theirs']}` on {TITLES[task]} ({pair['times_faster']:.1f} by the averaged curves, "
        f"{pair['median_over_seeds'] or 0:.1f} by the median seed, of {pair['aim']:g})"
        for task, rows in tasks.items()
        for pair in rows["pairs"]
        if missed(pair)
    ]
    aim, share = summary["share_aim"], summary.get("vgg16_block5_share", {})
    if share and share[""] < aim:
        short.append(
            f"fine-tuning VGG16's block5 from cached activations with TensorFlow's own kernels ({share['']:.0%} of the speed-up that the "
            f"multiply-adds allow, {aim:.0%} aimed at; {share['_xla']:.0%} with `jit_compile=True`)"
        )
    return ["", f"Below what was aimed at: {', '.join(short)}; the parts below say why."] if short else []


def before_tuning(tasks: dict) -> list[str]:
    """Says where ours is as good before it has fine-tuned anything, so that nobody takes that for the speed of fine-tuning."""
    pairs = []
    for rows in tasks.values():
        for pair in rows["pairs"]:
            if pair["ours"] == "cached activations" and pair["times_faster"] is not None:
                curve = [seconds for seconds, _ in rows["methods"][pair["ours"]]["curve"]]
                if min(curve, key=lambda seconds: abs(seconds - pair["ours_s"])) == curve[0]:
                    pairs.append(pair)
    if not pairs:
        return []
    whole = " and ".join(f"{pair['whole_theirs_s'] / pair['whole_ours_s']:.1f}" for pair in pairs)
    return [
        "",
        "*Cached activations* get there with the linear classifier they begin with, before their first epoch of fine-tuning. "
        f"With all epochs of both included it is {whole} times faster.",
    ]


def percent(interval: list[float], *, signed: bool = False) -> str:
    value, low, high = (100 * x for x in interval)
    form = "+.1f" if signed else ".1f"
    return f"{value:{form}} ({low:{form}} to {high:{form}})"


def our_settings(results: dict) -> str:
    """Ours compared with the best and the worst of the settings around it."""
    ours, lines = results["ours"], []
    for task, found in results["tasks"].items():
        for method, rows, (first, second) in (
            ("cached features", found["features"], ("C", "copies")),
            ("cached activations", found["fine_tuning"], ("rate", "epochs")),
        ):
            own = next(row for row in rows if (row[first], row[second]) == (ours[first], ours[second]))
            best, worst = (pick(rows, key=lambda row: row["accuracy"]) for pick in (max, min))
            cells = [
                f"{first} {row[first]:g}, {second} {row[second]}: {100 * row['accuracy']:.1f}"
                for row in (own, best, worst)
            ]
            against = percent(best["ours_minus_this"], signed=True)
            lines.append(f"| {task} | {method} | {found['seeds']} | {len(rows)} | {' | '.join(cells)} | {against} |")
    return "\n".join(
        [
            "The baseline recipes keep their published settings. Ours have no such source; here others are tried in their place. Accuracy (%) is that on the "
            "images which a seed of `recipes` follows on. On the scenes these are, over all seeds, the objects that it tests, so no "
            "setting may be chosen from here; and the best of so many is better partly by luck.",
            "",
            "| task | method | seeds | settings tried | ours | best of them | worst of them | ours minus the best, points |",
            "|---|---|---:|---:|---|---|---|---|",
            *lines,
        ]
    )
