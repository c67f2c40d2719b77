"""The parts of docs/benchmarks.md about what the lessons show: the store, both modes of extraction, fine-tuning, the notebooks."""

from __future__ import annotations

import itertools
import statistics

import numpy as np
from _page_summary import percent
from fine_tuning import LEVEL

from course_utils import evaluate


def features(results: dict) -> str:
    lines = [
        "One pass of plain `predict`, `extract` with an empty store, and `extract` again, which reads what was stored (medians):",
        "",
        "| base | images | pixels | plain `predict` | `extract`, cold | of it the store | again | times faster |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in results["store"]:
        plain, cold, warm = (
            statistics.median(row[f"{key}_s"]) for key in ("plain_predict", "cold_extract", "warm_extract")
        )
        lines.append(
            f"| {row['base']} | {row['images']} | {row['pixels']} | {plain:.1f} s | {cold:.1f} s | {row['store_alone_s']:.2f} s "
            f"({row['store_share_percent']:.1f} %) | {warm:.3f} s | {row['warm_speed_up']:.0f} |"
        )
    lines += ["", "Images that are never all in memory:", ""]
    lines += [
        "| images | from | pixels | as numbers | memory before | at the peak | seconds |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['images']:,} | {row['form']} files | {row['pixels']} | {row['megabytes_as_numbers']:.0f} MB | "
        f"{row['before_extracting_mb']:.0f} MB | {row['peak_memory_mb']:.0f} MB | {row['seconds']:.0f} |"
        for row in results["streaming"]
    ]
    return "\n".join(lines)


def extraction_modes(results: dict) -> str:
    right = {
        method: np.array([list(row) for row in rows]).ravel() == "1"
        for method, rows in results["answers"].items()
        if len(rows) == results["repeats"]  # a run that was stopped may have fewer
    }
    objects = np.tile(results["groups"], results["repeats"])
    lines = [
        f"{results['scenes']} scenes of {results['objects']} objects, {results['repeats']} times {results['folds']}-fold cross-validation by object "
        f"(the leaking split excepted), {results['epochs']} epochs ({results['scratch_epochs']} from scratch). The majority-class baseline: "
        f"{100 * results['majority_share']:.0f} %.",
        "",
        "| method | accuracy, % | against cached features, points |",
        "|---|---:|---:|",
    ]
    for method, hits in right.items():
        accuracy = evaluate.accuracy_interval(hits, objects, level=LEVEL)
        other = evaluate.difference_interval(hits, right["cached features"], objects, level=LEVEL)
        against = "" if method == "cached features" else percent(other, signed=True)
        lines.append(f"| {method} | {percent(accuracy)} | {against} |")
    seconds = results["seconds"]
    medians = {
        key: statistics.median(run[key] for run in seconds["runs"])
        for key in ("extract", "draw copies", "extract copies")
    }
    epoch = {
        key: statistics.median(
            last - before for run in seconds["runs"] for before, last in itertools.pairwise(run[key])
        )
        for key in ("head", "end to end")
    }
    first = {key: statistics.median(run[key][0] for run in seconds["runs"]) for key in ("head", "end to end")}
    lines += [
        "",
        f"Seconds for {seconds['images']} images, tracing included where there is any (medians of {len(seconds['runs'])} runs): extraction {medians['extract']:.1f}; "
        f"{seconds['copies']} augmented copies drawn in {medians['draw copies']:.1f} and extracted in {medians['extract copies']:.1f}; an epoch of the head on features "
        f"{epoch['head']:.2f} (the first {first['head']:.1f}), an epoch end to end {epoch['end to end']:.1f} (the first {first['end to end']:.1f}).",
    ]
    return "\n".join(lines)


def fine_tuning(results: dict) -> str:
    """Its parts may have been measured on different machines, so each says where."""
    lines = []
    if "uses" in results:
        found = results["uses"]
        lines += [
            f"**The uses of a pretrained network** ({found['on']}): MobileNetV2 up to block 13, {found['pixels']} px, trained on {found['images'][0]} images and tested on "
            f"{found['images'][1]}, and the other way round; {found['objects']} objects tested in all, intervals over objects.",
            "",
            "| use | accuracy, % | against the standalone extractor, points | parameters trained |",
            "|---|---:|---:|---:|",
        ]
        for row in found["rows"]:
            standalone = row["use"].startswith("standalone")
            against = "" if standalone else percent(row["against_standalone"], signed=True)
            lines.append(f"| {row['use']} | {percent(row['accuracy'])} | {against} | {row['trained_parameters']:,} |")
        lines.append("")
    tasks = [name for name in ("scenes", "background", "fashion") if name in results]
    if tasks:
        places = sorted({results[task]["on"] for task in tasks})
        lines += [
            f"**From how many images on fine-tuning pays** ({'; '.join(places)}): accuracy (%) of logistic regression on features of MobileNetV2 up to block 13 and up to "
            "block 8, and of fine-tuning from block 11 on; then the points that fine-tuning gains on the features up to block 13. Intervals resample what the last column names.",
            "",
            "| task | images | per class | trainings | features | features up to block 8 | fine-tuned | fine-tuned minus features | resampled |",
            "|---|---:|---:|---:|---:|---:|---:|---:|---|",
        ]
        for task in tasks:
            found = results[task]
            for point in found["points"]:
                accuracies = " | ".join(percent(accuracy) for accuracy in point["accuracy"].values())
                gain = percent(point["tuned_minus"]["features of the whole base"], signed=True)
                lines.append(
                    f"| {task} | {point['images']} | {point['per_class']:.0f} | {point['trainings']} | {accuracies} | {gain} | "
                    f"{found['units']} {found['unit']}s |"
                )
    return "\n".join(lines).rstrip()


def notebooks(results: dict) -> str:
    rows = results["notebooks"]
    lessons = [row["seconds"] for key, row in rows.items() if key.startswith("lesson")]
    lines = [
        "Every lesson and every worked lab in a fresh kernel, kernel start included, nothing in the store of features, no network.",
        "",
        "| notebook | seconds | peak memory | weights it needs | at commit |",
        "|---|---:|---:|---:|---|",
    ]
    lines += [
        f"| {row['notebook']} | {row['seconds']:.0f} | {row['peak_mb']:,} MB | {row['download_mb']} MB | {row['machine']['commit'][:12]} |"
        for row in rows.values()
    ]
    return "\n".join([*lines, "", f"The {len(lessons)} lessons together: {sum(lessons):.0f} s."])


NEWCOMER = {
    "cold": "from `git clone` to lesson 1's first figure, in an empty HOME",
    "warm": "the same in another folder, with pip's downloads kept",
    "figure": "lesson 1, from *Run All* to its first figure",
    "check": "`make lab-check` for one exercise, all answers again",
    "test": "`make test`",
}
"""What benchmarks/newcomer.py calls each part → what is timed."""


def newcomer(results: dict) -> str:
    lines = ["| from … to … | seconds | where they go: the longest steps |", "|---|---:|---|"]
    for name, what in NEWCOMER.items():
        if name in results:
            parts = results[name].get("parts")
            steps = [[step, part["seconds"]] for step, part in parts.items()] if parts else results[name]["steps"]
            longest = sorted(steps, key=lambda step: -step[1])[:3]
            where = "; ".join(f"{step.replace('|', '/')} {seconds:.1f}" for step, seconds in longest)
            lines.append(f"| {what} | {results[name]['seconds']:.1f} | {where} |")
    parts = results.get("cold", {}).get("parts", {})
    if parts:
        steps = "; ".join(f"{step} {seconds:.1f} s" for step, seconds in parts["make setup"]["steps"][:4])
        lines += ["", f"Of `make setup` in an empty HOME: {steps}."]
    return "\n".join(lines)
