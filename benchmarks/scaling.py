"""How extraction grows: seconds, memory and disk against the number of images, and against their size.

    python benchmarks/scaling.py            # what is missing from the results: about five minutes on two idle cores
    python benchmarks/scaling.py --quick    # a trial at a tiny size; writes nothing

Number: 500 to 60,000 images of Fashion-MNIST at 32 px, read from an .npy file on disk a few at a time, through
MobileNetV2 up to block 13: extraction with the store (cold), the same again (warm), the most memory the process held
(Keras and its backend included), and what the store then takes on disk. Size: the same few images at growing sizes
through MobileNetV2's part and VGG16, compared with their multiply-adds. Every point is a process of its own.

Growth is stated as the exponent of a power law fitted over the larger half of the points: 1 means in proportion. Memory
is stated as MB for each further 1,000 images. Writes benchmarks/results/scaling.json after every point.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from _machine import REPOSITORY
from _recipes_parts import device, peak_mb, same_machine, shrunk, write

NAME = "scaling"
BASES = {
    "mobilenet_v2": {"cut": "block_13_expand_relu", "pooling": "avg"},
    "vgg16": {"pooling": "avg"},
}
COUNTS, SIDE = (500, 2000, 8000, 30_000, 60_000), 32
SIZES, COUNT_OF_BASE = (32, 64, 96, 160, 224), {"mobilenet_v2": 256, "vgg16": 64}
QUICK = {"counts": (20, 40), "sizes": (32, 48), "shown": {"mobilenet_v2": 8}}
RESULT_PREFIX = "scaling result: "


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=("number", "size"), help="one of the two; by default both")
    parser.add_argument("--again", action="store_true", help="measure also what is on file")
    parser.add_argument("--quick", action="store_true", help="a trial at a tiny size, in this process; writes nothing")
    parser.add_argument(
        "--out", type=Path, help="where the result is written, and gone on from; a trial is else written nowhere"
    )
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if given.inside:
        print(RESULT_PREFIX + json.dumps(point(**json.loads(given.inside))), flush=True)
        return 0
    path = given.out or (None if given.quick else REPOSITORY / "benchmarks" / "results" / f"{NAME}.json")
    results: dict = {"number": [], "size": []}
    if path and path.is_file() and not given.again:
        results = json.loads(path.read_text("utf-8"))
        same_machine(results.pop("machine"), path)
    with tempfile.TemporaryDirectory() as folder:
        for piece, wanted in plan(given.quick).items():
            if given.only not in (None, piece):
                continue
            for asked in wanted:
                if any(asked.items() <= row.items() for row in results[piece]):
                    continue
                row = point(**asked, folder=folder) if given.quick else apart(asked, folder)
                results[piece] = sorted([*results[piece], row], key=lambda r: (r["base"], r["pixels"], r["images"]))
                print_row(row)
                if path:
                    write(results | {"growth": growth(results)}, path)
    print_growth(results | {"growth": growth(results)})
    return 0


def plan(quick: bool) -> dict[str, list[dict]]:
    counts, sizes, shown = (QUICK[key] for key in QUICK) if quick else (COUNTS, SIZES, COUNT_OF_BASE)
    number = [{"base": "mobilenet_v2", "images": count, "pixels": SIDE} for count in counts]
    size = [{"base": base, "images": count, "pixels": side} for base, count in shown.items() for side in sizes]
    return {"number": number, "size": size}


def apart(asked: dict, folder: str) -> dict:
    """Measures one point in a process of its own, so that its peak memory is its own."""
    command = [sys.executable, __file__, "--inside", json.dumps(asked | {"folder": folder})]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(
        next(line for line in done.stdout.splitlines() if line.startswith(RESULT_PREFIX)).removeprefix(RESULT_PREFIX)
    )


def point(*, base: str, images: int, pixels: int, folder: str) -> dict:
    """Extracts once cold and once warm, and says what that took."""
    from course_utils import inspect, models
    from course_utils.features import extract

    with tempfile.TemporaryDirectory(dir=folder) as inside:
        source, store = Path(inside) / "images.npy", Path(inside) / "store"
        network = models.load_base(base, input_shape=(pixels, pixels, 3), **BASES[base])
        write_images(source, images, pixels)
        options = {"preprocess": base, "precision": "auto", "progress": False}
        # The same step is traced once before: its second or two would hide what grows. A bfloat16 copy is traced each time.
        extract(network, np.zeros((min(32, images), pixels, pixels, 3), np.uint8), store=False, **options)
        before = peak_mb()
        seconds = []
        for _ in range(2):
            began = time.perf_counter()
            features = extract(network, source, store=store, **options)
            seconds.append(time.perf_counter() - began)
        held = sum(file.stat().st_size for file in store.rglob("*") if file.is_file())
        return {
            "base": base,
            "images": images,
            "pixels": pixels,
            "cold_s": seconds[0],
            "warm_s": seconds[1],
            "before_mb": before,
            "peak_mb": peak_mb(),
            "features_mb": features.nbytes / 1e6,
            "images_mb": source.stat().st_size / 1e6,
            "store_mb": held / 1e6,
            "on": device(),
            "multiply_adds": sum(inspect.multiply_adds_by_block(network).values()),
        }


def write_images(target: Path, count: int, side: int) -> None:
    """Writes Fashion-MNIST's first training images, enlarged, a thousand at a time."""
    from course_utils.data import fetch_fashion

    grey = fetch_fashion()[0][0][:count]
    array = np.lib.format.open_memmap(target, "w+", np.uint8, (count, side, side, 3))
    for start in range(0, count, 1000):
        array[start : start + 1000] = shrunk(grey[start : start + 1000], side)[..., None]
    array.flush()


def growth(results: dict) -> dict:
    """Fits the exponents; a piece with fewer than two points has none."""
    found = {}
    rows = results["number"]
    if len(rows) > 1:
        larger = rows[len(rows) // 2 - (len(rows) < 4) :]
        first, last = rows[0], rows[-1]
        more = (last["images"] - first["images"]) / 1000
        found["number"] = {
            "cold_s": exponent(larger, "images", "cold_s"),
            "warm_s": exponent(larger, "images", "warm_s"),
            "store_mb": exponent(larger, "images", "store_mb"),
            "memory_mb_per_1000": (last["peak_mb"] - first["peak_mb"]) / more,
            "features_mb_per_1000": (last["features_mb"] - first["features_mb"]) / more,
            "images_mb_per_1000": (last["images_mb"] - first["images_mb"]) / more,
        }
    for base in BASES:
        rows = [row for row in results["size"] if row["base"] == base]
        if len(rows) > 1:
            larger = rows[len(rows) // 2 - (len(rows) < 4) :]
            found[base] = {"cold_s": exponent(larger, "pixels", "cold_s")}
            found[base]["multiply_adds"] = exponent(larger, "pixels", "multiply_adds")
    return found


def exponent(rows: list[dict], along: str, what: str) -> float:
    """Returns the slope of ``what`` against ``along``, both as logarithms."""
    x, y = (np.log([row[key] for row in rows]) for key in (along, what))
    return float(np.polyfit(x, y, 1)[0])


def print_row(row: dict) -> None:
    print(
        f"{row['base']:14}{row['images']:>7} images of {row['pixels']:>3} px: {row['cold_s']:7.2f} s, again "
        f"{row['warm_s']:6.2f} s, peak {row['peak_mb']:.0f} MB, store {row['store_mb']:.1f} MB",
        flush=True,
    )


def print_growth(results: dict) -> None:
    for piece, found in results["growth"].items():
        print(piece, {key: round(value, 2) for key, value in found.items()})


if __name__ == "__main__":
    sys.exit(main())
