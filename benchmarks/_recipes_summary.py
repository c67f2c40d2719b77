"""What benchmarks/recipes.py found, in figures: seconds to a stated accuracy, final accuracies, and what they differ by."""

from __future__ import annotations

import datetime

import numpy as np

MARGIN = 0.03
"""Good enough: validation accuracy within so much of the slower recipe's own best. Not worse: by at most so much."""

LEVEL = 0.90
PAIRS = (
    ("frozen end to end", "cached features", 10.0),
    ("generator loop", "cached features", 1.5),
    ("fine-tuned end to end", "cached activations", None),
    ("from scratch", "cached features", None),
)
"""The baseline recipe, ours, and how many times faster ours is meant to be on two cores."""

TOGETHER = datetime.timedelta(hours=1)
"""Records of one seed are compared in seconds only if measured so near to each other: a machine's speed changes in a day."""

SHARE = 0.80
"""Of the speed-up that the multiply-adds allow, fine-tuning from cached activations is meant to reach so much."""


def summary(results: dict, groups: dict[str, dict[str, np.ndarray]]) -> dict:
    """Returns the figures.

    Args:
        results: what is on file: ``tasks`` -> task -> method -> seed -> record.
        groups: task -> seed -> which object each test image shows (N,).
    """
    tasks = {}
    for task, rows in results["tasks"].items():
        if not rows:
            continue
        methods = {name: of_method(records, groups[task]) for name, records in rows.items()}
        pairs = [
            compare(rows[b], rows[a], groups[task]) | {"theirs": b, "ours": a, "aim": aim} for b, a, aim in _there(rows)
        ]
        tasks[task] = {"methods": methods, "pairs": pairs}
        tuned = [rows.get(name) for name in ("fine-tuned end to end", "cached activations")]
        if all(tuned):
            tasks[task]["epoch_speed_up"] = epoch_speed_up(*tuned)
    found = {"margin": MARGIN, "level": LEVEL, "share_aim": SHARE, "tasks": tasks}
    if "vgg16_block5" in results:
        timed = results["vgg16_block5"]
        found["vgg16_block5_share"] = {
            method: timed[f"speed_up_with_caching{method}"] / timed["allowed_with_caching"] for method in ("", "_xla")
        }
    return found


def _there(rows: dict) -> list[tuple]:
    return [(theirs, ours, aim) for theirs, ours, aim in PAIRS if theirs in rows and ours in rows]


def of_method(records: dict, groups: dict[str, np.ndarray]) -> dict:
    from course_utils import evaluate

    seeds = sorted(records)
    object_groups = np.concatenate([groups[seed] for seed in seeds])
    peaks = [record["peak_mb"] for record in records.values() if record["peak_mb"]]
    return {
        "seeds": len(seeds),
        "curve": curve(records, seeds),
        "accuracy": evaluate.accuracy_interval(right(records, seeds, groups), object_groups, level=LEVEL),
        "peak_mb": max(peaks) if peaks else None,
    }


def curve(records: dict, seeds: list[str]) -> list[list[float]]:
    """Seconds and validation accuracy, both averaged over seeds: one seed's few images alone would jump about."""
    points = np.array([records[seed]["points"] for seed in seeds])  # (seeds, points, 2)
    return [[round(float(x), 4) for x in point] for point in points.mean(axis=0)]


def right(records: dict, seeds: list[str], groups: dict[str, np.ndarray]) -> np.ndarray:
    """Unpacks which test images were classified correctly, seed after seed."""
    bits = [np.unpackbits(np.frombuffer(bytes.fromhex(records[s]["right"]), np.uint8)) for s in seeds]
    return np.concatenate([b[: len(groups[s])] for b, s in zip(bits, seeds, strict=True)]).astype(bool)


def compare(theirs: dict, ours: dict, groups: dict[str, np.ndarray]) -> dict:
    """Compares two methods on the seeds that both have; in seconds, where both were measured within ``TOGETHER``."""
    from course_utils import evaluate

    seeds = sorted(set(theirs) & set(ours))
    timed = [seed for seed in seeds if together(theirs[seed], ours[seed])]
    curves = {"theirs": curve(theirs, timed), "ours": curve(ours, timed)}
    slower, target, seconds = reached(curves)
    ratio = None if None in seconds.values() else seconds["theirs"] / seconds["ours"]
    each, never = [], 0
    for seed in timed:
        alone = reached({"theirs": theirs[seed]["points"], "ours": ours[seed]["points"]})[2]
        if None in alone.values():
            never += 1
        else:
            each.append(alone["theirs"] / alone["ours"])
    object_groups = np.concatenate([groups[seed] for seed in seeds])
    scores = [right(records, seeds, groups) for records in (ours, theirs)]
    difference = evaluate.difference_interval(*scores, object_groups, level=LEVEL)
    return {
        "seeds": len(seeds),
        "seeds_timed": len(timed),
        "target": target,
        "slower": slower,
        "theirs_s": seconds["theirs"],
        "ours_s": seconds["ours"],
        "times_faster": ratio,
        "spread_over_seeds": [min(each), max(each)] if each else None,
        "median_over_seeds": float(np.median(each)) if each else None,
        "seeds_that_never_reach_it": never,
        "whole_theirs_s": curves["theirs"][-1][0],
        "whole_ours_s": curves["ours"][-1][0],
        "ours_minus_theirs": difference,
        "verdict": verdict(*difference),
    }


def below_aim(pair: dict) -> bool:
    """Whether an aim is missed, by the averaged curves or by most seeds alone: the curves may cross where single ones do not."""
    if not pair["aim"] or pair["times_faster"] is None:
        return False
    return min(pair["times_faster"], pair["median_over_seeds"] or 0) < pair["aim"]


def reached(curves: dict[str, list]) -> tuple[str, float, dict[str, float | None]]:
    """Returns which side is the slower in all, what is good enough, and the seconds after which each side gets there."""
    slower = max(curves, key=lambda side: curves[side][-1][0])
    target = max(accuracy for _, accuracy in curves[slower]) - MARGIN
    seconds = {
        side: next((at for at, accuracy in points if accuracy >= target), None) for side, points in curves.items()
    }
    return slower, target, seconds


def together(one: dict, other: dict) -> bool:
    """Whether two records were measured so near to each other that their seconds may be compared."""
    apart = [datetime.datetime.fromisoformat(record["machine"]["measured"]) for record in (one, other)]
    return abs(apart[0] - apart[1]) <= TOGETHER


def verdict(value: float, low: float, high: float) -> str:
    if low > 0:
        return "better"
    if low >= -MARGIN:
        return "not worse"
    return "worse" if high < -MARGIN else "inconclusive"


def epoch_speed_up(end_to_end: dict, cached: dict) -> dict:
    """How many times faster an epoch of fine-tuning is from cached activations; the first epochs, which trace, are out."""
    seeds = sorted(set(end_to_end) & set(cached))
    theirs, ours = (
        float(np.median([s for seed in seeds for s in method[seed]["epoch_s"]])) for method in (end_to_end, cached)
    )
    allowed = cached[seeds[0]]["allowed"]
    return {"theirs_s": theirs, "ours_s": ours, "speed_up": theirs / ours, "allowed": allowed}


def print_summary(results: dict) -> None:
    for task, found in results["summary"]["tasks"].items():
        print(f"\n{task}\n{'':24}{'seconds':>9}{'validation':>12}{'test accuracy':>24}{'peak memory':>14}")
        for name, row in found["methods"].items():
            value, low, high = (100 * x for x in row["accuracy"])
            best, peak = max(accuracy for _, accuracy in row["curve"]), row["peak_mb"]
            print(
                f"{name:24}{row['curve'][-1][0]:>9.1f}{100 * best:>11.1f}%{value:>11.1f} ({low:.1f} to {high:.1f})"
                f"{'' if peak is None else f'{peak:.0f} MB':>14}"
            )
        for pair in found["pairs"]:
            print(line(pair))
        if "epoch_speed_up" in found:
            row = found["epoch_speed_up"]
            print(
                f"an epoch of fine-tuning: {row['theirs_s']:.2f} s end to end, {row['ours_s']:.2f} s from the cache: "
                f"{row['speed_up']:.1f} times faster; the multiply-adds allow {row['allowed']:.1f}"
            )
    if "vgg16_block5" in results:
        row = results["vgg16_block5"]
        print(
            f"\nVGG16's block5 from cached activations: {row['speed_up_with_caching']:.2f} times faster over {row['epochs']} "
            f"epochs with the caching pass, {100 * results['summary']['vgg16_block5_share']['']:.0f} % of the "
            f"{row['allowed_with_caching']:.2f} that the multiply-adds allow"
        )


def line(pair: dict) -> str:
    """One comparison in words."""
    aim = f" (aim: {pair['aim']:g})" if pair["aim"] else ""
    value, low, high = (100 * x for x in pair["ours_minus_theirs"])
    gained = f"{pair['ours']} against {pair['theirs']}: "
    if pair["times_faster"] is None:
        missed = "ours" if pair["ours_s"] is None else "theirs"
        gained += f"{missed} never reached {100 * pair['target']:.1f} %"
    else:
        gained += f"{pair['times_faster']:.1f} times faster{aim} to {100 * pair['target']:.1f} %"
        gained += f" ({pair['theirs_s']:.1f} s against {pair['ours_s']:.1f} s)"
    return f"{gained}; final {value:+.1f} points ({low:+.1f} to {high:+.1f}): {pair['verdict']}"
