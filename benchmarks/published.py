"""What others published, compared with what we get: the table in docs/published.md. About five minutes on two idle cores.

    python benchmarks/published.py            # measure, write benchmarks/results/published.json and docs/published.md
    python benchmarks/published.py --modes    # measure the two modes' seconds again and keep the rest; needs a quiet machine
    python benchmarks/published.py --page     # write docs/published.md from the results that are there
    python benchmarks/published.py --network  # the comparison of methods on cats and dogs; prints, writes nothing

Counts must be equal. Accuracies and times were published for other images and machines, so each is compared with our own
analogue on the scenes: what can be compared is an order, a ratio or a gain. Some of these analogues were measured by
recipes.py and fine_tuning.py, and are read from their results.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from itertools import pairwise

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from _machine import REPOSITORY, machine, write_results

from course_utils import data, evaluate
from course_utils.models import load_base, preprocess

PAGE = REPOSITORY / "docs" / "published.md"
RESULTS = REPOSITORY / "benchmarks" / "results"
SOURCES = ("published", "recipes", "fine_tuning")
"""The results that the page is filled from."""

SEEDS = (0, 1)
EPOCHS_SCRATCH, EPOCHS_HEAD, EPOCHS_TUNED, EPOCHS_TIMED = 25, 30, 8, 10
TUNED_IN_LESSON_6 = "initialisation, blocks 11 to 13 trained"
CUT, UNFROZEN = "block_13_expand_relu", ("block_11", "block_12", "block_13")


def counted(name: str, **arguments):
    """A base built whole without drawing random numbers for it: only its counts matter."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        return load_base(name, weights=None, **arguments)


def exact() -> list[dict]:
    """Counts as they were published and as our loader builds them."""
    import keras

    def size(variables) -> int:
        return sum(math.prod(variable.shape) for variable in variables)

    mobilenet = counted("mobilenet", include_top=True)
    pairs = [
        ("VGG16, parameters", 138_357_544, counted("vgg16", include_top=True).count_params()),
        ("VGG16 without its top", 14_714_688, counted("vgg16").count_params()),
        ("VGG19 without its top", 20_024_384, counted("vgg19").count_params()),
        ("MobileNet, parameters", 4_253_864, mobilenet.count_params()),
        ("MobileNet, trainable", 4_231_976, size(mobilenet.trainable_weights)),
        ("MobileNet, not trainable", 21_888, size(mobilenet.non_trainable_weights)),
        ("MobileNet without its top", 3_228_864, counted("mobilenet").count_params()),
        ("ResNet50, parameters", 25_636_712, counted("resnet50", include_top=True).count_params()),
    ]
    base = counted("mobilenet_v2", input_shape=(160, 160, 3), pooling="avg")
    base.trainable = False
    head = keras.layers.Dense(1)
    head.build((None, 1280))
    pairs.append(
        ("frozen MobileNetV2 + Dense(1), trainable", 1_281, size(base.trainable_weights + head.trainable_weights))
    )
    base = counted("vgg16", input_shape=(64, 64, 3))
    heads = [keras.layers.Dense(units) for units in (16, 1)]
    for layer, width in zip(heads, (2048, 16), strict=True):
        layer.build((None, width))
    tensors = [weight for layer in heads for weight in layer.trainable_weights]
    pairs.append(("VGG16 + 2 Dense, trainable tensors", 30, len(base.trainable_weights + tensors)))
    base.trainable = False
    pairs.append(("the same, base frozen", 4, len(base.trainable_weights + tensors)))
    return [{"what": what, "published": published, "ours": ours} for what, published, ours in pairs]


def augmentation() -> list:
    """Mirror, turn a little, zoom a little: active in training only."""
    import keras

    return [keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.05), keras.layers.RandomZoom(0.1)]


def modes_in_time() -> dict:
    """Seconds with cached features (run the base once, train a head) and end to end (augment, base frozen, every image every epoch)."""
    import keras

    train, validation = (data.load_scenes(name, size=64) for name in ("train", "validation"))
    base = load_base("vgg16", input_shape=(64, 64, 3))
    base.trainable = False
    ready = [preprocess("vgg16", part.images) for part in (train, validation)]
    classes = len(train.class_names)

    def head(shape) -> keras.Sequential:
        layers = [keras.layers.Flatten(), keras.layers.Dense(64, activation="relu")]
        return keras.Sequential([keras.Input(shape), *layers, keras.layers.Dense(classes, activation="softmax")])

    def fit(model, inputs, targets) -> None:
        model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
        model.fit(*inputs, validation_data=targets, epochs=EPOCHS_TIMED, batch_size=32, verbose=0)

    # Each pays for its own tracing.
    keras.utils.set_random_seed(0)
    started = time.perf_counter()
    seen = [base.predict(part, batch_size=32, verbose=0) for part in ready]
    fit(head(seen[0].shape[1:]), (seen[0], train.labels), (seen[1], validation.labels))
    seconds_cached = time.perf_counter() - started
    started = time.perf_counter()
    whole = keras.Sequential([keras.Input((64, 64, 3)), *augmentation(), base, *head(base.output_shape[1:]).layers])
    fit(whole, (ready[0], train.labels), (ready[1], validation.labels))
    seconds_end_to_end = time.perf_counter() - started
    return {
        "machine": machine(),
        "epochs": EPOCHS_TIMED,
        "cached_s": round(seconds_cached, 1),
        "end_to_end_s": round(seconds_end_to_end, 1),
        "end_to_end_over_cached": round(seconds_end_to_end / seconds_cached, 1),
    }


def scratch(train, test, *, augment: bool, seed: int) -> np.ndarray:
    """Trains a small network from nothing; returns which test images it gets right."""
    import keras

    keras.utils.set_random_seed(seed)
    layers = [keras.layers.Rescaling(1 / 255.0)]
    for filters in (16, 32, 64, 64):
        layers += [keras.layers.Conv2D(filters, 3, padding="same", activation="relu"), keras.layers.MaxPooling2D()]
    layers += [keras.layers.Flatten(), keras.layers.Dropout(0.5)]
    layers += [keras.layers.Dense(int(train[1].max()) + 1, activation="softmax")]
    model = keras.Sequential([keras.Input((64, 64, 3)), *(augmentation() if augment else []), *layers])
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    small = [shrink(images) for images in (train[0], test[0])]
    model.fit(small[0], train[1], epochs=EPOCHS_SCRATCH, batch_size=32, verbose=0)
    return model.predict(small[1], verbose=0).argmax(axis=1) == test[1]


def shrink(images: np.ndarray) -> np.ndarray:
    """Images at 64 pixels, which is what the small network gets."""
    import keras

    return keras.ops.convert_to_numpy(keras.ops.image.resize(images.astype("float32"), (64, 64), antialias=True))


def pretrained(train, test, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Trains a head on the frozen base, then fine-tunes the last blocks; returns what is right before and after."""
    import keras

    keras.utils.set_random_seed(seed)
    base = load_base("mobilenet_v2", input_shape=train[0].shape[1:], cut=CUT, pooling="avg")
    ready = [preprocess("mobilenet_v2", images) for images in (train[0], test[0])]
    base.trainable = False
    head = keras.Sequential(
        [keras.layers.Dropout(0.3), keras.layers.Dense(int(train[1].max()) + 1, activation="softmax")]
    )
    seen = [base.predict(part, batch_size=64, verbose=0) for part in ready]
    head.compile(keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(seen[0], train[1], epochs=EPOCHS_HEAD, batch_size=32, verbose=0)
    frozen = head.predict(seen[1], verbose=0).argmax(axis=1) == test[1]

    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name.startswith(UNFROZEN) and not isinstance(layer, keras.layers.BatchNormalization)
    whole = keras.Sequential([keras.Input(base.input_shape[1:]), base, head])
    whole.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    whole.fit(ready[0], train[1], epochs=EPOCHS_TUNED, batch_size=32, verbose=0)
    return frozen, whole.predict(ready[1], batch_size=64, verbose=0).argmax(axis=1) == test[1]


def methods(train, test, groups: np.ndarray) -> dict:
    """The methods in the order in which they were published, each with its interval; and the gain of fine-tuning, paired.

    Args:
        train: images uint8 (N, height, width, 3) and labels (N,).
        test: the same, held out.
        groups: which test images show the same object.
    """
    hits: dict[str, list[np.ndarray]] = {
        name: [] for name in ("scratch", "scratch, augmented", "features", "fine-tuned")
    }
    for seed in SEEDS:
        hits["scratch"].append(scratch(train, test, augment=False, seed=seed))
        hits["scratch, augmented"].append(scratch(train, test, augment=True, seed=seed))
        frozen, tuned = pretrained(train, test, seed=seed)
        hits["features"].append(frozen)
        hits["fine-tuned"].append(tuned)
        print(f"seed {seed}: " + ", ".join(f"{name} {rows[-1].mean():.2f}" for name, rows in hits.items()), flush=True)
    joined, repeated = {name: np.concatenate(rows) for name, rows in hits.items()}, np.tile(groups, len(SEEDS))
    names = list(joined)
    return {
        "accuracy": {name: rounded(evaluate.accuracy_interval(rows, repeated)) for name, rows in joined.items()},
        "steps": {
            f"{after} over {before}": rounded(evaluate.difference_interval(joined[after], joined[before], repeated))
            for before, after in pairwise(names)
        },
    }


def rounded(interval: evaluate.Interval) -> list[float]:
    return [round(number, 4) for number in interval]


def on_file(name: str) -> dict:
    """What a benchmark wrote."""
    path = RESULTS / f"{name}.json"
    if not path.is_file():
        raise SystemExit(
            f"{PAGE.name} shows what {name} measured, and that is not on file: run `python benchmarks/{name}.py`, then "
            "`python benchmarks/published.py --page`."
        )
    return json.loads(path.read_text("utf-8"))


def page(results: dict, recipes: dict, fine_tuning: dict) -> str:
    """The text of docs/published.md, from the results of three benchmarks alone."""
    machine, timed, compared = results["machine"], results["modes"], results["methods"]
    copied, uses = recipes["summary"]["tasks"]["scenes"]["methods"], fine_tuning["uses"]["rows"]

    def percent(interval: list[float]) -> str:
        value, low, high = (100 * number for number in interval)
        return f"{value:.0f} % ({low:.0f} to {high:.0f})"

    def points(interval: list[float]) -> str:
        value, low, high = (100 * number for number in interval)
        verdict = "better" if low > 0 else "worse" if high < 0 else "inconclusive"
        return f"{value:+.1f} points ({low:+.1f} to {high:+.1f}): {verdict}"

    def score(name: str) -> str:
        return percent(compared["accuracy"][name])

    def step(name: str) -> str:
        return points(compared["steps"][name])

    def recipe(name: str) -> str:
        return f"`{name}`: test {percent(copied[name]['accuracy'])}"

    seeds = [copied[name]["seeds"] for name in ("generator loop", "frozen end to end", "fine-tuned end to end")]
    last_validation = copied["frozen end to end"]["curve"][-1][1]
    tuned = next(row["against_standalone"] for row in uses if row["use"] == TUNED_IN_LESSON_6)

    counts = "\n".join(
        f"| {row['what']} | {row['published']:,} | {row['ours']:,} | {'yes' if row['published'] == row['ours'] else 'NO'} |"
        for row in results["exact"]
    )
    return f"""# Published / ours

What others have published about the networks and methods of this course, and what we get. Written by
`python benchmarks/published.py` from `published.json`, `recipes.json` and `fine_tuning.json` in `benchmarks/results/`; do not edit
it by hand.

## Counts: must be equal

Held by [tests/models/test_published_tables.py](../tests/models/test_published_tables.py), which also compares whole layer tables, names and shapes.

| what | published | ours | equal |
|---|---:|---:|---|
{counts}

## Accuracies and times: an order, a ratio, a gain

These were published for other images, machines and years. Next to each is our analogue: the scenes of this course (six
classes, {results["images"]["train"]} to learn from, {results["images"]["test"]} to be tested on, which show
{results["images"]["test_objects"]} objects), {machine["processor"]}, {machine["cores"]} cores, Keras {machine["packages"]["keras"]}.
Accuracies carry 90 % intervals that resample objects; {len(results["seeds"])} seeds.
Seconds are wall-clock and depend on what else a machine does: compare their ratio.

| where | what | published | our analogue |
|---|---|---|---|
| a code-along with VGG19 at 64 pixels, 542 images | time of precomputed features : frozen base with augmentation | 74 s : 1125 s, about 1 : 15 | {timed["cached_s"]:.0f} s : {timed["end_to_end_s"]:.0f} s, about 1 : {timed["end_to_end_over_cached"]:.0f} (VGG16, 64 pixels, {timed["epochs"]} epochs each; the ratio grows with the epochs) |
| | accuracy with precomputed features | test 90 to 93 % | on other images, {recipe("generator loop")} |
| | accuracy, frozen base with augmentation | validation 93.0 % | on other images, {recipe("frozen end to end")}, validation {100 * last_validation:.0f} % after the last epoch |
| | accuracy, fine-tuned | test 90.6 % | on other images, {recipe("fine-tuned end to end")} |
| a textbook, dogs and cats, 2000 images | from scratch | 72 % | {score("scratch")} |
| | from scratch, augmented | 82 to 84 % | {score("scratch, augmented")} |
| | features of a frozen base | 90 % (1st edition), 97 % (2nd) | {score("features")} |
| | fine-tuned | 97 to 98.5 % | {score("fine-tuned")} |
| a tutorial with MobileNetV2 at 160 pixels | gain of fine-tuning | 94 → 98 % | {step("fine-tuned over features")} |

The code-along's accuracies are compared with the nearest of the recipes in [benchmarks.md](benchmarks.md): {recipes["settings"]["base"]["name"]} at
{recipes["settings"]["pixels"]["scenes"]} pixels, on splits of their own, {min(seeds)} to {max(seeds)} seeds. A published accuracy and ours cannot be compared, as the images are others; nor can the three
published ones among themselves, as one is of validation images and two are of test images.

The steps between our methods, on the same images, paired:

| step | difference |
|---|---|
{chr(10).join(f"| {name} | {step(name)} |" for name in compared["steps"])}

Our base is MobileNetV2 up to `{CUT}` (what comes without a network), fine-tuned from `{UNFROZEN[0]}` on with BatchNorm frozen;
the small network from scratch sees 64 pixels. Lessons 5 and 6 measure modes and fine-tuning at greater length.

Fine-tuning is compared here with a dense head on the features of the frozen base, a head that then goes on training together with the base. Lesson 6
compares it with logistic regression on such features, solved to the end, and begins with that as its head: {points(tuned)}.
The baseline is another one, so the two do not contradict each other: what is gained here may be the head's.

## Not measured here

| what | why | command |
|---|---|---|
| the four methods on cats and dogs themselves | the images (some 800 MB) need a network, and the extra `datasets` | `python benchmarks/published.py --network` |
| VGG19's weights | no wheel carries them | `python -m course_utils fetch vgg19 --source keras` |
| that our VGG16 and MobileNetV2 are Keras's, bit for bit | Keras's own files need a network | `make test ARGS="-m network tests/models/test_published_models.py"` |
"""


def cats_and_dogs() -> dict:
    photos = data.fetch_cats_vs_dogs(size=160, limit=3000)
    train, test = ((photos.images[rows], photos.labels[rows]) for rows in (slice(2000), slice(2000, 3000)))
    return methods(train, test, np.arange(len(test[1])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--modes", action="store_true", help="only the two modes' seconds, and the page")
    parser.add_argument("--page", action="store_true", help="only write docs/published.md from the results")
    parser.add_argument("--network", action="store_true", help="the methods on cats and dogs; prints, writes nothing")
    options = parser.parse_args()
    if options.network:
        print(json.dumps(cats_and_dogs(), indent=1))
        return
    if options.modes:
        results = {**on_file("published"), "modes": modes_in_time()}
        (RESULTS / "published.json").write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    elif not options.page:
        started = time.perf_counter()
        train, test = (data.load_scenes(name) for name in ("train", "test"))
        results = {
            "images": {"train": len(train), "test": len(test), "test_objects": len(np.unique(test.groups))},
            "seeds": list(SEEDS),
            "exact": exact(),
            "modes": modes_in_time(),
            "methods": methods((train.images, train.labels), (test.images, test.labels), test.groups),
        }
        write_results("published", {"seconds": round(time.perf_counter() - started), **results})
    PAGE.write_text(page(*map(on_file, SOURCES)), encoding="utf-8")
    print(f"{PAGE.relative_to(REPOSITORY)} written")


if __name__ == "__main__":
    main()
