"""Time to accuracy: four baseline recipes, against the course's method, with the same base, images and splits.

    python benchmarks/recipes.py                    # what is missing from the results: about half an hour on two idle cores
    python benchmarks/recipes.py --only generator "cached features" --tasks fashion
    python benchmarks/recipes.py --minutes 20       # start nothing new after 20 minutes; the next run goes on from there
    python benchmarks/recipes.py --quick            # a minute's trial of the program; writes nothing, means nothing

The recipes, fixed beforehand (PUBLISHED, FINE_TUNING, OURS in _recipes_parts.py):

1  frozen end to end      augmentation, frozen base, Dense(256), dropout, softmax; 30 epochs, batch 20, all through the base
2  generator loop         features saved by a loop of `predict` on batches of 20, in float32; the same head, 30 epochs
3  fine-tuned end to end  10 epochs of recipe 1, then the base's last blocks at 1e-5 for 10 epochs, batch 20
4  from scratch           a small network, 30 epochs, batch 20
ours: cached features     one pass at the best precision, a linear classifier; then two augmented copies more
ours: cached activations  the same linear classifier as head, then the last blocks, trained on cached activations

The base is MobileNetV2 up to block 13, because VGG16 end to end would take hours on two cores; what fine-tuning VGG16's
last block from cached activations saves is measured by itself (`vgg16_block5`: seconds of an epoch, few images). Scenes
are cross-validated by object: each of five seeds tests another fifth, follows on the next one and learns from the other
three. Fashion-MNIST has 2,000 training images, other ones for each seed, 1,000 to follow on, and all 10,000 test images.

Each method and seed runs in a process of its own, all methods of a seed one after the other; recipes 1 and 3 share theirs, as they
share their first epochs, so the peak memory of 3 is that of both. What is on file is not measured again (`--again`). Seconds are compared
where both sides of a seed were measured within an hour.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from _machine import REPOSITORY, is_this_machine, machine
from _recipes import METHODS
from _recipes_parts import (
    BASE,
    FINE_TUNING,
    FIRST,
    OURS,
    PUBLISHED,
    Bases,
    Part,
    Task,
    same_machine,
    shrunk,
    write,
)
from _recipes_summary import print_summary, summary

NAME = "recipes"
PIXELS = {"scenes": 96, "fashion": 64}
SCRATCH_PIXELS = {"scenes": 64, "fashion": 32}
"""Height and width of what the small network gets; shrinking the images is not on its clock."""
FOLDS = 5
RESULT_PREFIX = "recipes result: "


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", nargs="*", default=["fashion", "scenes"], choices=list(PIXELS))
    parser.add_argument("--only", nargs="*", metavar="WAY", help=f"of {', '.join(METHODS)}, vgg16_block5")
    parser.add_argument("--seeds", nargs="*", type=int, default=[*range(FOLDS)], help="of 0 to 4 (default all)")
    parser.add_argument("--minutes", type=float, default=1e9, help="start nothing new after so long")
    parser.add_argument("--again", action="store_true", help="measure also what is on file")
    parser.add_argument("--quick", action="store_true", help="a trial at a tiny size, in this process")
    parser.add_argument(
        "--out", type=Path, help="where the result is written, and gone on from; a trial is else written nowhere"
    )
    parser.add_argument("--inside", nargs=2, metavar=("TASK", "WAY"), help=argparse.SUPPRESS)
    parser.add_argument("--store", help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    wrong = sorted(set(given.only or []) - {*METHODS, "vgg16_block5"})
    if wrong:
        parser.error(f"--only must name methods of {', '.join(METHODS)}, vgg16_block5; received {', '.join(wrong)}")
    if not set(given.seeds) <= set(range(FOLDS)):
        parser.error(f"--seeds must be of 0 to {FOLDS - 1}, received {given.seeds}")
    if given.inside:
        return inside(*given.inside, *given.seeds, given.store)
    path = given.out or (None if given.quick else REPOSITORY / "benchmarks" / "results" / f"{NAME}.json")
    results = {"tasks": {}}
    if path and path.is_file():
        there = json.loads(path.read_text("utf-8"))
        if not given.again or is_this_machine(there["machine"]):
            same_machine(there["machine"], path)
            results = there
    now = settings(quick=given.quick)
    if any(now[key] != value for key, value in results.get("settings", now).items()):
        raise SystemExit(f"{path} was measured with other settings than {now}: move it away to start again.")
    results["settings"] = now

    def keep() -> None:
        if path:
            write(with_summary(results), path)

    until = time.perf_counter() + 60 * given.minutes
    with tempfile.TemporaryDirectory() as store:
        for task in given.tasks:
            rows = results["tasks"].setdefault(task, {})
            # All methods of a seed come one after the other: a machine that slows down in the course of a day slows them alike.
            for seed, method in itertools.product([0] if given.quick else given.seeds, given.only or METHODS):
                there = method not in METHODS or all(str(seed) in rows.get(name, {}) for name in METHODS[method][1])
                if method not in METHODS or (there and not given.again) or time.perf_counter() > until:
                    continue
                if given.quick:
                    records = METHODS[method][0](quick_task(task), Bases(32, store), 0, scale=0.05)
                else:
                    records = apart(task, method, seed, store)
                for name, record in records.items():
                    rows.setdefault(name, {})[str(seed)] = record | {"machine": machine()}
                    results.pop("machine", None)  # what is on file is stamped again, but not for vgg16_block5 alone
                    end, best = record["points"][-1], max(accuracy for _, accuracy in record["points"])
                    print(f"{task}, {name}, seed {seed}: {end[0]:.1f} s, at best {best:.3f}", flush=True)
                keep()
    wanted = "vgg16_block5" in (given.only or ["vgg16_block5"]) and time.perf_counter() < until
    if wanted and (given.again or "vgg16_block5" not in results):
        results["vgg16_block5"] = vgg16_block5(**({"images": 8, "pixels": 32, "rounds": 1} if given.quick else {}))
        keep()
    print_summary(with_summary(results))
    return 0


def settings(*, quick: bool) -> dict:
    return {
        "base": BASE,
        "fine_tuned_from": FIRST,
        "pixels": dict.fromkeys(PIXELS, 32) if quick else PIXELS,
        "published": PUBLISHED,
        "fine_tuning": FINE_TUNING,
        "ours": OURS,
        "scratch_pixels": SCRATCH_PIXELS,
        "trial": quick,
    }


def with_summary(results: dict) -> dict:
    found = {name: groups_of(name, rows, results["settings"]["trial"]) for name, rows in results["tasks"].items()}
    return results | {"summary": summary(results, found)}


# Images


def scenes_task(seed: int) -> Task:
    """Fold ``seed`` is tested, the next one followed on, the other three are learned from."""
    from course_utils import data, evaluate

    scenes = data.load_scenes("all", size=PIXELS["scenes"], per_object=3)
    folds = [test for _, test in evaluate.grouped_splits(scenes.labels, scenes.groups, folds=FOLDS, seed=0)]
    turned = [folds[(seed + step) % FOLDS] for step in range(FOLDS)]

    def part(index) -> Part:
        return Part(scenes.images[index], scenes.labels[index], scenes.groups[index])

    return Task(
        part(np.concatenate(turned[2:])),
        part(turned[1]),
        part(turned[0]),
        len(scenes.class_names),
        SCRATCH_PIXELS["scenes"],
    )


def fashion_task(seed: int, *, train: int = 2000, validation: int = 1000, test: int = 10_000, pixels: int = 64) -> Task:
    """Every seed has training images of its own; all share those that are followed on and the test."""
    from course_utils.data import fetch_fashion

    (pool, pool_labels), (unseen, unseen_labels) = fetch_fashion()
    drawn = np.random.default_rng(0).permutation(len(pool))
    at_train = drawn[validation + seed * train : validation + (seed + 1) * train]

    def part(grey, labels) -> Part:
        images = shrunk(grey, pixels)[..., None].repeat(3, axis=-1)
        return Part(images, labels.astype(np.int64), np.arange(len(labels)))

    parts = [(pool[at_train], pool_labels[at_train]), (pool[drawn[:validation]], pool_labels[drawn[:validation]])]
    return Task(
        *(part(*both) for both in [*parts, (unseen[:test], unseen_labels[:test])]), 10, SCRATCH_PIXELS["fashion"]
    )


def quick_task(name: str) -> Task:
    if name == "fashion":
        return fashion_task(0, train=40, validation=20, test=50, pixels=32)
    from course_utils import data

    splits = [data.load_scenes(split, size=32, per_object=1) for split in ("train", "validation", "test")]
    parts = [Part(s.images[:40], s.labels[:40], s.groups[:40]) for s in splits]
    return Task(*parts, len(splits[0].class_names), 32)


def groups_of(task: str, rows: dict, quick: bool) -> dict[str, np.ndarray]:
    """Returns for every seed that is on file which object each test image shows."""
    seeds = sorted({seed for records in rows.values() for seed in records})
    if quick:
        return {seed: quick_task(task).test.groups for seed in seeds}
    if task == "fashion":
        return {seed: np.arange(10_000) for seed in seeds}
    from course_utils import data, evaluate

    scenes = data.load_scenes("all", size=16, per_object=3)  # the same compositions at any size
    folds = [test for _, test in evaluate.grouped_splits(scenes.labels, scenes.groups, folds=FOLDS, seed=0)]
    return {seed: scenes.groups[folds[int(seed)]] for seed in seeds}


# Processes


def apart(task: str, method: str, seed: int, store: str) -> dict[str, dict]:
    """Runs one method with one seed in a process of its own; returns its records."""
    command = [sys.executable, __file__, "--inside", task, method, "--store", store, "--seeds", str(seed)]
    found = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if line.startswith(RESULT_PREFIX):
                found = json.loads(line.removeprefix(RESULT_PREFIX))
            else:
                print(line, end="", flush=True)
    if process.returncode:
        raise SystemExit(f"{task}, {method}: its process ended with status {process.returncode}; see above.")
    return found


def inside(task: str, method: str, seed: int, store: str) -> int:
    images = {"scenes": scenes_task, "fashion": fashion_task}[task](seed)
    print(RESULT_PREFIX + json.dumps(METHODS[method][0](images, Bases(PIXELS[task], store), seed)), flush=True)
    return 0


def vgg16_block5(*, images: int = 160, pixels: int = 96, rounds: int = 4, stated: int = 10) -> dict:
    """Times an epoch of fine-tuning VGG16's block5 end to end and from cached activations, each as it comes and compiled
    by XLA, in the same batches, and the caching pass.
    """
    import keras

    from course_utils import data, finetune
    from course_utils.features import extract
    from course_utils.models import load_base, preprocess

    train = data.load_scenes("train", size=pixels).take(slice(0, images))
    base = load_base("vgg16", input_shape=(pixels, pixels, 3))
    bottom, top = finetune.split(base, "block5_conv1")
    bottom.trainable = False
    caching = {}

    def cache() -> np.ndarray:
        return extract(bottom, train.images, preprocess="vgg16", precision="auto", store=False, progress=False)

    def trainer(part, inputs: np.ndarray, *, jit: bool) -> Callable[[], float]:
        head = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(len(train.class_names), activation="softmax")]
        model = keras.Sequential([keras.Input(inputs.shape[1:]), part, *head])
        model.compile(keras.optimizers.RMSprop(1e-5), loss="sparse_categorical_crossentropy", jit_compile=jit)
        return lambda: steps_of(model, inputs, train.labels, PUBLISHED["batch"])

    began = time.perf_counter()
    cached, batch = cache(), preprocess("vgg16", train.images)
    caching["first"] = time.perf_counter() - began
    methods = {
        "end_to_end": trainer(base, batch, jit=False),
        "end_to_end_xla": trainer(base, batch, jit=True),
        "cached": trainer(top, cached, jit=False),
        "cached_xla": trainer(top, cached, jit=True),
    }
    # In turn, so that a machine that slows down slows all of them down. The first round traces and compiles.
    taken = {method: [] for method in methods}
    again = []
    for number in range(rounds + 1):
        for method, run in methods.items():
            taken[method].append(run())
        if number:
            began = time.perf_counter()
            cache()
            again.append(time.perf_counter() - began)
    caching["again"] = float(np.median(again))
    first = {method: found[0] for method, found in taken.items()}
    seconds = {method: float(np.median(found[1:])) for method, found in taken.items()}
    work = finetune.work(bottom, top, epochs=stated)

    def gained(xla: str) -> float:
        """Epochs and caching alone; tracing and compiling are timed separately."""
        return stated * seconds[f"end_to_end{xla}"] / (stated * seconds[f"cached{xla}"] + caching["again"])

    return {
        "images": len(train),
        "pixels": pixels,
        "epochs": stated,
        "epoch_s": seconds,
        "first_epoch_s": first,
        "caching_s": caching,
        "allowed": work.allowed,
        "allowed_with_caching": work.allowed_with_caching,
        "speed_up": seconds["end_to_end"] / seconds["cached"],
        "speed_up_xla": seconds["end_to_end_xla"] / seconds["cached_xla"],
        "speed_up_with_caching": gained(""),
        "speed_up_with_caching_xla": gained("_xla"),
        "machine": machine(),
    }


def steps_of(model, inputs: np.ndarray, labels: np.ndarray, batch: int) -> float:
    """Trains for an epoch and returns the seconds from its first step to its last.

    What comes after the last step is left out: TensorFlow's input pipeline may sleep there until its tuner wakes, at 1.27, 2.55,
    5.11, 10.23 s after the start, and an epoch of 3 s then takes as long as one of 5.
    """
    import keras

    at: list[float] = []
    clock = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda step, logs=None: at.append(time.perf_counter()),
        on_train_batch_end=lambda step, logs=None: at.append(time.perf_counter()),
    )
    model.fit(inputs, labels, batch_size=batch, verbose=0, callbacks=[clock])
    return at[-1] - at[0]


if __name__ == "__main__":
    sys.exit(main())
