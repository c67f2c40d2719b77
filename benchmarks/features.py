"""Measures ``features.extract``: what its store costs when cold, what it saves when warm, and how much memory it takes.

    python benchmarks/features.py [--repeats 3] [--images 5000]

Three promises are measured: a cold run costs at most 5 % more than ``base.predict``, a warm one is at least 100 times
faster than computing, and 5,000 images of 224 px stream through in under 1.5 GB, TensorFlow's own memory included.
Cold runs and plain ones alternate, and only their ratio within one run of this program means anything. Weights are
random: the arithmetic is the same, and nothing has to be fetched. Writes ``benchmarks/results/features.json``.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from _machine import write_results

SCENES = 945
"""Every scene of the course's working set (train, validation and test), at 96 px."""

NETWORKS = {
    "vgg16": {"pooling": "avg"},
    "mobilenet_v2": {"cut": "block_13_expand_relu", "pooling": "avg"},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=3, help="alternating pairs of plain and cold runs (default 3)")
    parser.add_argument("--scenes", type=int, default=SCENES, help=f"images of 96 px (default {SCENES})")
    parser.add_argument("--images", type=int, default=5000, help="images of 224 px to stream (default 5000)")
    parser.add_argument("--stream", nargs=3, metavar=("FORM", "SOURCE", "STORE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.stream:
        return stream(*arguments.stream)
    began = time.perf_counter()
    results = {"store": [], "streaming": []}
    for name, options in NETWORKS.items():
        results["store"].append(measure_store(name, options, repeats=arguments.repeats, scenes=arguments.scenes))
        print_store(results["store"][-1])
    results["precision"] = measure_precision()
    print(
        f"bfloat16, vgg16 96 px: {results['precision']['speed_up']:.2f} times the speed of float32, "
        f"features change by {results['precision']['largest_change_percent']:.2f} % of the largest at most"
    )
    with tempfile.TemporaryDirectory() as folder:
        for form in ("npy", "jpeg"):
            results["streaming"].append(measure_streaming(form, arguments.images, Path(folder)))
            print_streaming(results["streaming"][-1])
    results["minutes"] = round((time.perf_counter() - began) / 60, 1)
    print(f"{results['minutes']} minutes; written to {write_results('features', results).name}")
    return 0


def measure_store(name: str, options: dict, *, repeats: int, scenes: int) -> dict:
    from course_utils import models
    from course_utils.features import extract

    base = models.load_base(name, weights=None, input_shape=(96, 96, 3), **options)
    images = some_images(scenes, 96)
    extract(base, images[:64], preprocess=name, store=False, progress=False)  # traces both forms of running once
    base.predict(models.preprocess(name, images[:64]), verbose=0)
    plain, cold, warm = [], [], []
    for _ in range(repeats):
        plain.append(seconds(lambda: base.predict(models.preprocess(name, images), verbose=0)))
        with tempfile.TemporaryDirectory() as store:

            def run(store=store):
                return extract(base, images, preprocess=name, store=store, progress=False)

            cold.append(seconds(run))
            warm += [seconds(run) for _ in range(5)]
    overhead = seconds_of_the_store(base, images, name)
    return {
        "base": name,
        **options,
        "images": scenes,
        "pixels": 96,
        "plain_predict_s": plain,
        "cold_extract_s": cold,
        "warm_extract_s": warm,
        "cold_over_plain": statistics.median(c / p for c, p in zip(cold, plain, strict=True)),
        "store_alone_s": overhead,
        "store_share_percent": 100 * overhead / statistics.median(plain),
        "warm_speed_up": statistics.median(cold) / statistics.median(warm),
    }


def seconds_of_the_store(base, images: np.ndarray, name: str) -> float:
    """Times what the store adds to a cold run by itself: both hashes of the images, the key, and the writing."""
    from course_utils.features.inputs import ArrayImages
    from course_utils.features.key import key_maker
    from course_utils.features.store import write_entry

    features = np.zeros((len(images), *base.output_shape[1:]), np.float32)

    def work():
        stream = ArrayImages(images)
        key_of = key_maker(base, stream, name, "float32")
        for _ in range(2):
            key = key_of([d for i in range(0, len(stream), 32) for d in stream.digests(stream.read(i, i + 32))])
        with tempfile.TemporaryDirectory() as store:
            write_entry(Path(store), key, features, {})

    return statistics.median(seconds(work) for _ in range(5))


def measure_precision() -> dict:
    from course_utils import models
    from course_utils.features import extract

    base = models.load_base("vgg16", weights=None, input_shape=(96, 96, 3), pooling="avg")
    images = some_images(64, 96)
    times, features = {}, {}
    for precision in ("float32", "bfloat16"):

        def run(count, precision=precision):
            began = time.perf_counter()
            made = extract(base, images[:count], preprocess="vgg16", precision=precision, store=False, progress=False)
            features[precision] = made
            return time.perf_counter() - began

        # A bfloat16 run copies and traces the base each time; the difference of two sizes leaves that out.
        times[precision] = statistics.median(-run(32) + run(64) for _ in range(3))
    change = np.abs(features["bfloat16"] - features["float32"]).max() / np.abs(features["float32"]).max()
    return {
        "base": "vgg16",
        "pixels": 96,
        "speed_up": times["float32"] / times["bfloat16"],
        "largest_change_percent": 100 * float(change),
    }


def measure_streaming(form: str, count: int, folder: Path) -> dict:
    source = write_images(form, count, folder)
    done = subprocess.run(
        [sys.executable, __file__, "--stream", form, str(source), str(folder / f"store-{form}")],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    peak, idle, took = (float(number) for number in done.stdout.split()[-3:])
    return {
        "form": form,
        "base": "mobilenet_v2",
        "images": count,
        "pixels": 224,
        "megabytes_as_numbers": count * 224 * 224 * 3 / 1e6,
        "peak_memory_mb": peak,
        "before_extracting_mb": idle,
        "seconds": took,
    }


def stream(form: str, source: str, store: str) -> int:
    """Runs in a process of its own, so that its peak is that of one extraction and everything it imports."""
    from course_utils import models
    from course_utils.features import extract

    base = models.load_base("mobilenet_v2", weights=None, input_shape=(224, 224, 3), **NETWORKS["mobilenet_v2"])
    idle = peak_mb()
    took = seconds(lambda: extract(base, source, preprocess="mobilenet_v2", store=store, progress=False))
    print(f"{peak_mb():.1f} {idle:.1f} {took:.2f}")
    return 0


def peak_mb() -> float:
    """Returns the most memory this process has held. Linux's own figure: getrusage's starts at the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def write_images(form: str, count: int, folder: Path) -> Path:
    """Makes images of 224 px, smooth with some noise, as photographs are: noise alone would not compress."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (64, 8, 8, 3), dtype=np.uint8)
    large = coarse.repeat(28, axis=1).repeat(28, axis=2)
    noise = rng.integers(0, 24, (224, 224, 3), dtype=np.uint8)
    target = folder / ("images.npy" if form == "npy" else "images")
    if form == "npy":
        array = np.lib.format.open_memmap(target, "w+", np.uint8, (count, 224, 224, 3))
        for i in range(count):
            array[i] = np.roll(large[i % 64], i, axis=0) // 2 + noise
        return target
    from PIL import Image

    target.mkdir()
    for i in range(count):
        image = np.roll(large[i % 64], i, axis=0) // 2 + noise
        Image.fromarray(image).save(target / f"{i:05}.jpg", quality=90)
    return target


def some_images(count: int, size: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, size, size, 3), dtype=np.uint8)


def seconds(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def print_store(row: dict) -> None:
    print(
        f"{row['base']}, {row['images']} images of 96 px: predict {statistics.median(row['plain_predict_s']):.2f} s, "
        f"cold extract {statistics.median(row['cold_extract_s']):.2f} s ({100 * (row['cold_over_plain'] - 1):+.1f} %), "
        f"its store alone {row['store_alone_s']:.3f} s ({row['store_share_percent']:.1f} %), "
        f"warm {statistics.median(row['warm_extract_s']):.4f} s ({row['warm_speed_up']:.0f} times faster)",
        flush=True,
    )


def print_streaming(row: dict) -> None:
    print(
        f"{row['images']} images of 224 px as {row['form']} ({row['megabytes_as_numbers']:.0f} MB of numbers): "
        f"peak {row['peak_memory_mb']:.0f} MB, of which {row['before_extracting_mb']:.0f} MB before the first image, "
        f"{row['seconds']:.0f} s",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
