"""Images per second of each graded base: plain `predict`, the course's `extract`, and what this machine could do at best.

    python benchmarks/throughput.py           # about seven minutes on two idle cores
    python benchmarks/throughput.py --quick   # a trial at a tiny size; writes nothing
    python benchmarks/throughput.py --predictions  # only the share of changed predictions again; keeps the rest

Plain and ours alternate, and take turns at being first; speeds are medians over the repeats, and the ratio is the median of
the pairs' ratios. What is done to an image before the base sees it counts for both. `extract` runs without its store, with
`precision="auto"`, as `features.best_precision` explains. Where the hardware has bfloat16, one batch is also timed in both
precisions by turns, which shows whether that choice is right. The share of test scenes that a classifier on bfloat16 features
names otherwise is measured everywhere: where `extract` does not choose 16 bits, what they would change can be seen all the same.

The arithmetic floor is the rate of a large matrix product in float32, measured before and after in the same run, divided by
the base's multiply-adds for one image. A base of many thin layers, such as MobileNetV2, moves numbers more than it
multiplies them and stays far from it. Writes benchmarks/results/throughput.json in the end.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from _machine import REPOSITORY, machine, write_results
from _recipes_parts import device, write

BASES = {
    "vgg16": {"pooling": "avg"},
    "mobilenet_v2": {"cut": "block_13_expand_relu", "pooling": "avg"},
    "efficientnet_lite0": {"pooling": "avg"},
}
IMAGES = {"vgg16": 96, "mobilenet_v2": 384, "efficientnet_lite0": 256}
"""Of 96 px; fewer larger ones, for about the same work, but never less than two batches: ours prepares the second while the base
computes the first, and with one alone that could not show."""

SIZES = (96, 160, 224)
STEP = 16
"""Images to a batch, for both: a handful of large images still makes whole batches."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bases", nargs="*", default=list(BASES), choices=list(BASES), help="by default all")
    parser.add_argument("--repeats", type=int, default=7, help="pairs of plain and ours (default 7)")
    parser.add_argument("--quick", action="store_true", help="a trial at a tiny size; writes nothing")
    parser.add_argument(
        "--predictions", action="store_true", help="only the share of changed predictions; keeps the rest"
    )
    parser.add_argument("--out", type=Path, help="another file for the result; a trial is else written nowhere")
    given = parser.parse_args(argv)
    if given.repeats < 1:
        parser.error(f"--repeats must be at least 1, received {given.repeats}")
    if given.predictions:
        path = REPOSITORY / "benchmarks" / "results" / "throughput.json"
        results = json.loads(path.read_text("utf-8"))
        results |= {"predictions_changed": changed_predictions(list(BASES)), "predictions_machine": machine()}
        path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
        return 0
    partly = given.quick or set(given.bases) != set(BASES)  # what is not whole is no result
    rates = [matrix_rate(256 if given.quick else 2048)]
    rows: list[dict] = []
    for name in given.bases:
        for size in (32,) if given.quick else SIZES:
            count = 2 * STEP if given.quick else max(2 * STEP, IMAGES[name] * 96**2 // size**2 // STEP * STEP)
            rows.append(measure(name, size, count, given.repeats))
            print_row(rows[-1] | {"floor_per_second": rates[0] / rows[-1]["multiply_adds"]})
    rates.append(matrix_rate(256 if given.quick else 2048))
    rate = max(rates)
    for row in rows:
        row["floor_per_second"] = rate / row["multiply_adds"]
    changed = {} if given.quick else changed_predictions(given.bases)
    results = {"on": device(), "multiply_adds_per_second": rate, "bases": rows, "predictions_changed": changed}
    if given.out is not None:
        write(results, given.out)
    elif not partly:
        print(f"written to {write_results('throughput', results).name}")
    return 0


def matrix_rate(side: int, repeats: int = 8) -> float:
    """Returns the multiply-adds per second of a float32 matrix product by Keras's backend: the best of a few runs."""
    import keras

    a = keras.ops.convert_to_tensor(np.random.default_rng(0).normal(size=(side, side)).astype(np.float32))
    best = np.inf
    for _ in range(repeats):
        began = time.perf_counter()
        keras.ops.convert_to_numpy(keras.ops.matmul(a, a))
        best = min(best, time.perf_counter() - began)
    return side**3 / best


def measure(name: str, size: int, count: int, repeats: int) -> dict:
    """Times one base at one input size."""
    import keras

    from course_utils import inspect, models
    from course_utils.features import best_precision, extract

    keras.backend.clear_session()
    base = models.load_base(name, input_shape=(size, size, 3), **BASES[name])
    images = np.random.default_rng(0).integers(0, 256, (count, size, size, 3), dtype=np.uint8)
    precision = best_precision(base)

    def plain(some):
        return base.predict(models.preprocess(name, some), batch_size=STEP, verbose=0)

    def ours(some):
        options = {"preprocess": name, "precision": "auto", "batch_size": STEP, "store": False, "progress": False}
        return extract(base, some, **options)

    made = [method(images[:STEP]) for method in (plain, ours)]  # both are traced before anything is timed
    change = float(np.abs(made[0] - made[1]).max() / np.abs(made[0]).max())
    # In bfloat16 every call copies and traces the base again. That is a second or two, once for all the images somebody
    # has; what one batch takes is measured and taken off, and the batch with it.
    once = statistics.median(seconds(ours, images[:STEP]) for _ in range(3)) if precision == "bfloat16" else 0.0
    left = (count - STEP) / count if once else 1.0
    pairs = []
    for turn in range(repeats):
        taken = {method: seconds(method, images) for method in ((plain, ours), (ours, plain))[turn % 2]}
        pairs.append((taken[plain], (taken[ours] - once) / left))
    return {
        "base": name,
        "pixels": size,
        "images": count,
        "precision": precision,
        "plain_per_second": count / statistics.median(p for p, _ in pairs),
        "ours_per_second": count / statistics.median(o for _, o in pairs),
        "ours_over_plain": statistics.median(p / o for p, o in pairs),
        "ratios": [p / o for p, o in pairs],
        "float32_over_bfloat16": by_precision(base, models.preprocess(name, images[:STEP]), repeats),
        "copy_and_trace_s": once,
        "largest_change": change,
        "multiply_adds": sum(inspect.multiply_adds_by_block(base).values()),
    }


def by_precision(base, batch: np.ndarray, repeats: int) -> list[float]:
    """Returns how many times as long as in bfloat16 a batch takes in float32, pair by pair; nothing without the hardware."""
    from course_utils import hardware
    from course_utils.features.precision import in_bfloat16

    if not (hardware.has_avx512_bf16() or hardware.gpu_names()):
        return []
    both = (base, in_bfloat16(base))
    for one in both:
        one.predict_on_batch(batch)
    pairs = []
    for turn in range(repeats):
        taken = {one: seconds(one.predict_on_batch, batch) for one in (both, both[::-1])[turn % 2]}
        pairs.append(taken[both[0]] / taken[both[1]])
    return pairs


def changed_predictions(names: list[str]) -> dict[str, float]:
    """Returns, by base, the share of test scenes that a classifier on bfloat16 features names otherwise."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from course_utils import models
    from course_utils.data import load_scenes
    from course_utils.features import extract

    train, test = load_scenes("train"), load_scenes("test")
    shares = {}
    for name in names:
        base = models.load_base(name, input_shape=(96, 96, 3), **BASES[name])
        said = []
        for precision in ("float32", "bfloat16"):
            seen, new = (
                extract(base, s.images, preprocess=name, precision=precision, progress=False) for s in (train, test)
            )
            classifier = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000))
            said.append(classifier.fit(seen, train.labels).predict(new))
        shares[name] = float(np.mean(said[0] != said[1]))
        print(f"{name}: bfloat16 changes {100 * shares[name]:.1f} % of the predictions on test scenes", flush=True)
    return shares


def seconds(work, *inputs) -> float:
    began = time.perf_counter()
    work(*inputs)
    return time.perf_counter() - began


def print_row(row: dict) -> None:
    print(
        f"{row['base']:20}{row['pixels']:4} px: plain {row['plain_per_second']:6.1f}, ours {row['ours_per_second']:6.1f} "
        f"({row['ours_over_plain']:.2f} times, {row['precision']}), at best {row['floor_per_second']:7.1f} images per second",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
