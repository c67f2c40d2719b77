"""Pictures per second of each graded base: plain `predict`, the course's `extract`, and what this machine could do at best.

    python benchmarks/throughput.py [--pictures 192] [--repeats 3]

The arithmetic floor is the rate of a large matrix product, measured here in the same run, divided by the multiply-adds of
the base for one picture: no program that does this arithmetic in float32 can be faster on this machine. Plain and ours
alternate, and ratios are medians over the pairs. `extract` runs without its store, at the best precision of the
hardware (bfloat16 where the processor multiplies it, else float32); where that is bfloat16, the share of pictures whose
predicted class changes is measured with the scenes and a logistic regression. Writes benchmarks/results/throughput.json.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

import numpy as np
from _machine import write_results

from course_utils import hardware

SIZES = (96, 160, 224)
BASES = {
    "vgg16": {"pooling": "avg"},
    "mobilenet_v2": {"cut": "block_13_expand_relu", "pooling": "avg"},
    "efficientnet_lite0": {"pooling": "avg"},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--pictures", type=int, default=192, help="pictures of 96 px; fewer of larger ones (default 192)"
    )
    parser.add_argument("--repeats", type=int, default=3, help="pairs of plain and ours (default 3)")
    arguments = parser.parse_args()
    rate = matrix_rate()
    print(f"matrix product: {rate / 1e9:.0f} thousand million multiply-adds per second in float32")
    rows = []
    for name, options in BASES.items():
        for size in SIZES:
            count = max(32, arguments.pictures * 96**2 // size**2 // 32 * 32)
            rows.append(measure(name, options, size, count, arguments.repeats, rate))
            print(
                f"{name:20}{size:4} px: plain {rows[-1]['plain_per_second']:6.1f}, ours {rows[-1]['ours_per_second']:6.1f} "
                f"({rows[-1]['ours_over_plain']:.2f} times, {rows[-1]['precision']}), "
                f"at best {rows[-1]['floor_per_second']:7.1f} pictures per second",
                flush=True,
            )
    results = {"multiply_adds_per_second": rate, "bases": rows}
    if hardware.has_avx512_bf16():
        results["predictions_changed_by_bfloat16"] = changed_predictions()
    print(f"written to {write_results('throughput', results).name}")
    return 0


def matrix_rate(side: int = 2048, repeats: int = 8) -> float:
    """Returns the multiply-adds per second of a float32 matrix product of TensorFlow's: the best of a few runs."""
    import keras

    a = keras.ops.convert_to_tensor(np.random.default_rng(0).normal(size=(side, side)).astype(np.float32))
    best = np.inf
    for _ in range(repeats):
        began = time.perf_counter()
        np.asarray(keras.ops.matmul(a, a))
        best = min(best, time.perf_counter() - began)
    return side**3 / best


def measure(name: str, options: dict, size: int, count: int, repeats: int, rate: float) -> dict:
    """Times one base at one input size."""
    import keras

    from course_utils import inspect, models
    from course_utils.features import extract

    keras.backend.clear_session()
    base = models.load_base(name, input_shape=(size, size, 3), **options)
    pictures = np.random.default_rng(0).integers(0, 256, (count, size, size, 3), dtype=np.uint8)

    def plain():
        return base.predict(models.preprocess(name, pictures), verbose=0)

    def ours():
        return extract(base, pictures, preprocess=name, precision="auto", store=False, progress=False)

    plain(), ours()  # both are traced once before anything is timed
    pairs = [(seconds(plain), seconds(ours)) for _ in range(repeats)]
    work = sum(inspect.multiply_adds_by_block(base).values())
    return {
        "base": name,
        "pixels": size,
        "pictures": count,
        "precision": "bfloat16" if hardware.has_avx512_bf16() else "float32",
        "plain_per_second": count / statistics.median(p for p, _ in pairs),
        "ours_per_second": count / statistics.median(o for _, o in pairs),
        "ours_over_plain": statistics.median(p / o for p, o in pairs),
        "multiply_adds": work,
        "floor_per_second": rate / work,
    }


def changed_predictions() -> dict[str, float]:
    """Returns, by base, the share of test scenes that a classifier on bfloat16 features names otherwise."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from course_utils import models
    from course_utils.data import load_scenes
    from course_utils.features import extract

    train, test = load_scenes("train"), load_scenes("test")
    shares = {}
    for name, options in BASES.items():
        base = models.load_base(name, input_shape=(96, 96, 3), **options)
        answers = []
        for precision in ("float32", "bfloat16"):
            seen, new = (extract(base, s.images, preprocess=name, precision=precision) for s in (train, test))
            classifier = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000))
            answers.append(classifier.fit(seen, train.labels).predict(new))
        shares[name] = float(np.mean(answers[0] != answers[1]))
        print(f"{name}: bfloat16 changes {100 * shares[name]:.1f} % of the predictions on test scenes", flush=True)
    return shares


def seconds(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
