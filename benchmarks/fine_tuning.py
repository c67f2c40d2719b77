"""Measures fine-tuning: compared with the other uses of a base, and from how many images on it pays.

    python benchmarks/fine_tuning.py [uses] [scenes] [background] [fashion] [--again]

Four pieces, about 15 minutes of two cores together; without names, those that are not in the result
yet. ``fashion`` fetches 31 MB the first time.

uses        The four uses of a pretrained network on the composite images, and training from scratch.
scenes, background, fashion
            Three tasks, each a learning curve: features of the whole base, of less of it, and fine-tuning. The first two
            tasks are asked of the same images.

Train, validation and test share neither an object nor a photograph. Every comparison is made in both directions, trained on
the one and tested on the other, since the two sets of photographs are not equally hard. All methods are trained to
convergence: the regularisation of logistic regression and the epoch at which a network stops are chosen on validation.

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
CUT = "block_13_expand_relu"
FIRST = "block_11_expand"
SHORTER = "block_8_expand_relu"
RATE = 1e-4
PER_CLASS = (1, 2, 4, None)
"""Objects of each class in the training sets of the first two tasks; None takes them all."""

LEVEL = 0.90

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
    pieces = {"uses": uses, "scenes": scenes, "background": background, "fashion": fashion}
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "pieces", nargs="*", metavar="PIECE", help=f"from {', '.join(pieces)}; by default those missing"
    )
    parser.add_argument("--again", action="store_true", help="also those that are measured already")
    arguments = parser.parse_args()
    path = REPOSITORY / "benchmarks" / "results" / "fine_tuning.json"
    results = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    for name in arguments.pieces or pieces:
        if name in results and not (arguments.again or arguments.pieces):
            continue
        began = time.perf_counter()
        found = pieces[name]()
        # One piece may be measured elsewhere than the next, and the head of the file names the last machine only.
        minutes = round((time.perf_counter() - began) / 60, 1)
        # Another piece may have been measured meanwhile.
        results = json.loads(path.read_text("utf-8")) if path.is_file() else {}
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


def logistic(features, labels, seen, seen_labels):
    """Fits logistic regression; validation features choose how strongly it is regularised."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    fitted = [
        make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=1000)).fit(features, labels)
        for c in (1e-3, 1e-2, 1e-1)
    ]
    return max(fitted, key=lambda one: one.score(seen, seen_labels))


def as_dense(fitted, classes: int) -> list[np.ndarray]:
    """Writes standardising and logistic regression as the kernel and bias of one Dense layer with a softmax."""
    scaler, regression = fitted[0], fitted[1]
    found = regression.coef_.T / scaler.scale_[:, None]
    kernel, bias = (
        np.zeros((len(found), classes), "float32"),
        np.full(classes, -20, "float32"),
    )  # absent: never predicted
    kernel[:, regression.classes_] = found
    bias[regression.classes_] = regression.intercept_ - scaler.mean_ @ found
    return [kernel, bias]


def only_batch_norm_frozen(part) -> None:
    import keras

    part.trainable = True
    for layer in part.layers:
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)


def with_head(part, shape, classes: int, *, before=(), head=None):
    """Puts average pooling and a head behind a part of a base; ``head`` holds the weights of a Dense layer to start with."""
    import keras

    dense = keras.layers.Dense(classes, activation="softmax")
    fresh = [keras.layers.BatchNormalization(momentum=0.9), keras.layers.Dropout(0.3)] if head is None else []
    layers = [keras.Input(shape), *before, part, keras.layers.GlobalAveragePooling2D(), *fresh, dense]
    model = keras.Sequential(layers)
    if head is not None:
        dense.set_weights(head)
    return model


def trained(model, rate: float, train, seen, *, epochs: int, patience: int, watch: str = "val_accuracy"):
    """Compiles and fits a model until what it watches no longer improves, and keeps the best epoch's weights."""
    import keras

    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    stop = keras.callbacks.EarlyStopping(watch, patience=patience, restore_best_weights=True)
    model.fit(*train, validation_data=seen, batch_size=32, epochs=epochs, verbose=0, callbacks=[stop])
    return model


def answers(model, images) -> np.ndarray:
    return model.predict(images, batch_size=64, verbose=0).argmax(axis=1)


def directions(images: dict) -> list[tuple]:
    """(training, validation, test) images, in both directions."""
    return [tuple(images[name] for name in ("train", "validation", "test")),
            tuple(images[name] for name in ("test", "validation", "train"))]  # fmt: skip


# The four uses


def uses(*, per_object: int = 5) -> dict:
    """Uses one base, MobileNetV2 up to block 13, by every method; only the classifier as it is needs one with a top.

    Both initialisations start with the standalone extractor's logistic regression as their head.
    """
    import keras

    from course_utils import data, evaluate, finetune
    from course_utils.models import load_base, preprocess

    names = ("train", "validation", "test")
    sets = directions({name: data.load_scenes(name, size=SIZE, per_object=per_object) for name in names})
    base = load_base("mobilenet_v2", input_shape=(SIZE, SIZE, 3), cut=CUT)
    pretrained = base.get_weights()
    bottom, top = finetune.split(base, FIRST)
    pooled = keras.Sequential([base, keras.layers.GlobalAveragePooling2D()])
    right, parameters = {}, {}

    def note(method: str, found: np.ndarray, test, trained_parameters: int) -> None:
        right.setdefault(method, []).append(found == test.labels)
        parameters[method] = trained_parameters
        print(f"{method}: {right[method][-1].mean():.3f}", flush=True)

    def moving(model) -> int:
        return sum(int(np.prod(weight.shape)) for weight in model.trainable_variables)

    for seed, (train, validation, test) in enumerate(sets):
        classes = len(train.class_names)
        keras.utils.set_random_seed(seed)
        x, seen, unseen = (preprocess("mobilenet_v2", part.images) for part in (train, validation, test))
        y, seen_labels = train.labels, validation.labels

        larger = data.load_scenes(names[2 - 2 * seed], size=224, per_object=per_object)
        note("the classifier as it is", as_it_is(larger.images, train.class_names), test, 0)

        base.set_weights(pretrained)
        features, seen_features, unseen_features = (
            pooled.predict(part, batch_size=64, verbose=0) for part in (x, seen, unseen)
        )
        fitted = logistic(features, y, seen_features, seen_labels)
        head = as_dense(fitted, classes)
        note("standalone extractor", fitted.predict(unseen_features), test, head[0].size + head[1].size)

        base.trainable = False
        model = with_head(base, x.shape[1:], classes, before=augmentation())
        trained(model, 3e-3, (x, y), (seen, seen_labels), epochs=30, patience=4)
        note("integrated extractor, with augmentation", answers(model, unseen), test, moving(model))

        only_batch_norm_frozen(base)
        at_cut, seen_at_cut, unseen_at_cut = (
            bottom.predict(part, batch_size=64, verbose=0) for part in (x, seen, unseen)
        )
        model = with_head(top, at_cut.shape[1:], classes, head=head)
        trained(model, RATE, (at_cut, y), (seen_at_cut, seen_labels), epochs=20, patience=5)
        note("initialisation, blocks 11 to 13 trained", answers(model, unseen_at_cut), test, moving(model))

        base.set_weights(pretrained)
        model = with_head(base, x.shape[1:], classes, head=head)
        trained(model, RATE, (x, y), (seen, seen_labels), epochs=10, patience=3)
        note("initialisation, all of it trained", answers(model, unseen), test, moving(model))

        keras.utils.set_random_seed(seed)
        model = small_network(classes)
        trained(model, 1e-3, (x, y), (seen, seen_labels), epochs=100, patience=10, watch="val_loss")
        note("from scratch, a small network", answers(model, unseen), test, moving(model))

    groups = np.concatenate([test.groups for _, _, test in sets])
    labels = np.concatenate([test.labels for _, _, test in sets])
    hits = {method: np.concatenate(found) for method, found in right.items()}
    return {
        "images": [len(train) for train, _, _ in sets],
        "objects": len(np.unique(groups)),
        "pixels": SIZE,
        "majority": float(np.bincount(labels).max() / len(labels)),
        "rows": [
            {
                "use": method,
                "accuracy": evaluate.accuracy_interval(found, groups, level=LEVEL),
                "against_standalone": evaluate.difference_interval(
                    found, hits["standalone extractor"], groups, level=LEVEL
                ),
                "trained_parameters": parameters[method],
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


def augmentation() -> list:
    import keras

    return [
        keras.layers.RandomFlip("horizontal"),
        keras.layers.RandomRotation(0.08, fill_mode="nearest"),
        keras.layers.RandomZoom(0.15, fill_mode="nearest"),
    ]


def small_network(classes: int):
    import keras

    layers = [keras.Input((SIZE, SIZE, 3)), *augmentation()]
    for filters, strides in ((16, 2), (32, 1), (64, 1), (128, 1)):
        layers += [
            keras.layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(),
        ]
    return keras.Sequential([*layers, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(classes, "softmax")])


# Size and similarity


def scenes() -> dict:
    """Which object is on the image: close to what ImageNet asks."""
    return of_composites("labels", "groups", "object")


def background() -> dict:
    """Which family the background is of, on the same images: ImageNet was taught to ignore that."""
    return of_composites("backgrounds", "photographs", "photograph")


def of_composites(asked: str, unit: str, what: str, *, seeds: int = 2) -> dict:
    """Trains on ever more objects; ``unit`` is what the intervals resample."""
    from course_utils import data

    images = {name: data.load_scenes(name, size=SIZE) for name in ("train", "validation", "test")}
    order = list(images)
    whole = np.concatenate([part.images for part in images.values()])
    labels = np.concatenate([getattr(part, asked) for part in images.values()])
    units = np.concatenate([getattr(part, unit) for part in images.values()])
    starts = dict(zip(order, np.cumsum([0, *map(len, images.values())]), strict=False))
    at = {name: starts[name] + np.arange(len(part)) for name, part in images.items()}
    names = images["train"].class_names if asked == "labels" else images["train"].background_names
    steps = []
    for count in PER_CLASS:
        splits = []
        for first, last in (("train", "test"), ("test", "train")):
            part = images[first]
            for seed in range(seeds):
                rng = np.random.default_rng(seed)
                kept = []
                for label in range(len(part.class_names)):
                    objects = rng.permutation(np.unique(part.groups[part.labels == label]))
                    kept += list(objects[:count])
                splits.append((at[first][np.isin(part.groups, kept)], at["validation"], at[last]))
        steps.append(splits)
    return {"unit": what, **learning_curve(whole, labels, names, units, steps, SIZE)}


def fashion(*, sizes=(30, 100, 300, 1000, 3000), tested: int = 2000, seeds: int = 2, pixels: int = 64) -> dict:
    """Clothes, grey and small, enlarged: another kind of image, with enough of them for tight intervals."""
    from PIL import Image

    from course_utils.data import fetch_fashion
    from course_utils.data.fetched import FASHION_CLASSES

    (pool, pool_labels), (unseen, unseen_labels) = fetch_fashion()
    drawn = np.random.default_rng(0).permutation(len(pool))[: seeds * sizes[-1] + 500]
    grey = np.concatenate([pool[drawn], unseen[:tested]])
    images = np.stack(
        [np.asarray(Image.fromarray(g).resize((pixels, pixels), Image.Resampling.BILINEAR)) for g in grey]
    )
    labels = np.concatenate([pool_labels[drawn], unseen_labels[:tested]]).astype(int)
    seen = np.arange(seeds * sizes[-1], len(drawn))
    at_test = np.arange(len(drawn), len(labels))
    steps = [
        [(seed * sizes[-1] + np.arange(count), seen, at_test) for seed in range(seeds)]
        for count in sizes
    ]  # fmt: skip
    in_colour = images[..., None].repeat(3, axis=-1)
    return {
        "unit": "image",
        **learning_curve(in_colour, labels, list(FASHION_CLASSES), np.arange(len(labels)), steps, pixels),
    }


def learning_curve(images, labels, names, groups, steps: list, pixels: int, *, least: int = 192) -> dict:
    """Compares three methods on the same splits: features of the whole base or of less of it, and fine-tuning.

    Args:
        images: uint8 (N, pixels, pixels, 3).
        labels: class numbers (N,).
        names: of the classes.
        groups: (N,), what is resampled in the intervals.
        steps: for every size of training set, triples of training, validation and test positions.
        pixels: side of an image.
        least: images in an epoch of fine-tuning; a smaller training set is repeated, so that it takes as many steps.
    """
    import keras

    from course_utils import evaluate, finetune
    from course_utils.models import load_base, preprocess

    base = load_base("mobilenet_v2", input_shape=(pixels, pixels, 3), cut=CUT)
    bottom, top = finetune.split(base, FIRST)
    pretrained = top.get_weights()
    average = keras.layers.GlobalAveragePooling2D()
    below = keras.Model(base.input, [bottom.output, average(base.get_layer(SHORTER).output)])
    at_cut, shorter = below.predict(preprocess("mobilenet_v2", images), batch_size=64, verbose=0)
    features = {"features of the whole base": top.predict(at_cut, batch_size=64, verbose=0).mean(axis=(1, 2)),
                "features up to block 8": shorter}  # fmt: skip
    only_batch_norm_frozen(top)
    points = []
    for splits in steps:
        right = {method: [] for method in (*features, "fine-tuned from block 11 on")}
        for seed, (at_train, seen, at_test) in enumerate(splits):
            heads = {
                method: logistic(x[at_train], labels[at_train], x[seen], labels[seen]) for method, x in features.items()
            }
            for method, fitted in heads.items():
                right[method].append(fitted.predict(features[method][at_test]) == labels[at_test])
            keras.utils.set_random_seed(seed)
            top.set_weights(pretrained)
            head = as_dense(heads["features of the whole base"], len(names))
            model = with_head(top, at_cut.shape[1:], len(names), head=head)
            repeated = np.resize(at_train, max(least, len(at_train)))
            trained(
                model, RATE, (at_cut[repeated], labels[repeated]), (at_cut[seen], labels[seen]), epochs=20, patience=4
            )
            right["fine-tuned from block 11 on"].append(answers(model, at_cut[at_test]) == labels[at_test])
            print(len(at_train), seed, {m: round(float(found[-1].mean()), 3) for m, found in right.items()}, flush=True)
        hits = {method: np.concatenate(found) for method, found in right.items()}
        tested = np.concatenate([groups[at_test] for _, _, at_test in splits])
        tuned = hits["fine-tuned from block 11 on"]
        images_in = statistics.mean(len(at_train) for at_train, _, _ in splits)
        points.append(
            {
                "images": round(images_in),
                "per_class": images_in / len(names),
                "trainings": len(splits),
                "accuracy": {m: evaluate.accuracy_interval(found, tested, level=LEVEL) for m, found in hits.items()},
                "tuned_minus": {m: evaluate.difference_interval(tuned, hits[m], tested, level=LEVEL) for m in features},
            }
        )
    asked = np.concatenate([labels[at_test] for _, _, at_test in steps[-1]])
    return {
        "pixels": pixels,
        "classes": names,
        "units": len(np.unique(tested)),
        "majority": float(np.bincount(asked).max() / len(asked)),
        "points": points,
    }


if __name__ == "__main__":
    sys.exit(main())
