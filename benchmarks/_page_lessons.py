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
    if "timing" in results:
        row = results["timing"]
        lines += [
            f"**From cached activations and end to end** ({row['on']}): {row['base']}'s {row['trained']}, {row['images']} scenes of {row['pixels']} px, batches of 32. "
            f"An epoch takes {row['end_to_end_s_per_epoch']:.1f} s end to end and {row['cached_s_per_epoch']:.1f} s from the cache, {row['speed_up']:.2f} times faster "
            f"(allowed by the multiply-adds: {row['allowed']:.2f}); over {row['epochs']} epochs with the caching pass {row['speed_up_with_caching']:.2f} times "
            f"(allowed: {row['allowed_with_caching']:.2f}). Every further augmented copy costs {row['augmented_copy_s']:.1f} s. Both methods predict the same class for {100 * row['same_answers']:.1f} % of the "
            f"test scenes; accuracy end to end {percent(row['accuracy_end_to_end'])} %, from the cache "
            f"{percent(row['cached_minus_end_to_end'], signed=True)} points compared with it ({row['seeds']} seeds).",
            "",
        ]
    if "uses" in results:
        found = results["uses"]
        lines += [
            f"**The uses of a pretrained network** ({found['on']}): {found['images']} training scenes, {found['folds'] * found['repeats']} trainings each, cross-validated over {found['objects']} objects.",
            "",
            "| use | accuracy, % | against the standalone extractor, points | parameters trained | seconds |",
            "|---|---:|---:|---:|---:|",
        ]
        for row in found["rows"]:
            standalone = row["use"].startswith("standalone")
            against = "" if standalone else percent(row["against_standalone"], signed=True)
            lines.append(
                f"| {row['use']} | {percent(row['accuracy'])} | {against} | {row['trained_parameters']:,} | {row['seconds']:.0f} |"
            )
        lines.append("")
    tasks = [name for name in ("scenes", "background", "fashion") if name in results]
    if tasks:
        places = sorted({results[task]["on"] for task in tasks})
        lines += [
            f"**When fine-tuning pays** ({'; '.join(places)}): accuracy (%) of a linear classifier on features of the whole base, and the points that the others gain on it.",
            "",
            "| task | images | trainings | whole base | up to block4 | up to block3 | fine-tuned block5 | fine-tuned minus up to block4 |",
            "|---|---:|---:|---:|---:|---:|---:|---:|",
        ]
        for task in tasks:
            for cell in sorted(results[task]["sizes"].values(), key=lambda cell: cell["images"]):
                gains = [
                    percent(cell["against_whole_base"][method], signed=True)
                    for method in ("up to block4", "up to block3", "fine-tuned block5")
                ]
                lines.append(
                    f"| {task} | {cell['images']} | {cell['trainings']} | {percent(cell['accuracy']['whole base'])} | "
                    f"{' | '.join(gains)} | {percent(cell['fine_tuned_against_block4'], signed=True)} |"
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
