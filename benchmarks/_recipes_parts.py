"""What the methods in benchmarks/_recipes.py are made of, and the stopwatch they run on.

On the stopwatch is what somebody waits for once the packages are imported and images and weights are in memory:
building, tracing, extracting, drawing augmented images, training. Off it, for everybody, is asking the validation and
test images; so a recipe that usually spends time on that in every epoch gets it for nothing here.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from _machine import is_this_machine, machine

BASE = {"name": "mobilenet_v2", "cut": "block_13_expand_relu"}
FIRST = "block_11_expand"
"""Fine-tuning starts here: three of MobileNetV2's blocks learn, and one tensor carries everything across."""

# The recipes, fixed before anything was measured. Epochs, batches, rates and layers of the copied ones are published ones. With
# such a head two rates are published, 1e-3 and 2e-5: the first did better here in a trial on validation images.
PUBLISHED = {"batch": 20, "epochs": 30, "dense": 256, "dropout": 0.5, "rate": 1e-3, "scratch_epochs": 30}
FINE_TUNING = {"first_epochs": 10, "epochs": 10, "rate": 1e-5}
OURS = {"copies": 3, "C": 0.01, "batch": 32, "epochs": 6, "rate": 1e-4}


class Part(NamedTuple):
    """Images uint8 (N, size, size, 3), class numbers (N,), and which object each shows (N,)."""

    images: np.ndarray
    labels: np.ndarray
    groups: np.ndarray


class Task(NamedTuple):
    """What one seed learns from, is followed on, and is tested on; `small` is the side that a small network gets."""

    train: Part
    validation: Part
    test: Part
    classes: int
    small: int


class Stopwatch:
    """Counts seconds while it is not paused, and notes how good the validation answers were, and when."""

    def __init__(self) -> None:
        self.points: list[list[float]] = []
        self._gone, self._since = 0.0, time.perf_counter()

    @property
    def seconds(self) -> float:
        return self._gone + time.perf_counter() - self._since

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        self._gone = self.seconds
        try:
            yield
        finally:
            self._since = time.perf_counter()

    def note(self, accuracy: Callable[[], float]) -> None:
        at = self.seconds
        with self.paused():
            self.points.append([round(at, 3), round(float(accuracy()), 5)])


def peak_mb() -> float:
    """Returns the most memory this process has held, in MB. Linux's own figure: getrusage's starts at the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return round(int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024 / 1e6)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6)


def device() -> str:
    """Returns what computes, for a result: Keras's backend, and the GPUs it sees or the processor."""
    import keras

    from course_utils import hardware

    gpus = ", ".join(hardware.gpu_names())
    return f"{keras.backend.backend()} on {gpus or f'{hardware.cores()} cores of {hardware.cpu_name()}'}"


def write(results: dict, path: Path) -> None:
    """Writes results with the machine at their head, as ``_machine.write_results`` does, to any file."""
    text = json.dumps({"machine": machine(), **results}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", "utf-8")


def same_machine(then: dict, path: Path) -> None:
    if not is_this_machine(then):
        now = machine()
        raise SystemExit(
            f"{path} was measured on {then['cores']} cores of {then['processor']}; this machine has {now['cores']} of "
            f"{now['processor']}. Seconds of two machines do not belong into one table: name another file with --out, or "
            "start again with --again."
        )


def result(watch: Stopwatch, right: np.ndarray, peak: float, **more) -> dict:
    """Returns one method's record: ``points`` are [seconds, validation accuracy], ``right`` a bit per test image."""
    return {
        "points": watch.points,
        "right": np.packbits(right).tobytes().hex(),
        "peak_mb": peak,
        "on": device(),
        **more,
    }


# Parts


def make_augment():
    import keras

    return keras.Sequential(
        [keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.05), keras.layers.RandomZoom(0.1)]
    )


def dense_head(shape: tuple, classes: int):
    import keras

    layers = [keras.layers.Flatten(), keras.layers.Dense(PUBLISHED["dense"], activation="relu")]
    layers += [keras.layers.Dropout(PUBLISHED["dropout"]), keras.layers.Dense(classes, activation="softmax")]
    return keras.Sequential([keras.Input(shape), *layers])


def compiled(model, optimizer):
    model.compile(optimizer, "sparse_categorical_crossentropy")
    return model


def answers(model, inputs: np.ndarray) -> np.ndarray:
    return model.predict(inputs, batch_size=100, verbose=0).argmax(axis=1)


def after_each_epoch(work: Callable[[int], None]):
    import keras

    return keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: work(epoch))


def freeze_but(base, first: str) -> None:
    """Leaves the layers from ``first`` on trainable, all but those that normalise."""
    import keras

    names = [layer.name for layer in base.layers]
    base.trainable = True
    for place, layer in enumerate(base.layers):
        layer.trainable = place >= names.index(first) and not isinstance(layer, keras.layers.BatchNormalization)


class Bases:
    """The pretrained base and its two halves, and what they make of images that are only asked, off the stopwatch.

    Args:
        size: side of the images.
        store: folder in which activations of images that come back with another seed or method are kept.
    """

    def __init__(self, size: int, store: str) -> None:
        from course_utils import finetune
        from course_utils.models import load_base

        self.store = store
        self.whole = load_base(**BASE, input_shape=(size, size, 3))
        self.bottom, self.top = finetune.split(self.whole, FIRST)
        self.pretrained = self.whole.get_weights()
        # So that no method pays for the backend's own start, or for importing what another has imported already.
        self.whole(np.zeros((1, size, size, 3), np.float32))
        logistic().fit(np.eye(4, dtype=np.float32), [0, 0, 1, 1])

    def reset(self, seed: int) -> None:
        import keras

        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        self.whole.set_weights(self.pretrained)
        self.whole.trainable = False

    @staticmethod
    def untraced(model):
        """Returns the same model, which has to be traced again: otherwise only the first seed would pay for that."""
        import keras

        return keras.Model(model.input, model.output)

    def at_cut(self, images: np.ndarray) -> np.ndarray:
        from course_utils.features import extract

        return extract(self.bottom, images, preprocess=BASE["name"], store=self.store, progress=False)


# Small things


def mean_right(model, inputs: np.ndarray, labels: np.ndarray) -> float:
    return float((answers(model, inputs) == labels).mean())


def rounded(epochs: int, scale: float) -> int:
    """Fewer epochs for a trial of the program itself; measurements use all of them."""
    return max(2, round(epochs * scale))


def between(points: list[list[float]]) -> list[float]:
    return [round(later[0] - earlier[0], 3) for earlier, later in itertools.pairwise(points)]


def pooled(bases: Bases, images: np.ndarray) -> np.ndarray:
    return bases.top.predict(bases.at_cut(images), batch_size=100, verbose=0).mean(axis=(1, 2))


def shrunk(images: np.ndarray, side: int) -> np.ndarray:
    from PIL import Image

    small = [Image.fromarray(image).resize((side, side), Image.Resampling.BILINEAR) for image in images]
    return np.stack([np.asarray(image) for image in small])


def logistic():
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=OURS["C"], max_iter=1000))


def as_dense(fitted) -> list[np.ndarray]:
    """Writes standardising and logistic regression as the kernel and bias of one Dense layer with a softmax."""
    scaler, regression = fitted[0], fitted[1]
    kernel = regression.coef_.T / scaler.scale_[:, None]
    return [kernel.astype("float32"), (regression.intercept_ - scaler.mean_ @ kernel).astype("float32")]
