"""Measures cached features (run the base once, train a head on its output) against end to end (base and head in one model).

    python benchmarks/extraction_modes.py            # what is missing from the results: about ten minutes on two cores
    python benchmarks/extraction_modes.py --again    # measure everything again

Writes benchmarks/results/extraction_modes.json. Every method predicts every scene, in grouped
cross-validation: no object is ever in training and test at once, and every training has a seed of its own. The answers
themselves are stored, one 1 or 0 per scene, so that accuracies, differences and intervals
are computed from them. The seconds want a quiet machine: `--only seconds` measures them alone.
"""

from __future__ import annotations

import argparse
import functools
import json
import time

import numpy as np
from _machine import REPOSITORY, machine, write_results

from course_utils import data, evaluate
from course_utils.features import augmented_copy, extract
from course_utils.models import load_base

NAME = "extraction_modes"
SIZE = 96
PER_OBJECT = 3  # 567 scenes of 189 objects; four fifths of them are about as many as the lessons train on
FOLDS, REPEATS = 5, 2
EPOCHS = 8  # of the head, cached and end to end
SCRATCH_EPOCHS = 30
COPIES = (2, 4, 8)
CLASSES = len(data.WORKING_CLASSES)
TIMED_SEEDS = (0, 1, 2, 3, 4)
TIMED_EPOCHS = 6  # end to end, past the break-even point
TIMED_COPIES = 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=[*METHODS, "seconds"], help=f"of {', '.join(METHODS)}, seconds")
    parser.add_argument("--again", action="store_true", help="measure also what the results hold already")
    given = parser.parse_args()
    path = REPOSITORY / "benchmarks" / "results" / f"{NAME}.json"
    results = json.loads(path.read_text("utf-8")) if path.is_file() else {"answers": {}}
    results.pop("machine", None)
    scenes = data.load_scenes("all", size=SIZE, per_object=PER_OBJECT)
    results |= {
        "scenes": len(scenes),
        "objects": len(np.unique(scenes.groups)),
        "folds": FOLDS,
        "repeats": REPEATS,
        "epochs": EPOCHS,
        "scratch_epochs": SCRATCH_EPOCHS,
        "majority_share": scenes.majority_share,
        "groups": scenes.groups.tolist(),
    }
    if given.again:
        results["answers"] = {method: rows for method, rows in results["answers"].items() if method not in given.only}
    if "seconds" in given.only and (given.again or "seconds" not in results):
        results |= {"seconds": measure_seconds(), "seconds_machine": machine()}
        write_results(NAME, results)
    # A repeat of all methods before the next repeat: what is cut short has at least the first of each.
    for repeat in range(REPEATS):
        for method in [method for method in given.only if method in METHODS]:
            rows = results["answers"].setdefault(method, [])
            if len(rows) > repeat:
                continue
            began = time.perf_counter()
            right = cross_validate(METHODS[method], scenes, repeat, leaking=method == "leaking split")
            rows.append("".join("01"[hit] for hit in right.astype(int)))
            print(f"{method:<24} {right.mean():.3f}  {time.perf_counter() - began:6.1f} s", flush=True)
            write_results(NAME, results)
    return 0


def cross_validate(learn, scenes, repeat: int, *, leaking: bool = False) -> np.ndarray:
    """Returns for every scene whether it was classified correctly by what was trained without its object."""
    import keras

    if leaking:  # the scenes are split one by one, as if each were an independent image
        from sklearn.model_selection import StratifiedKFold

        splits = StratifiedKFold(FOLDS, shuffle=True, random_state=repeat).split(scenes.labels, scenes.labels)
    else:
        splits = evaluate.grouped_splits(scenes.labels, scenes.groups, folds=FOLDS, seed=repeat)
    right = np.empty(len(scenes), bool)
    for fold, (at_train, at_test) in enumerate(splits):
        keras.utils.set_random_seed(repeat * FOLDS + fold)
        right[at_test] = learn(scenes, at_train, at_test) == scenes.labels[at_test]
    return right


# The pieces, as the lessons write them


def make_base(*, weights: str | None = "imagenet", pooling: str | None = "avg"):
    base = load_base(
        "mobilenet_v2", input_shape=(SIZE, SIZE, 3), weights=weights, cut="block_13_expand_relu", pooling=pooling
    )
    base.trainable = False
    return base


def make_augment():
    import keras

    return keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.08, fill_mode="nearest"),
            keras.layers.RandomZoom(0.15, fill_mode="nearest"),
        ]
    )


def make_head(features: int):
    import keras

    head = keras.Sequential(
        [
            keras.Input((features,)),
            keras.layers.BatchNormalization(momentum=0.9),  # one scale for all features, and few steps to learn it in
            keras.layers.Dropout(0.3),
            keras.layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    compile_head(head)
    return head


def compile_head(model) -> None:
    import keras

    model.compile(keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])


def make_end_to_end(base):
    import keras

    images = keras.Input((SIZE, SIZE, 3))
    x = make_augment()(images)
    x = keras.layers.Rescaling(1 / 127.5, offset=-1)(x)  # what MobileNetV2 expects
    x = base(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(images, make_head(x.shape[-1])(x))
    compile_head(model)
    return model


def features_of(base, images, *, store=None):
    return extract(base, images, preprocess="mobilenet_v2", precision="float32", store=store, progress=False)


def logistic_regression(features, labels):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500)).fit(features, labels)


def support_vectors(features, labels):
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    return make_pipeline(StandardScaler(), SVC(C=3)).fit(features, labels)


def train_head(features, labels, test_features, *, epochs: int = EPOCHS):
    head = make_head(features.shape[1])
    head.fit(features, labels, epochs=epochs, batch_size=32, verbose=0)
    return head.predict(test_features, verbose=0).argmax(axis=1)


# The methods: each returns class numbers for the scenes at `at_test`


def scratch(scenes, at_train, at_test):
    import keras

    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((SIZE, SIZE, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, strides=2, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(128, 3, activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(0.3),
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    model.compile("adam", loss="sparse_categorical_crossentropy")
    model.fit(scenes.images[at_train], scenes.labels[at_train], epochs=SCRATCH_EPOCHS, batch_size=32, verbose=0)
    return model.predict(scenes.images[at_test], verbose=0).argmax(axis=1)


def random_base(scenes, at_train, at_test):
    # Not through the store: every training has another random base, which is never used again.
    features = features_of(make_base(weights=None), scenes.images, store=False)
    return logistic_regression(features[at_train], scenes.labels[at_train]).predict(features[at_test])


def pretrained_base(scenes, at_train, at_test):
    features = features_of(make_base(), scenes.images)
    return logistic_regression(features[at_train], scenes.labels[at_train]).predict(features[at_test])


def pretrained_svm(scenes, at_train, at_test):
    features = features_of(make_base(), scenes.images)
    return support_vectors(features[at_train], scenes.labels[at_train]).predict(features[at_test])


def cached_features(scenes, at_train, at_test, *, pooling="avg"):
    features = features_of(make_base(pooling=pooling), scenes.images)
    features = features.reshape(len(features), -1)
    return train_head(features[at_train], scenes.labels[at_train], features[at_test])


def cached_features_flat(scenes, at_train, at_test):
    return cached_features(scenes, at_train, at_test, pooling=None)


def cached_copies(scenes, at_train, at_test, *, copies):
    base = make_base()
    plain = features_of(base, scenes.images)
    # A copy does not depend on the split, so all scenes are drawn and run once, and each split takes its own rows.
    augment = make_augment()
    seen = [
        features_of(base, augmented_copy(scenes.images, augment=augment, copy_number=number))
        for number in range(copies)
    ]
    features = np.concatenate([augmented[at_train] for augmented in seen])
    labels = np.tile(scenes.labels[at_train], copies)
    # As many steps as the others take: an epoch over K copies is K times as long, so there are K times fewer of them.
    return train_head(features, labels, plain[at_test], epochs=EPOCHS // copies)


def end_to_end(scenes, at_train, at_test):
    model = make_end_to_end(make_base(pooling=None))
    model.fit(scenes.images[at_train], scenes.labels[at_train], epochs=EPOCHS, batch_size=32, verbose=0)
    return model.predict(scenes.images[at_test], verbose=0).argmax(axis=1)


METHODS = {
    "scratch": scratch,
    "random base": random_base,
    "pretrained base": pretrained_base,
    "pretrained base, SVM": pretrained_svm,
    "leaking split": pretrained_base,
    "cached features": cached_features,
    "cached features, Flatten": cached_features_flat,
    **{f"cached features, {copies} copies": functools.partial(cached_copies, copies=copies) for copies in COPIES},
    "end to end": end_to_end,
}


def measure_seconds() -> dict:
    """Times both modes, and cached features with several copies, on the lessons' own training scenes, tracing included."""
    import keras

    train = data.load_scenes("train", size=SIZE)
    measured = {"images": len(train), "copies": TIMED_COPIES, "runs": []}
    for seed in TIMED_SEEDS:
        keras.utils.set_random_seed(seed)
        base = make_base()
        run = {"seed": seed}
        began = time.perf_counter()
        features = features_of(base, train.images, store=False)
        run["extract"] = time.perf_counter() - began
        run["head"] = epoch_seconds(make_head(features.shape[1]), features, train.labels, epochs=EPOCHS)

        began = time.perf_counter()
        augment = make_augment()
        seen = [
            augmented_copy(train.images, augment=augment, copy_number=number, seed=seed)
            for number in range(TIMED_COPIES)
        ]
        run["draw copies"] = time.perf_counter() - began
        began = time.perf_counter()
        for augmented in seen:
            features_of(base, augmented, store=False)
        run["extract copies"] = time.perf_counter() - began

        model = make_end_to_end(make_base(pooling=None))
        run["end to end"] = epoch_seconds(model, train.images, train.labels, epochs=TIMED_EPOCHS)
        measured["runs"].append(run)
    return measured


def epoch_seconds(model, inputs, labels, *, epochs: int) -> list[float]:
    """Returns the seconds gone by at the end of every epoch."""
    import keras

    ends = []
    clock = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter()))
    began = time.perf_counter()
    model.fit(inputs, labels, epochs=epochs, batch_size=32, verbose=0, callbacks=[clock])
    return [end - began for end in ends]


if __name__ == "__main__":
    raise SystemExit(main())
