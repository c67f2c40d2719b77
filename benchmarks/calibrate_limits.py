"""Measures how far two limits lie from right and from wrong trainings: lab 4's DOWNHILL and MARGIN, lab 6's LEAST_GAIN.

    python benchmarks/calibrate_limits.py [--starts 12] [--gain-starts 6]

**fine_tune** of lab 4 asks that what moved agrees with the gradient, and that losses lie near those measured here. Networks as the check
makes them are fine-tuned by many optimizers and batch sizes; compared with them are noise, weights that were merely scaled, and
labels of the next class or in another order (some of which agree by chance: shown, not counted). **hand_in** of
lab 6 asks that ImageNet's base put back under the same head makes the loss on the training images larger, at a temperature
where that loss is not near 0. The worked solution's second stage
is done with several optimizers at learning rates from high to very low; compared with them is what it must refuse: a base that was
merely touched, noise, and plain SGD at a learning rate at which four epochs do no more than these.
Writes ``benchmarks/results/calibration_limits.json``; ``calibrate.py --document`` puts tables of it into the instructors' page.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import defaultdict

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from _machine import REPOSITORY, write_results

sys.path.insert(0, str(REPOSITORY))

from authoring.checking.lab import Lab, run_cell
from course_utils.checks.common.models import copy_of, predict, rebuilt
from course_utils.checks.common.weights import batch_norms, cross_entropy, weights_of
from course_utils.checks.lab4 import made_up, stages
from course_utils.checks.lab6 import handed_in as lab6_handed_in

TUNERS = {
    "Adam, 1e-4": ("Adam", {"learning_rate": 1e-4}),
    "Adam, 2e-4": ("Adam", {"learning_rate": 2e-4}),
    "Adam, 1e-6": ("Adam", {"learning_rate": 1e-6}),
    "AdamW, 1e-4": ("AdamW", {"learning_rate": 1e-4}),
    "RMSprop, 1e-4": ("RMSprop", {"learning_rate": 1e-4}),
    "SGD, 1e-4": ("SGD", {"learning_rate": 1e-4}),
    "SGD with momentum, 2e-4": ("SGD", {"learning_rate": 2e-4, "momentum": 0.9}),
    "Lion, 1e-5": ("Lion", {"learning_rate": 1e-5}),
}
BATCHES = (1, 4, 32)
NOISE = 1e-4
SECOND_STAGES = {
    "Adam, 1e-4": ("Adam", {"learning_rate": 1e-4}),
    "Adam, 1e-5": ("Adam", {"learning_rate": 1e-5}),
    "Adam, 1e-6": ("Adam", {"learning_rate": 1e-6}),
    "SGD with momentum, 1e-3": ("SGD", {"learning_rate": 1e-3, "momentum": 0.9}),
    "SGD, 1e-3": ("SGD", {"learning_rate": 1e-3}),
    "SGD, 1e-4": ("SGD", {"learning_rate": 1e-4}),
}
KIND = {name: "between" for name in SECOND_STAGES if name != "Adam, 1e-4"} | {"SGD, 1e-4": "wrong"}
"""What the lab's text calls enough is right. Plain SGD at 1e-4 lowers the loss no more than noise does. The others may or may not lower it
enough, above all where the first stage has left next to no loss: shown, not counted."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=12, help="made-up networks for lab 4 (default 12)")
    parser.add_argument("--gain-starts", type=int, default=6, help="first stages and splits for lab 6 (default 6)")
    parser.add_argument("--only", choices=["downhill", "gain"], help="keep what is on file of the other")
    given = parser.parse_args()
    began = time.perf_counter()
    on_file = REPOSITORY / "benchmarks" / "results" / "calibration_limits.json"
    results = json.loads(on_file.read_text("utf-8")) if given.only else {"minutes": 0}
    results.pop("machine", None)
    if given.only != "gain":
        results["downhill"] = downhill(given.starts)
    if given.only != "downhill":
        results["gain"] = gain(given.gain_starts)
    print({name: results[name] for name in ("downhill", "gain")}, flush=True)
    results["minutes"] = max(results["minutes"], round((time.perf_counter() - began) / 60, 1))
    write_results("calibration_limits", results)
    return 0


def optimizer(name: str, settings: dict):
    import keras

    return getattr(keras.optimizers, name)(**settings)


class Network:
    """A network after its first stage, as the check of ``fine_tune`` makes one, and what the check measures of it."""

    def __init__(self, start: int) -> None:
        import keras

        keras.utils.set_random_seed(start)
        self.rng = rng = np.random.default_rng(start)
        classes, self.epochs = int(rng.choice([3, 4, 6])), int(rng.integers(2, 5))
        self.first = f"block_{int(rng.integers(3, 6))}_expand"
        self.images, self.labels = made_up.images_and_labels(rng, 24, classes)
        base = made_up.residual_base(rng)
        self.model = made_up.model_after_head(base, classes, 2e-3)
        made_up.undecide(self.model, base, self.images)
        self.model.fit(self.images, self.labels, verbose=0)
        self.before = weights_of(self.model)
        self.at_first = cross_entropy(predict(self.model, self.images), self.labels)
        self.direction = made_up.downhill(self.model, self.images, self.labels, self.first)

    def agreement(self, after: dict[str, np.ndarray]) -> float:
        """The least of those that the check asks for: of the unfrozen layers, and of these with the head."""
        late = {name: step for name, step in self.direction.items() if name != "head/kernel"}
        return min(made_up.agreement(self.before, after, some) for some in (late, self.direction))

    def trained(self, tuner: str, batch: int, labels: np.ndarray) -> tuple[float, float]:
        """The agreement after a training, and how far outside those at both ends its losses lie, as a factor."""
        trial = unfrozen(self.model, self.first)
        trial.compile(optimizer(*TUNERS[tuner]), loss="sparse_categorical_crossentropy")
        fit = trial.fit(self.images, labels, epochs=self.epochs, batch_size=batch, verbose=0)
        losses = fit.history["loss"]
        ends = self.at_first, cross_entropy(predict(trial, self.images), self.labels)
        return self.agreement(weights_of(trial)), max(max(losses) / max(ends), min(ends) / min(losses))

    def changed(self, change) -> tuple[float, float]:
        """The same for weights that were changed without training."""
        return self.agreement({name: change(value) for name, value in self.before.items()}), 1.0


def downhill(starts: int) -> dict:
    """Lab 4: how well each training agrees with the gradient, and how far its losses lie outside those at both ends."""
    import keras

    found: dict[str, dict[str, list]] = {kind: defaultdict(list) for kind in ("right", "wrong", "alike")}
    for start in range(starts):
        network = Network(start)
        rng = network.rng
        for number, tuner in enumerate(TUNERS):
            # Batches of one take long; in the end every optimizer has met every batch size.
            batch = BATCHES[(start + number) % len(BATCHES)]
            found["right"][tuner].append(network.trained(tuner, batch, network.labels))
        following = (network.labels + 1) % (network.labels.max() + 1)
        found["alike"]["labels of the next class"].append(network.trained("Adam, 1e-4", 32, following))
        other = rng.permutation(network.labels)
        found["alike"]["labels in another order"].append(network.trained("Adam, 1e-4", 32, other))
        found["wrong"]["noise added"].append(
            network.changed(lambda value, rng=rng: value + rng.normal(scale=NOISE, size=value.shape))
        )
        found["wrong"]["every weight a little larger"].append(network.changed(lambda value: value * 1.001))
        keras.backend.clear_session()
    limit, margin = stages.DOWNHILL, stages.MARGIN
    return {
        "limit": limit,
        "margin": margin,
        **{
            kind: {
                name: {
                    "runs": len(runs),
                    "passed": sum(agrees >= limit and outside <= margin for agrees, outside in runs),
                    "agreement": spread([agrees for agrees, _ in runs]),
                    "loss_outside": round(max(outside for _, outside in runs), 3),
                }
                for name, runs in rows.items()
            }
            for kind, rows in found.items()
        },
    }


def unfrozen(model, first: str):
    """A copy of a model with its base free from a layer on, BatchNorm apart."""
    import keras

    trial = copy_of(model)
    base = next(layer for layer in trial.layers if isinstance(layer, keras.Model))
    still, names = batch_norms(base), [layer.name for layer in base.layers]
    base.trainable = True
    for layer in base.layers:
        layer.trainable = names.index(layer.name) >= names.index(first) and layer.name not in still
    return trial


def gain(starts: int) -> dict:
    """Lab 6: by which share each second stage has lowered the loss on the images it trained on."""
    import keras

    lab = Lab("lab6")
    names = lab.fresh_names()
    for cell in lab.cells:
        if cell.role == "answer":
            run_cell(cell, names)
    photos = names["photos"]
    images, labels, groups = photos.images, photos.labels, names["objects_of"](names["paths"])
    found: dict[str, dict[str, list[float]]] = {kind: defaultdict(list) for kind in ("right", "wrong", "between")}

    def evaluated(model, handed_in: dict) -> float:
        tuned, put_back = lab6_handed_in.losses_on_what_it_trained_on(rebuilt(model), handed_in)
        return 1 - tuned / put_back

    for start in range(starts):
        keras.utils.set_random_seed(start)
        train, held_out = names["split_by_object"](labels, groups, start)
        handed_in = {"images": images, "labels": labels, "groups": groups, "train": train, "held_out": held_out}
        model = names["first_stage"](len(photos.class_names))
        model.fit(images[train], labels[train], epochs=8, batch_size=16, verbose=0)
        model = names["second_stage"](model)
        begins = model.get_weights()
        for title, tuner in SECOND_STAGES.items():
            model.set_weights(begins)
            model.compile(optimizer(*tuner), loss="sparse_categorical_crossentropy")
            model.fit(images[train], labels[train], epochs=4, batch_size=16, verbose=0)
            gains = found[KIND.get(title, "right")][title]
            gains.append(evaluated(model, handed_in))
            print(f"lab 6, start {start}, {title}: gain {gains[-1]:.3f}", flush=True)
        model.set_weights(begins)
        rng = np.random.default_rng(start)
        for weight in model.trainable_variables:
            weight.assign(weight * 1.0001)
        found["wrong"]["merely touched"].append(evaluated(model, handed_in))
        model.set_weights(begins)
        for weight in model.trainable_variables:
            weight.assign(weight + rng.normal(scale=NOISE, size=weight.shape))
        found["wrong"]["noise added"].append(evaluated(model, handed_in))
    limit = lab6_handed_in.LEAST_GAIN
    return {
        "limit": limit,
        **{
            kind: {
                name: {"runs": len(gains), "passed": sum(one >= limit for one in gains), "gain": spread(gains)}
                for name, gains in rows.items()
            }
            for kind, rows in found.items()
        },
    }


def spread(values: list[float]) -> list[float]:
    """Least, median and most."""
    return [round(float(np.quantile(values, share)), 3) for share in (0, 0.5, 1)]


if __name__ == "__main__":
    sys.exit(main())
