"""Measures fine-tuning: from cached activations and end to end, compared with the other uses of a base, and when it pays.

    python benchmarks/fine_tuning.py [timing] [uses] [scenes] [background] [fashion] [--again]

Five pieces, each of a few minutes on two cores, `uses` of a quarter of an hour; without names, those that are not in the result yet.
``timing`` and the seconds in ``uses`` need a quiet machine. ``fashion`` fetches 31 MB the first time.

timing      VGG16's block5 at 96 px: seconds per epoch end to end and from cached activations, the caching pass, and what
            the multiply-adds allow; and whether both give the same answers.
uses        The four uses of a pretrained network on the scenes, and training from scratch, cross-validated by object.
scenes, background, fashion
            Three tasks, each with a small and a large training set: features of the whole base, of less of it, and
            fine-tuning. The first two tasks are made of the same images, and cross-validated by object.

Writes ``benchmarks/results/fine_tuning.json``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time

import numpy as np
from _machine import REPOSITORY, machine, write_results

SIZE = 96
FIRST = "block5_conv1"
RATE = 1e-4
EPOCHS = {"small": 15, "large": 6}
"""Rate and epochs of the second stage, chosen on the validation scenes: 1e-5 hardly moves block5 in so few steps."""

INTEGRATED_RATES = (1e-3, 1e-2)
"""Of these, the integrated extractor gets the one that does better on a quarter of its training objects."""

LEVEL = 0.90
MARGIN = 0.03
"""Not worse means: by no more than so much, with the whole interval."""

# The classes of ImageNet that show what one of ours shows, by number.
IN_IMAGENET = {
    "bird": "7-24 80-100 127-146",
    "flower": "985-986",
    "fruit_or_vegetable": "936-957 987 992 997-998",
    "mammal": "101-106 147-299 330-388",
    "musical_instrument": """401-402 420 432 486 494 513 541 546 558 566 577 579 593-594 641-642 683-684 687 699 776 822
        875 881 889""",
    "vehicle": """403-405 407-408 417 436 444 466 468 472 484 510-511 547 554-555 565 569 573 575-576 586 595 603 609 612
        625 627-628 654 656 660-661 665 670-671 675 690 705 717 734 751 757 779-780 802-803 812 814 817 820 829 833 847
        864 866-867 870-871 874 880 895 914""",
}


def main() -> int:
    pieces = {"timing": timing, "uses": uses, "scenes": scenes, "background": background, "fashion": fashion}
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "pieces", nargs="*", metavar="PIECE", help=f"from {', '.join(pieces)}; by default those missing"
    )
    parser.add_argument("--again", action="store_true", help="also those that are measured already")
    arguments = parser.parse_args()
    path = REPOSITORY / "benchmarks" / "results" / "fine_tuning.json"
    results = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    results.pop("machine", None)
    for name in arguments.pieces or pieces:
        if name in results and not (arguments.again or arguments.pieces):
            continue
        began = time.perf_counter()
        found = pieces[name]()
        # One piece may be measured elsewhere than the next, and the head of the file names the last machine only.
        minutes = round((time.perf_counter() - began) / 60, 1)
        results[name] = {"on": where(), "machine": machine(), "minutes": minutes, **found}
        write_results("fine_tuning", {key: results[key] for key in pieces if key in results})
        print(f"{name}: {results[name]['minutes']} minutes\n", flush=True)
    return 0


def where() -> str:
    import keras

    from course_utils import hardware

    processor = f"{hardware.cores()} cores of {hardware.cpu_name()}"
    return f"{keras.backend.backend()} on {', '.join(hardware.gpu_names()) or processor}"


# Parts that several pieces use


def logistic():
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))


def as_dense(fitted) -> list[np.ndarray]:
    """Writes standardising and logistic regression as the kernel and bias of one Dense layer with a softmax."""
    scaler, regression = fitted[0], fitted[1]
    kernel = regression.coef_.T / scaler.scale_[:, None]
    return [kernel.astype("float32"), (regression.intercept_ - scaler.mean_ @ kernel).astype("float32")]


def with_head(part, shape, classes: int, head=None):
    """Puts average pooling and a Dense head behind a part of a base; ``head`` holds the numbers to start with."""
    import keras

    dense = keras.layers.Dense(classes, activation="softmax")
    parts = [keras.Input(shape), part, keras.layers.GlobalAveragePooling2D(), dense]
    model = keras.Sequential(parts)
    if head is not None:
        dense.set_weights(head)
    return model


def compiled(model, rate: float):
    import keras

    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def answers(model, images) -> np.ndarray:
    return model.predict(images, batch_size=64, verbose=0).argmax(axis=1)


class Clock:
    """Takes the seconds of every epoch but the first, which also traces the step."""

    def __init__(self):
        import keras

        self.seconds: list[float] = []
        self.callback = keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, logs: setattr(self, "began", time.perf_counter()),
            on_epoch_end=lambda epoch, logs: self.seconds.append(time.perf_counter() - self.began),
        )

    def median(self) -> float:
        return statistics.median(self.seconds[1:])


# Timing


def timing(*, epochs: int = 4, seeds: int = 2, stated: int = 10) -> dict:
    """Fine-tunes block5 by both methods from the same seeds; speeds are stated for ``stated`` epochs."""
    import keras

    from course_utils import data, evaluate, finetune
    from course_utils.features import augmented_copy, extract
    from course_utils.models import load_base, preprocess

    train, test = data.load_scenes("train", size=SIZE), data.load_scenes("test", size=SIZE)
    base = load_base("vgg16", input_shape=(SIZE, SIZE, 3))
    pretrained = base.get_weights()
    bottom, top = finetune.split(base, FIRST)
    bottom.trainable = False

    def cache(images):
        began = time.perf_counter()
        found = extract(bottom, images, preprocess="vgg16", store=False, progress=False)
        return found, time.perf_counter() - began

    cache(train.images[:64])  # traces the step
    at_train, caching_seconds = cache(train.images)
    at_test, _ = cache(test.images)
    augment = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.05)])
    began = time.perf_counter()
    augmented = augmented_copy(train.images, augment=augment, copy_number=0)
    extract(bottom, augmented, preprocess="vgg16", store=False, progress=False)
    copy_seconds = time.perf_counter() - began
    head = as_dense(logistic().fit(top.predict(at_train, verbose=0).mean(axis=(1, 2)), train.labels))
    batch, test_batch = preprocess("vgg16", train.images), preprocess("vgg16", test.images)

    clocks = {"end to end": [], "cached": []}
    said = {"end to end": [], "cached": []}
    for seed in range(seeds):
        for method, part, inputs, unseen in (
            ("end to end", base, batch, test_batch),
            ("cached", top, at_train, at_test),
        ):
            keras.utils.set_random_seed(seed)
            base.set_weights(pretrained)
            model = compiled(with_head(part, inputs.shape[1:], len(train.class_names), head), RATE)
            clock = Clock()
            model.fit(inputs, train.labels, batch_size=32, epochs=epochs, verbose=0, callbacks=[clock.callback])
            clocks[method].append(clock.median())
            said[method].append(answers(model, unseen))
            print(f"{method}, seed {seed}: {clock.median():.2f} s an epoch", flush=True)
    counted = finetune.work(bottom, top, epochs=stated)
    per_epoch = {method: statistics.median(found) for method, found in clocks.items()}
    with_caching = stated * per_epoch["end to end"] / (stated * per_epoch["cached"] + caching_seconds)
    one, other = (np.concatenate(said[method]) for method in ("cached", "end to end"))
    labels, groups = np.tile(test.labels, seeds), np.tile(test.groups, seeds)
    result = {
        "base": "vgg16",
        "trained": "block5",
        "pixels": SIZE,
        "images": len(train),
        "epochs": stated,
        "end_to_end_s_per_epoch": per_epoch["end to end"],
        "cached_s_per_epoch": per_epoch["cached"],
        "caching_s": caching_seconds,
        "augmented_copy_s": copy_seconds,
        "allowed": counted.allowed,
        "allowed_with_caching": counted.allowed_with_caching,
        "speed_up": per_epoch["end to end"] / per_epoch["cached"],
        "speed_up_with_caching": with_caching,
        "same_answers": float((one == other).mean()),
        "accuracy_end_to_end": evaluate.accuracy_interval(other == labels, groups, level=LEVEL),
        "cached_minus_end_to_end": evaluate.difference_interval(one == labels, other == labels, groups, level=LEVEL),
        "seeds": seeds,
        "epochs_trained": epochs,
    }
    print(json.dumps(result, indent=1))
    return result


# The four uses


def uses(*, folds: int = 3, repeats: int = 2, per_object: int = 3) -> dict:
    """Uses one base, MobileNetV2 up to block 13, by every method; only the classifier as it is needs one with a top.

    Cross-validated over all objects, each training from a seed of its own; every method answers the same scenes. Only the integrated
    extractor's rate is chosen inside each training part; all other settings were fixed before, RATE on the validation
    scenes, which are among those tested here. On the clock of the first use is also composing its images; off
    the clock are the head that both initialisations start with (the standalone extractor's), and the choice of the rate.
    """
    import keras

    from course_utils import data, evaluate, finetune
    from course_utils.models import load_base, preprocess

    scenes = data.load_scenes("all", size=SIZE, per_object=per_object)
    labels, classes = scenes.labels, len(scenes.class_names)
    prepared = preprocess("mobilenet_v2", scenes.images)
    base = load_base("mobilenet_v2", input_shape=(SIZE, SIZE, 3), cut="block_13_expand_relu")
    pooled = load_base("mobilenet_v2", input_shape=(SIZE, SIZE, 3), cut="block_13_expand_relu", pooling="avg")
    pretrained = base.get_weights()
    normalising = [layer for layer in base.layers if isinstance(layer, keras.layers.BatchNormalization)]
    right, seconds, trained, rates = {}, {}, {}, []

    def note(method: str, began: float, found: np.ndarray, at_test: np.ndarray, parameters: int) -> None:
        right.setdefault(method, []).append(found == labels[at_test])
        seconds.setdefault(method, []).append(time.perf_counter() - began)
        trained[method] = parameters
        print(f"{method}: {right[method][-1].mean():.3f} in {seconds[method][-1]:.1f} s", flush=True)

    def trainable(model) -> int:
        return sum(int(np.prod(weight.shape)) for weight in model.trainable_variables)

    def fresh() -> None:
        """The base as it was pretrained, free to learn but for BatchNorm."""
        base.trainable = True
        base.set_weights(pretrained)
        for layer in normalising:
            layer.trainable = False

    def integrated(rate: float, at_train: np.ndarray):
        fresh()
        base.trainable = False
        augment = [keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.05)]
        model = keras.Sequential([keras.Input((SIZE, SIZE, 3)), *augment, with_head(base, (SIZE, SIZE, 3), classes)])
        compiled(model, rate).fit(prepared[at_train], labels[at_train], batch_size=32, epochs=10, verbose=0)
        return model

    began = time.perf_counter()
    said = as_it_is(data.load_scenes("all", size=224, per_object=per_object).images, scenes.class_names)
    took = (time.perf_counter() - began) / folds  # the others answer a fold at a time

    splits = evaluate.grouped_splits(labels, scenes.groups, folds=folds, repeats=repeats)
    for seed, (at_train, at_test) in enumerate(splits):
        batch, unseen = prepared[at_train], prepared[at_test]
        note("the classifier as it is", time.perf_counter() - took, said[at_test], at_test, 0)

        began = time.perf_counter()
        fitted = logistic().fit(pooled.predict(batch, batch_size=64, verbose=0), labels[at_train])
        head = as_dense(fitted)
        found = fitted.predict(pooled.predict(unseen, batch_size=64, verbose=0))
        note("standalone extractor", began, found, at_test, head[0].size + head[1].size)

        # Its rate is chosen inside the training part: no scene that tests it has a say.
        inner, followed = (
            at_train[part] for part in evaluate.grouped_splits(labels[at_train], scenes.groups[at_train], folds=4)[0]
        )
        shares = {}
        for rate in INTEGRATED_RATES:
            keras.utils.set_random_seed(seed)
            model = integrated(rate, inner)
            shares[rate] = float(np.mean(answers(model, prepared[followed]) == labels[followed]))
        rates.append(max(shares, key=shares.get))
        keras.utils.set_random_seed(seed)
        began = time.perf_counter()
        model = integrated(rates[-1], at_train)
        note("integrated extractor, with augmentation", began, answers(model, unseen), at_test, trainable(model))

        for method, first in (
            ("initialisation, blocks 11 to 13 trained", "block_11_expand"),
            ("initialisation, all of it trained", None),
        ):
            keras.utils.set_random_seed(seed)
            began = time.perf_counter()
            fresh()
            part, train, test = base, batch, unseen
            if first:
                bottom, part = finetune.split(base, first)
                train, test = (bottom.predict(x, batch_size=64, verbose=0) for x in (batch, unseen))
            model = compiled(with_head(part, train.shape[1:], classes, head), RATE)
            model.fit(train, labels[at_train], batch_size=32, epochs=6, verbose=0)
            note(method, began, answers(model, test), at_test, trainable(model))

        keras.utils.set_random_seed(seed)
        began = time.perf_counter()
        model = compiled(small_network(classes), 1e-3)
        model.fit(scenes.images[at_train], labels[at_train], batch_size=32, epochs=25, verbose=0)
        note("from scratch, a small network", began, answers(model, scenes.images[at_test]), at_test, trainable(model))

    groups = np.concatenate([scenes.groups[at_test] for _, at_test in splits])
    hits = {method: np.concatenate(found) for method, found in right.items()}
    return {
        "images": round(statistics.mean(len(at_train) for at_train, _ in splits)),
        "objects": len(np.unique(scenes.groups)),
        "pixels": SIZE,
        "folds": folds,
        "repeats": repeats,
        "majority": scenes.majority_share,
        "integrated_rates": rates,
        "rows": [
            {
                "use": method,
                "accuracy": evaluate.accuracy_interval(found, groups, level=LEVEL),
                "against_standalone": evaluate.difference_interval(
                    found, hits["standalone extractor"], groups, level=LEVEL
                ),
                "seconds": statistics.median(seconds[method]),
                "trained_parameters": trained[method],
            }
            for method, found in hits.items()
        ],
    }


def as_it_is(images: np.ndarray, class_names: list[str]) -> np.ndarray:
    """Adds up the probabilities of ImageNet's classes that show what each of ours shows; answers with the largest."""
    from course_utils.models import load_base, preprocess

    classifier = load_base("efficientnet_lite0", include_top=True)
    probabilities = classifier.predict(preprocess("efficientnet_lite0", images), batch_size=32, verbose=0)
    sums = [probabilities[:, numbers(IN_IMAGENET[name])].sum(axis=1) for name in class_names]
    return np.stack(sums, axis=1).argmax(axis=1)


def numbers(runs: str) -> list[int]:
    """Reads "7-9 12" as [7, 8, 9, 12]."""
    ends = [[int(end) for end in run.split("-")] for run in runs.split()]
    return [number for run in ends for number in range(run[0], run[-1] + 1)]


def small_network(classes: int):
    import keras

    layers = [keras.Input((SIZE, SIZE, 3)), keras.layers.Rescaling(1 / 255), keras.layers.RandomFlip("horizontal")]
    for filters in (16, 32, 64, 128):
        layers += [keras.layers.Conv2D(filters, 3, padding="same", activation="relu"), keras.layers.MaxPooling2D()]
    layers += [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(classes, activation="softmax")]
    return keras.Sequential(layers)


# Size and similarity


def scenes() -> dict:
    """What is on the image: close to what ImageNet asks."""
    from course_utils import data

    images = data.load_scenes("all", size=SIZE)
    return by_object(images, images.labels, images.class_names)


def background() -> dict:
    """What the background is, on the same images: far from what ImageNet asks."""
    from course_utils import data

    images = data.load_scenes("all", size=SIZE)
    return by_object(images, images.backgrounds, images.background_names)


def by_object(images, labels: np.ndarray, names: list[str], *, folds: int = 3, repeats: int = 2) -> dict:
    """Cross-validates by object; the small training set holds every sixth object of the large one."""
    from course_utils import evaluate

    splits = evaluate.grouped_splits(images.labels, images.groups, folds=folds, repeats=repeats)
    sets = {"large": splits, "small": []}
    for number, (at_train, at_test) in enumerate(splits):
        rng = np.random.default_rng(number)
        kept = []
        for label in range(len(images.class_names)):
            objects = np.unique(images.groups[at_train][images.labels[at_train] == label])
            kept += list(rng.choice(objects, max(2, round(len(objects) / 6)), replace=False))
        sets["small"].append((at_train[np.isin(images.groups[at_train], kept)], at_test))
    return compare_on(images.images, labels, names, images.groups, sets, SIZE)


def fashion(*, sizes=(200, 2000), tested: int = 5000, seeds: int = 3, pixels: int = 48) -> dict:
    """Clothes, grey and small, blown up: another kind of image, with enough of them for tight intervals."""
    from PIL import Image

    from course_utils.data import fetch_fashion
    from course_utils.data.fetched import FASHION_CLASSES

    (pool, pool_labels), (unseen, unseen_labels) = fetch_fashion()
    drawn = np.random.default_rng(0).permutation(len(pool))[: seeds * sizes[1]]
    grey = np.concatenate([pool[drawn], unseen[:tested]])
    images = np.stack(
        [np.asarray(Image.fromarray(g).resize((pixels, pixels), Image.Resampling.BILINEAR)) for g in grey]
    )
    labels = np.concatenate([pool_labels[drawn], unseen_labels[:tested]]).astype(int)
    at_test = np.arange(len(drawn), len(labels))
    sets = {
        name: [(np.arange(seed * sizes[1], seed * sizes[1] + count), at_test) for seed in range(seeds)]
        for name, count in zip(("small", "large"), sizes, strict=True)
    }
    in_colour = images[..., None].repeat(3, axis=-1)
    return compare_on(in_colour, labels, list(FASHION_CLASSES), np.arange(len(labels)), sets, pixels)


def compare_on(images, labels, names, groups, sets: dict, pixels: int) -> dict:
    """Compares four methods on the same splits: features of the whole base or of less of it, and fine-tuning.

    Args:
        images: uint8 (N, pixels, pixels, 3).
        labels: class numbers (N,).
        names: of the classes.
        groups: (N,), what is drawn again in the intervals.
        sets: "small" and "large" -> pairs of training and test positions.
        pixels: side of an image.
    """
    import keras

    from course_utils import evaluate, finetune
    from course_utils.features import extract
    from course_utils.models import load_base

    base = load_base("vgg16", input_shape=(pixels, pixels, 3))
    bottom, top = finetune.split(base, FIRST)
    pretrained = top.get_weights()
    at_cut = extract(bottom, images, preprocess="vgg16", progress=False)
    block3 = load_base("vgg16", input_shape=(pixels, pixels, 3), cut="block3_pool", pooling="avg")
    features = {
        "whole base": top.predict(at_cut, batch_size=64, verbose=0).mean(axis=(1, 2)),
        "up to block4": at_cut.mean(axis=(1, 2)),
        "up to block3": extract(block3, images, preprocess="vgg16", progress=False),
    }
    result = {"pixels": pixels, "classes": names, "sizes": {}}
    for size, splits in sets.items():
        right = {method: [] for method in ("whole base", "fine-tuned block5", "up to block4", "up to block3")}
        for seed, (at_train, at_test) in enumerate(splits):
            heads = {method: logistic().fit(x[at_train], labels[at_train]) for method, x in features.items()}
            for method, fitted in heads.items():
                right[method].append(fitted.predict(features[method][at_test]) == labels[at_test])
            keras.utils.set_random_seed(seed)
            top.set_weights(pretrained)
            model = with_head(top, at_cut.shape[1:], len(names), as_dense(heads["whole base"]))
            compiled(model, RATE).fit(at_cut[at_train], labels[at_train], batch_size=32, epochs=EPOCHS[size], verbose=0)
            right["fine-tuned block5"].append(answers(model, at_cut[at_test]) == labels[at_test])
            print(
                size, seed, {method: round(float(found[-1].mean()), 3) for method, found in right.items()}, flush=True
            )
        right = {method: np.concatenate(found) for method, found in right.items()}
        tested_groups = np.concatenate([groups[at_test] for _, at_test in splits])
        asked = np.concatenate([labels[at_test] for _, at_test in splits])
        result["sizes"][size] = {
            "images": round(statistics.mean(len(at_train) for at_train, _ in splits)),
            "trainings": len(splits),
            "majority": float(np.bincount(asked).max() / len(asked)),
            "accuracy": {
                method: evaluate.accuracy_interval(hits, tested_groups, level=LEVEL) for method, hits in right.items()
            },
            "against_whole_base": {
                method: evaluate.difference_interval(hits, right["whole base"], tested_groups, level=LEVEL)
                for method, hits in right.items()
                if method != "whole base"
            },
            "fine_tuned_against_block4": evaluate.difference_interval(
                right["fine-tuned block5"], right["up to block4"], tested_groups, level=LEVEL
            ),
        }
    return result


if __name__ == "__main__":
    sys.exit(main())
