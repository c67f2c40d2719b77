"""Images per second of each graded base: Keras `predict`, the course's `extract`, ONNX Runtime, OpenVINO and PyTorch, in one run.

    python benchmarks/runtimes.py           # about twelve minutes on two idle cores
    python benchmarks/runtimes.py --quick   # a trial at a tiny size; writes nothing

OpenVINO and PyTorch are no dependencies of the course. For this program, install them into an environment of their own:

    pip install openvino==2026.4.1 torch==2.13.0

What is not installed, and bfloat16 where the hardware has none, is left out and named in the result.

All run the same weights, on the same images, with as many threads as there are cores, in batches of 32, which is the default
of `extract`. Images are preprocessed before; that counts for none. In every repeat each runtime has its turn, and the order
rotates. Speeds are medians over the repeats; a ratio is the median of the repeats' own ratios. `extract` runs without its
store, with `precision="auto"`.

What it takes to get ready counts from a base that Keras has just loaded to its first features, less what two batches take
later: tracing, and for the other runtimes also `model.export` to ONNX and reading and compiling that file. `extract` in
bfloat16 copies and traces the base in every call; so that is taken off its speed and counted here. Imports count for none.
PyTorch runs the ONNX file by `_torch_from_onnx.py`: Keras's own backend for PyTorch spends much of its time on copies from one
layout into another, which would not show how fast PyTorch is, and the package onnx2torch also needs torchvision.

Seconds at course scale are to get ready and then extract as many images as the course has scenes. Another runtime pays there
when it takes at most two thirds of the seconds that `extract` takes. Predictions are those of logistic regression on the features
of test scenes of 96 px, compared with those on Keras's. Writes benchmarks/results/runtimes.json in the end.
"""

from __future__ import annotations

import argparse
import importlib
import math
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from _machine import write_results
from _recipes_parts import device, logistic, write
from _runtimes import RUNTIMES, STEP, Run, cannot
from throughput import BASES, IMAGES, seconds

SIZES = (96, 224)
"""Pixels to a side. The first is the size of the course's scenes."""

STARTS = 3
"""How often each runtime is made ready; the median counts."""

PAYS = 1.5
"""So many times as many seconds as the other runtime must `extract` take at course scale, for the other one to pay."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bases", nargs="*", default=list(BASES), choices=list(BASES), help="by default all")
    parser.add_argument("--repeats", type=int, default=5, help="turns of each runtime (default 5)")
    parser.add_argument("--quick", action="store_true", help="a trial at a tiny size; writes nothing")
    parser.add_argument("--out", type=Path, help="another file for the result; a trial is else written nowhere")
    given = parser.parse_args(argv)
    if given.repeats < 1:
        parser.error(f"--repeats must be at least 1, received {given.repeats}")
    left_out = {name: reason for name, runtime in RUNTIMES.items() if (reason := cannot(runtime))}
    for name, reason in left_out.items():
        print(f"{name}: left out, {reason}", flush=True)
    names = [name for name in RUNTIMES if name not in left_out]
    for package in {RUNTIMES[name].package for name in names} | {"tf2onnx"}:
        importlib.import_module(package)
    scenes = load_all(**{"size": 32, "per_object": 1} if given.quick else {"size": SIZES[0]})
    count = sum(len(split.images) for split in scenes.values())
    rows, changed = [], {}
    for base in given.bases:
        for size in (32,) if given.quick else SIZES:
            images = 2 * STEP if given.quick else max(2 * STEP, IMAGES[base] * 96**2 // size**2 // STEP * STEP)
            row, running = measure(base, size, images, given.repeats, names)
            rows.append(judged(row, count))
            print_row(rows[-1])
            if size == scenes["train"].images.shape[1]:
                changed[base] = changed_predictions(base, running, scenes)
    results = {"on": device(), "batch": STEP, "course_images": count, "pays": PAYS, "left_out": left_out}
    results |= {"rows": rows, "predictions_changed": changed}
    if given.out is not None:
        write(results, given.out)
    elif not given.quick and set(given.bases) == set(BASES):  # what is not whole is no result
        print(f"written to {write_results('runtimes', results).name}")
    return 0


def load_all(**options) -> dict:
    from course_utils.data import load_scenes

    return {split: load_scenes(split, **options) for split in ("train", "validation", "test")}


def measure(name: str, size: int, count: int, repeats: int, names: list[str]) -> tuple[dict, dict[str, Run]]:
    """Times one base at one size of images in each runtime; also returns the runtimes as they are, ready."""
    import keras

    from course_utils import models
    from course_utils.features import best_precision

    keras.backend.clear_session()
    pixels = np.random.default_rng(0).integers(0, 256, (count, size, size, 3), dtype=np.uint8)
    images = models.preprocess(name, pixels)
    running, first = {}, {each: [] for each in names}
    for _ in range(min(STARTS, repeats)):
        for each in names:
            base = models.load_base(name, input_shape=(size, size, 3), **BASES[name])
            with tempfile.TemporaryDirectory() as folder:
                began = time.perf_counter()
                running[each] = RUNTIMES[each].start(base, Path(folder), images[:STEP])
                running[each](images[: 2 * STEP])  # PyTorch optimises in its second step
                first[each].append(time.perf_counter() - began)
    expected = running["Keras predict"](images)
    change = {
        each: float(np.abs(run(images) - expected).max() / np.abs(expected).max()) for each, run in running.items()
    }
    precision = best_precision(base)
    again = (
        statistics.median(seconds(running["ours"], images[:STEP]) for _ in range(3)) if precision == "bfloat16" else 0
    )
    taken = {each: [] for each in names}
    for turn in range(repeats):
        for place in range(len(names)):
            each = names[(turn + place) % len(names)]
            taken[each].append(seconds(running[each], images))
    if again:  # one batch, and what every call begins with
        taken["ours"] = [(whole - again) * count / (count - STEP) for whole in taken["ours"]]
    rows = {}
    for each in names:
        ratios = [own / other for own, other in zip(taken["ours"], taken[each], strict=True)]
        image = statistics.median(taken[each]) / count
        rows[each] = {
            "per_second": 1 / image,
            "times_ours": statistics.median(ratios),
            "ratios": ratios,
            "ready_s": max(0.0, statistics.median(first[each]) - 2 * STEP * image),
            "largest_change": change[each],
        }
    return {"base": name, "pixels": size, "images": count, "precision": precision, "runtimes": rows}, running


def judged(row: dict, count: int) -> dict:
    """Returns a row with each runtime's seconds for so many images, and whether it pays for them.

    ``faster_from`` is the number of images from which on it needs fewer seconds than ours, getting ready included; None
    where it needs no fewer for a single image.
    """
    own = row["runtimes"]["ours"]
    own_s = own["ready_s"] + count / own["per_second"]
    runtimes = {}
    for name, found in row["runtimes"].items():
        course_s = found["ready_s"] + count / found["per_second"]
        gained = 1 / own["per_second"] - 1 / found["per_second"]
        faster_from = max(0, math.ceil((found["ready_s"] - own["ready_s"]) / gained)) if gained > 0 else None
        pays = name != "ours" and course_s <= own_s / PAYS
        runtimes[name] = found | {"course_s": course_s, "faster_from": faster_from, "pays": pays}
    return row | {"runtimes": runtimes}


def changed_predictions(name: str, running: dict[str, Run], scenes: dict) -> dict[str, float]:
    """Returns, by runtime, the share of test scenes that a classifier on its features names otherwise than on Keras's."""
    from course_utils import models

    train, test = (models.preprocess(name, scenes[split].images) for split in ("train", "test"))
    said = {
        each: logistic().fit(run(train), scenes["train"].labels).predict(run(test)) for each, run in running.items()
    }
    shares = {each: float(np.mean(classes != said["Keras predict"])) for each, classes in said.items()}
    print(
        "    predictions changed: " + ", ".join(f"{each} {100 * share:.1f} %" for each, share in shares.items()),
        flush=True,
    )
    return shares


def print_row(row: dict) -> None:
    print(f"{row['base']} at {row['pixels']} px, ours in {row['precision']}")
    for name, found in row["runtimes"].items():
        print(
            f"    {name:22}{found['per_second']:7.1f} images per second ({found['times_ours']:.2f} times ours), ready in "
            f"{found['ready_s']:5.2f} s, course scale {found['course_s']:6.2f} s{', pays' if found['pays'] else ''}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
