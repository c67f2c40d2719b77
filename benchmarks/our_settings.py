"""How much the course's own settings matter in recipes.py: the same two methods with others in their place.

    python benchmarks/our_settings.py            # about a quarter of an hour on two idle cores
    python benchmarks/our_settings.py --quick    # a trial of the program; writes nothing unless --out says where

The baseline recipes keep their published settings. Ours (OURS in _recipes_parts.py: strength of the linear classifier, number of
copies, rate and epochs of fine-tuning) have no such source; this program asks what others would have given. A seed is evaluated on the
images that it *follows on*. On the scenes these are, over five seeds, all objects, the same that recipes.py tests: so
nothing may be chosen from this table for that comparison. Nothing here is timed.
Writes ``benchmarks/results/our_settings.json``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
from _machine import REPOSITORY
from _recipes_parts import (
    BASE,
    FIRST,
    OURS,
    Bases,
    Task,
    answers,
    as_dense,
    compiled,
    freeze_but,
    logistic,
    make_augment,
    pooled,
    write,
)
from recipes import PIXELS, fashion_task, quick_task, scenes_task

STRENGTHS = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
RATES = (3e-5, 1e-4, 3e-4)
EPOCHS = 10
COPIES = 4
SEEDS = {"scenes": 5, "fashion": 1}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a trial at a tiny size, on the scenes")
    parser.add_argument("--out", type=Path, help="where the result is written; a trial is else written nowhere")
    given = parser.parse_args(argv)
    path = given.out or (None if given.quick else REPOSITORY / "benchmarks" / "results" / "our_settings.json")
    results = {"ours": OURS, "trial": given.quick, "tasks": {}}
    with tempfile.TemporaryDirectory() as store:
        for name in ["scenes"] if given.quick else PIXELS:
            features, tuned, groups = defaultdict(list), defaultdict(list), []
            for seed in range(1 if given.quick else SEEDS[name]):
                make = quick_task if given.quick else {"scenes": scenes_task, "fashion": fashion_task}[name]
                task = make(name if given.quick else seed)
                bases = Bases(task.train.images.shape[1], store)
                groups.append(task.validation.groups)
                for key, right in of_features(task, bases, seed).items():
                    features[key].append(right)
                epochs = OURS["epochs"] if given.quick else EPOCHS
                for key, right in of_fine_tuning(task, bases, seed, epochs=epochs).items():
                    tuned[key].append(right)
                print(f"{name}, seed {seed}: done", flush=True)
            all_groups = np.concatenate(groups)
            results["tasks"][name] = {
                "seeds": len(groups),
                "followed": len(all_groups),
                "features": compared(features, all_groups, (OURS["C"], OURS["copies"]), ("C", "copies")),
                "fine_tuning": compared(tuned, all_groups, (OURS["rate"], OURS["epochs"]), ("rate", "epochs")),
            }
    if path:
        write(results, path)
    return 0


def compared(right: dict[tuple, list[np.ndarray]], groups: np.ndarray, ours: tuple, names: tuple[str, str]) -> list:
    """For each setting its accuracy, and ours minus it on the same images, with the 90 % interval that resamples objects."""
    from course_utils import evaluate

    hits = {key: np.concatenate(found) for key, found in right.items()}
    return [
        dict(zip(names, key, strict=True))
        | {
            "accuracy": round(float(found.mean()), 5),
            "ours_minus_this": [
                round(float(end), 5) for end in evaluate.difference_interval(hits[ours], found, groups)
            ],
        }
        for key, found in hits.items()
    ]


def copies_of(task: Task, extracted, seed: int, copies: int):
    """What ``extracted`` makes of the images, and of augmented copies of them."""
    from course_utils.features import augmented_copy

    augment = make_augment()
    for number in range(copies):
        images = task.train.images
        yield extracted(augmented_copy(images, augment=augment, copy_number=number, seed=seed) if number else images)


def extracting(model):
    from course_utils.features import extract

    return lambda images: extract(model, images, preprocess=BASE["name"], precision="auto", store=False, progress=False)


def of_features(task: Task, bases: Bases, seed: int) -> dict[tuple[float, int], np.ndarray]:
    """The linear classifier on the features of one copy, two copies …, with every strength."""
    import keras

    bases.reset(seed)
    asked = pooled(bases, task.validation.images)
    base = keras.Model(bases.whole.input, keras.layers.GlobalAveragePooling2D()(bases.whole.output))
    seen, found = [], {}
    for features in copies_of(task, extracting(base), seed, COPIES):
        seen.append(features)
        labels = np.tile(task.train.labels, len(seen))
        for strength in STRENGTHS:
            model = logistic().set_params(logisticregression__C=strength).fit(np.concatenate(seen), labels)
            found[strength, len(seen)] = model.predict(asked) == task.validation.labels
    return found


def of_fine_tuning(task: Task, bases: Bases, seed: int, *, epochs: int) -> dict[tuple[float, int], np.ndarray]:
    """Fine-tuning on cached activations with every rate, followed after every epoch."""
    import keras

    bases.reset(seed)
    asked = bases.at_cut(task.validation.images)
    cached = list(copies_of(task, extracting(bases.bottom), seed, OURS["copies"]))
    pooling = keras.Sequential([bases.top, keras.layers.GlobalAveragePooling2D()])
    head = as_dense(logistic().fit(pooling.predict(cached[0], batch_size=100, verbose=0), task.train.labels))
    found = {}
    for rate in RATES:
        bases.reset(seed)
        freeze_but(bases.whole, FIRST)
        dense = keras.layers.Dense(task.classes, activation="softmax")
        model = keras.Sequential([bases.top, keras.layers.GlobalAveragePooling2D(), dense])
        model.build((None, *cached[0].shape[1:]))
        dense.set_weights(head)
        compiled(model, keras.optimizers.Adam(rate))
        for epoch in range(epochs):
            model.fit(cached[epoch % len(cached)], task.train.labels, batch_size=OURS["batch"], verbose=0)
            found[rate, epoch + 1] = answers(model, asked) == task.validation.labels
    return found


if __name__ == "__main__":
    sys.exit(main())
