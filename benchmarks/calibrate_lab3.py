"""How often lab 3's accuracy check fails a right answer, and passes a wrong one: `python benchmarks/calibrate_lab3.py`.

The base is frozen, so a training end to end is the training of a head on the features of the augmented copies that the epochs would
have shown. Twelve augmented copies of every training scene are computed once, with the augmentation of the check's own model; each
run draws which copy stands for which epoch, where the head begins, and which unseen scenes evaluate it. A few whole trainings
with Keras are compared with them, to show that the shortcut gives what whole trainings give.

A student hands in what passed the visible check. So what counts as a false fail is a right run that passed on one
composition of the validation scenes and failed on one composition of the test scenes.
"""

from __future__ import annotations

import argparse
import itertools
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from _machine import write_results

from course_utils.checks.lab3 import exercises
from course_utils.data import load_scenes

COPIES, TRAINING_SETS, COMPOSITIONS = 12, 3, 6
RATES, EPOCHS, STARTS = (0.005, 0.01, 0.02), (8, 12), 20


def features(model, images: np.ndarray, *, training: bool) -> np.ndarray:
    """What the head of a model receives: (N, channels)."""
    import keras

    body = keras.Model(model.inputs, model.layers[-1].input)
    parts = np.array_split(images.astype(np.float32), max(1, len(images) // 95))
    return np.concatenate([keras.ops.convert_to_numpy(body(part, training=training)) for part in parts])


def train_head(
    copies: np.ndarray, labels: np.ndarray, *, rate: float, epochs: int, seed: int, classes: int = 6, batch: int = 32
) -> tuple[np.ndarray, np.ndarray]:
    """Adam on a softmax head, as Keras does it; epoch by epoch on a copy drawn at random.

    Args:
        copies: (K, N, channels).
        labels: (N,).
        rate: learning rate.
        epochs: how many.
        seed: of the head's first weights and of the order of images.
        classes: how many.
        batch: images per step.

    Returns:
        Kernel (channels, classes) and bias (classes,).
    """
    rng = np.random.default_rng(seed)
    channels = copies.shape[-1]
    limit = np.sqrt(6 / (channels + classes))
    weights = np.concatenate([rng.uniform(-limit, limit, (channels, classes)), np.zeros((1, classes))])
    first, second, step = np.zeros_like(weights), np.zeros_like(weights), 0
    truth = np.eye(classes)[labels]
    for _ in range(epochs):
        chosen = copies[rng.integers(len(copies), size=len(labels)), np.arange(len(labels))]
        order = rng.permutation(len(labels))
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            inputs = np.concatenate([chosen[rows], np.ones((len(rows), 1))], axis=1)
            scores = inputs @ weights
            likely = np.exp(scores - scores.max(axis=1, keepdims=True))
            likely /= likely.sum(axis=1, keepdims=True)
            gradient = inputs.T @ (likely - truth[rows]) / len(rows)
            step += 1
            first = 0.9 * first + 0.1 * gradient
            second = 0.999 * second + 0.001 * gradient**2
            corrected = rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            weights -= corrected * first / (np.sqrt(second) + 1e-7)
    return weights[:-1], weights[-1]


def accuracy(head: tuple[np.ndarray, np.ndarray], inputs: np.ndarray, labels: np.ndarray) -> float:
    """Share of images a head is right on, or 0 where too few of the classes are ever predicted correctly: it fails too."""
    predicted = (inputs @ head[0] + head[1]).argmax(axis=1)
    enough = len(np.unique(labels[predicted == labels])) >= exercises.MOST_CLASSES
    return float((predicted == labels).mean()) if enough else 0.0


def whole_training(seed: int, rate: float, epochs: int, test_sets: list) -> list[float]:
    """One training with Keras, evaluated on the scenes of ``test_sets``."""
    import keras

    scenes = load_scenes("train", per_object=exercises.PER_OBJECT, seed=seed)
    model = exercises.end_to_end_model(exercises.copy_of(exercises._base()), len(scenes.class_names), seed=seed)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
    model.fit(scenes.images, scenes.labels, epochs=epochs, verbose=0)
    return [float((exercises.predict(model, s.images).argmax(-1) == s.labels).mean()) for s in test_sets]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--whole", type=int, default=3, help="how many whole trainings with Keras to add")
    given = parser.parse_args()
    started = time.process_time()
    body = exercises.end_to_end_model(exercises.copy_of(exercises._base()), 6, seed=0)

    pools = []
    for seed in range(TRAINING_SETS):
        scenes = load_scenes("train", per_object=exercises.PER_OBJECT, seed=seed)
        copies = np.stack([features(body, scenes.images, training=True) for _ in range(COPIES)])
        pools.append((copies, scenes.labels))
    test_sets = {
        split: [load_scenes(split, per_object=exercises.UNSEEN_PER_OBJECT, seed=seed) for seed in range(COMPOSITIONS)]
        for split in ("validation", "test")
    }
    seen = {
        split: [(features(body, scenes.images, training=False), scenes.labels) for scenes in those]
        for split, those in test_sets.items()
    }
    print(f"features after {time.process_time() - started:.0f} CPU seconds", flush=True)

    def scores(head) -> dict[str, list[float]]:
        return {split: [accuracy(head, *one) for one in those] for split, those in seen.items()}

    right, settings = [], {}
    for number, (rate, epochs) in enumerate(itertools.product(RATES, EPOCHS)):
        group = []
        for start in range(STARTS):
            copies, labels = pools[start % TRAINING_SETS]
            head = train_head(copies, labels, rate=rate, epochs=epochs, seed=1000 * number + start)
            group.append(scores(head))
        settings[f"Adam({rate}), {epochs} epochs"] = summary(group)
        right += group

    wrong = {}
    methods = {
        "one epoch at 0.001": {"rate": 0.001, "epochs": 1},
        "eight epochs at 0.00001": {"rate": 0.00001, "epochs": 8},
        "labels in another order": {"rate": 0.01, "epochs": 8},
    }
    for name, method in methods.items():
        group = []
        for start in range(STARTS):
            copies, labels = pools[start % TRAINING_SETS]
            if name.startswith("labels"):
                labels = np.random.default_rng(start).permutation(labels)
            group.append(scores(train_head(copies, labels, **method, seed=start)))
        wrong[name] = summary(group)

    whole = [
        whole_training(seed, 0.01, 8, [test_sets["validation"][0], test_sets["test"][0]]) for seed in range(given.whole)
    ]
    pairs = [(v, t) for run in right for v, t in itertools.product(run["validation"], run["test"])]
    handed_in = [(v, t) for v, t in pairs if v > exercises.VISIBLE_THRESHOLD]
    wrong_pairs = sum(one["passes_hidden"] * STARTS for one in wrong.values()) / (STARTS * len(wrong))
    results = {
        "visible_threshold": exercises.VISIBLE_THRESHOLD,
        "hidden_threshold": exercises.THRESHOLD,
        "right_runs": len(right),
        "evaluations": len(pairs),
        "right_runs_that_pass_the_visible_check": len(handed_in) / len(pairs),
        "false_fails": sum(t <= exercises.THRESHOLD for _, t in handed_in) / len(handed_in),
        "wrong_answers_that_pass": wrong_pairs,
        "right_by_setting": settings,
        "wrong": wrong,
        "whole_trainings": {"setting": "Adam(0.01), 8 epochs", "validation and test": whole},
        "cpu_seconds": round(time.process_time() - started),
    }
    print(write_results("calibration_lab3", results).read_text("utf-8"))


def summary(group: list[dict]) -> dict:
    """Lowest, median and highest accuracy of runs, and the share that passes each check."""
    found: dict = {}
    for split, threshold, name in (
        ("validation", exercises.VISIBLE_THRESHOLD, "visible"),
        ("test", exercises.THRESHOLD, "hidden"),
    ):
        values = np.array([run[split] for run in group])
        found[split] = [round(float(np.quantile(values, q)), 3) for q in (0, 0.5, 1)]
        found[f"passes_{name}"] = float((values > threshold).mean())
    return found


if __name__ == "__main__":
    main()
