"""Measures how often lab 4's check of the handed-in network is wrong: right networks that fail it, wrong ones that pass.

    python benchmarks/calibrate_lab4.py [--starts 25] [--secrets 12]
    python benchmarks/calibrate_lab4.py --recount      # another limit, the same networks

The CPU profile is trained over and over by several right methods, from many random starts each, and every network is evaluated on the
hidden scenes of three secrets, the next one on those of the next three, as the hidden test does; each is a run. To make that cheap, what the frozen part of the base says about
augmented images is computed once, one copy of every image per epoch, and only the rest is trained; a start
shuffles the copies again. Networks rounded to half precision are compared with ImageNet's numbers too, and ImageNet's late layers are
put back under their heads, as the check does.
Writes ``benchmarks/results/calibration_lab4.json``.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass

import numpy as np
from _machine import REPOSITORY, write_results
from scipy.stats import beta

sys.path.insert(0, str(REPOSITORY))

from authoring.checking.lab import Lab
from course_utils.checks.common.weights import comparable_losses, unfrozen_names, weights_of
from course_utils.checks.lab4 import artefacts
from course_utils.data import load_scenes

SCALE = artefacts.SCALES["cpu"]
LABEL_COUNT = 6
KINDS = ("right", "wrong")
NOISES = (5e-4, 2e-3, 1e-2, 5e-2)
DRAWS = 20
"""Noise lowers the loss by luck at times: so often each size is drawn."""


@dataclass(frozen=True)
class Method:
    """A right method for both stages: optimizers by name, their rates, augmentation in stage two or none."""

    head: str = "adam"
    head_rate: float = SCALE.head_rate
    fine: str = "adam"
    fine_rate: float = SCALE.fine_rate
    augmented: bool = True


METHODS = {
    "the worked solution": Method(),
    "without augmentation in stage two": Method(augmented=False),
    "RMSprop at 2e-3 for the head": Method(head="rmsprop", head_rate=2e-3),
    "Keras's own rate, 1e-3, for the head": Method(head_rate=1e-3),
    "a second stage at 3e-5": Method(fine_rate=3e-5),
    "a second stage at 1e-5": Method(fine_rate=1e-5),
    "a second stage at 1e-3": Method(fine_rate=1e-3),
    "a second stage with momentum": Method(fine="sgd", fine_rate=1e-3),
}


RUNS_EACH = 3
"""On the scenes of so many secrets each network is evaluated."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--starts", type=int, default=25, help="random starts of each method (default 25)")
    parser.add_argument("--secrets", type=int, default=12, help="secrets whose scenes are composed (default 12)")
    parser.add_argument("--recount", action="store_true", help="train nothing; count the networks on file again")
    arguments = parser.parse_args()
    if arguments.recount:
        found = json.loads((REPOSITORY / "benchmarks" / "results" / "calibration_lab4.json").read_text("utf-8"))
    else:
        found = measured(arguments.starts, arguments.secrets)
    results = {
        "threshold": artefacts.THRESHOLD,
        "still": artefacts.STILL,
        "farthest": artefacts.FARTHEST,
        "least_gain": artefacts.LEAST_GAIN,
        **{key: found[key] for key in ("hidden_scenes", "majority")},
        **{f"{kind}_{what}": value for kind in KINDS for what, value in totals(kind, found["networks"][kind]).items()},
        **{kind: {name: summary(row) for name, row in found["networks"][kind].items()} for kind in KINDS},
        **{key: found[key] for key in ("minutes", "networks")},
    }
    print(write_results("calibration_lab4", results).name, {key: results[key] for key in results if "_" in key})
    return 0


def measured(starts: int, secrets: int) -> dict:
    """Trains and evaluates; what came of every network, by kind and method."""
    began = time.perf_counter()
    bench, networks = Bench(secrets), {kind: {} for kind in KINDS}
    print(f"activations: {time.perf_counter() - began:.0f} s", flush=True)
    for name, method in METHODS.items():
        networks["right"][name] = [bench.evaluate(bench.train(method, start), start) for start in range(starts)]
        print(f"right {name:38} {summary(networks['right'][name])}", flush=True)
    for name, some in bench.wrong_networks().items():
        networks["wrong"][name] = [bench.evaluate(one, start) for start, one in enumerate(some)]
        print(f"wrong {name:38} {summary(networks['wrong'][name])}", flush=True)
    minutes = round((time.perf_counter() - began) / 60, 1)
    scenes = len(bench.hidden[0][1])
    return {"hidden_scenes": scenes, "majority": round(bench.majority, 3), "networks": networks, "minutes": minutes}


class Bench:
    """What all networks share: activations at the freezing point, ImageNet's numbers, and models compiled once."""

    def __init__(self, secrets: int) -> None:
        import keras

        from course_utils.models import find_base, load_base, preprocess

        keras.utils.set_random_seed(0)
        augmentation = Lab("lab4").fresh_names()["augmentation"]
        base = load_base(SCALE.base, input_shape=(SCALE.size, SCALE.size, 3), cut=find_base(SCALE.base).cut)
        self.late = sorted(unfrozen_names(base, SCALE.first))  # a set has another order in each process
        self.imagenet = weights_of(base)
        border = base.get_layer(SCALE.first).input
        bottom, self.top = keras.Model(base.input, border), keras.Model(border, base.output)
        for layer in self.top.layers:
            layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
        self.pool = keras.Sequential([keras.Input(border.shape[1:]), self.top, keras.layers.GlobalAveragePooling2D()])
        scenes = load_scenes("train", size=SCALE.size, per_object=SCALE.per_object)
        images, self.labels = preprocess(SCALE.base, scenes.images), scenes.labels
        seen, self.seen_labels = artefacts.training_scenes(SCALE)
        self.seen = bottom.predict(seen, batch_size=64, verbose=0)
        plain = bottom.predict(images, batch_size=64, verbose=0)
        self.copies = [plain]
        for _ in range(SCALE.head_epochs + SCALE.fine_epochs):
            changed = [augmentation(images[at : at + 64], training=True) for at in range(0, len(images), 64)]
            changed = np.concatenate([keras.ops.convert_to_numpy(some) for some in changed])
            self.copies.append(bottom.predict(changed, batch_size=64, verbose=0))
        self.features = [self.pool.predict(augmented, batch_size=64, verbose=0) for augmented in self.copies]
        self.hidden = []
        for secret in range(secrets):
            some = load_scenes("test", size=SCALE.size, per_object=4, seed=1000 + secret)
            given = bottom.predict(preprocess(SCALE.base, some.images), batch_size=64, verbose=0)
            self.hidden.append((given, some.labels))
            self.majority = some.majority_share
        self._compiled: dict = {}

    def train(self, method: Method, start: int) -> dict[str, np.ndarray]:
        """Both stages; returns what would be handed in."""
        import keras

        keras.utils.set_random_seed(start)
        order = 1 + np.random.default_rng(start).permutation(len(self.copies) - 1)
        head, head_begins = self._model("head", method.head)
        reset(head_begins, method.head_rate, head.optimizer)
        kernel = keras.initializers.GlorotUniform(seed=start)((self.features[0].shape[1], LABEL_COUNT))
        head.layers[-1].set_weights([kernel, np.zeros(LABEL_COUNT)])
        for number in order[: SCALE.head_epochs]:
            head.fit(self.features[number], self.labels, batch_size=SCALE.batch, verbose=0)
        whole, whole_begins = self._model("whole", method.fine)
        reset(whole_begins, method.fine_rate, whole.optimizer)
        whole.get_layer("head").set_weights(head.layers[-1].get_weights())
        for number in order[SCALE.head_epochs :]:
            inputs = self.copies[number if method.augmented else 0]
            whole.fit(inputs, self.labels, batch_size=SCALE.batch, verbose=0)
        weights = weights_of(whole)
        return {name: weights[name].astype(np.float16) for name in [*sorted(self.late), "head/kernel", "head/bias"]}

    def _model(self, part: str, optimizer: str):
        """A model compiled once for each optimizer, and every number in it as it was then."""
        import keras

        if (part, optimizer) not in self._compiled:
            top = [keras.Input(self.features[0].shape[1:])]
            if part == "whole":
                top = [keras.Input(self.copies[0].shape[1:]), self.top, keras.layers.GlobalAveragePooling2D()]
                assign(self.top, self.imagenet)
            model = keras.Sequential([*top, keras.layers.Dense(LABEL_COUNT, activation="softmax", name="head")])
            made = {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop}.get(optimizer)
            model.compile(
                made() if made else keras.optimizers.SGD(momentum=0.9), loss="sparse_categorical_crossentropy"
            )
            model.optimizer.build(model.trainable_variables)
            variables = [*model.variables, *model.optimizer.variables]
            self._compiled[part, optimizer] = model, [(one, np.array(one.numpy())) for one in variables]
        return self._compiled[part, optimizer]

    def evaluate(self, tensors: dict[str, np.ndarray], start: int) -> dict:
        """The accuracy on some secrets' scenes, how far the layers have moved, and what it gained, as the check measures it."""
        whole, begins = self._model("whole", "adam")
        reset(begins, SCALE.fine_rate, whole.optimizer)
        assign(whole, tensors)
        some = [self.hidden[(RUNS_EACH * start + number) % len(self.hidden)] for number in range(RUNS_EACH)]
        given = whole.predict(np.concatenate([one for one, _ in some]), batch_size=64, verbose=0).argmax(axis=1)
        right = (given == np.concatenate([labels for _, labels in some])).reshape(RUNS_EACH, -1)
        moved = [
            float(np.linalg.norm(tensors[name].astype(float) - before) / np.linalg.norm(before))
            for name, before in self.imagenet.items()
            if name in self.late and name.endswith("kernel")
        ]
        tuned = whole.predict(self.seen, batch_size=64, verbose=0)
        assign(whole, {name: self.imagenet[name] for name in self.late})
        put_back = whole.predict(self.seen, batch_size=64, verbose=0)
        tuned, put_back = comparable_losses(tuned, put_back, self.seen_labels)
        return {
            "accuracies": [round(float(share), 4) for share in right.mean(axis=1)],
            "least": round(min(moved), 6),
            "most": round(max(moved), 5),
            "gain": round(1 - tuned / put_back, 5),
        }

    def wrong_networks(self) -> dict[str, list[dict[str, np.ndarray]]]:
        """Networks that must not pass: no second stage, noise in its place, no first stage, a base that began with random numbers."""
        rng, good = np.random.default_rng(0), self.train(Method(), 0)
        untouched = {name: self.imagenet[name].astype(np.float16) for name in self.late}
        shuffled = {name: rng.permutation(good[name].reshape(-1)).reshape(good[name].shape) for name in self.late}
        kernel = good["head/kernel"]
        return {
            "the base never moved": [good | untouched],
            **{
                f"noise of {size:g} of a layer's length for a second stage": [
                    good | self._shaken(rng, size) for _ in range(DRAWS)
                ]
                for size in NOISES
            },
            "the head never learned": [
                good | {"head/kernel": rng.normal(scale=0.1, size=kernel.shape).astype(np.float16)}
            ],
            "the base holds random numbers": [good | shuffled],
        }

    def _shaken(self, rng: np.random.Generator, size: float) -> dict[str, np.ndarray]:
        """ImageNet's late layers with noise of this share of their length, which moves them as far as training does."""
        shaken = {}
        for name in self.late:
            before = self.imagenet[name]
            noise = rng.normal(scale=np.sqrt(np.mean(before.astype(np.float64) ** 2)), size=before.shape)
            shaken[name] = (before + size * noise).astype(np.float16)
        return shaken


def reset(begins: list, rate: float, optimizer) -> None:
    """Puts a model and its optimizer back to their beginning, with another rate."""
    for variable, value in begins:
        variable.assign(value)
    optimizer.learning_rate = rate


def assign(model, numbers: dict[str, np.ndarray]) -> None:
    from course_utils.inspect import leaf_layers

    for _, layer in leaf_layers(model):
        for variable in layer.weights:
            if f"{layer.name}/{variable.name}" in numbers:
                variable.assign(numbers[f"{layer.name}/{variable.name}"].astype(np.float32))


def passed(found: dict) -> list[bool]:
    """For each run of a network, whether the check gives full marks."""
    near = found["least"] >= artefacts.STILL and found["most"] <= artefacts.FARTHEST
    enough = near and found["gain"] >= artefacts.LEAST_GAIN
    return [enough and share >= artefacts.THRESHOLD for share in found["accuracies"]]


def totals(kind: str, networks: dict[str, list[dict]]) -> dict[str, float]:
    """How many runs there were, how many passed, and the 95 % upper bound (Clopper and Pearson) of those on the wrong side."""
    every = [one for row in networks.values() for found in row for one in passed(found)]
    amiss = every.count(kind == "wrong")
    bound = float(beta.ppf(0.95, amiss + 1, len(every) - amiss)) if amiss < len(every) else 1.0
    return {"runs": len(every), "passed": sum(every), "bound": round(bound, 5)}


def summary(row: list[dict]) -> dict:
    shares = [share for found in row for share in found["accuracies"]]
    return {
        "networks": len(row),
        "runs": len(shares),
        "passed": sum(sum(passed(found)) for found in row),
        "lowest": round(min(shares), 3),
        "highest": round(max(shares), 3),
        "mean": round(float(np.mean(shares)), 3),
        "least_moved": min(found["least"] for found in row),
        "most_moved": max(found["most"] for found in row),
        "least_gain": min(found["gain"] for found in row),
        "most_gain": max(found["gain"] for found in row),
    }


if __name__ == "__main__":
    sys.exit(main())
