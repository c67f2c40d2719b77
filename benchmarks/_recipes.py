"""The methods that benchmarks/recipes.py compares: the baseline recipes, and the course's own."""

from __future__ import annotations

import numpy as np
from _recipes_parts import (
    BASE,
    FINE_TUNING,
    FIRST,
    OURS,
    PUBLISHED,
    Bases,
    Stopwatch,
    Task,
    after_each_epoch,
    answers,
    as_dense,
    between,
    compiled,
    dense_head,
    freeze_but,
    logistic,
    make_augment,
    mean_right,
    peak_mb,
    pooled,
    result,
    rounded,
    shrunk,
)

# The baseline recipes


def end_to_end(task: Task, bases: Bases, seed: int, *, scale: float = 1.0) -> dict[str, dict]:
    """Recipe 1, a frozen base with augmentation, every epoch through the base; and recipe 3, which goes on from there.

    Recipe 3 keeps the head as it was after its own first stage and then trains the base's last blocks. Its first stage
    is recipe 1's first epochs, number for number, so it is not run twice; its seconds are counted for both.
    """
    import keras

    bases.reset(seed)
    epochs = rounded(PUBLISHED["epochs"], scale)
    stage_one, stage_two = rounded(FINE_TUNING["first_epochs"], scale), rounded(FINE_TUNING["epochs"], scale)
    asked = bases.at_cut(task.validation.images)
    validation = bases.top.predict(asked, batch_size=100, verbose=0)
    kept: dict = {}

    watch = Stopwatch()
    head = dense_head(bases.whole.output_shape[1:], task.classes)
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1)
    whole = keras.Sequential([keras.Input(task.train.images.shape[1:]), make_augment(), scaled, bases.whole, head])
    compiled(whole, keras.optimizers.RMSprop(PUBLISHED["rate"]))

    def follow(epoch: int) -> None:
        watch.note(lambda: (answers(head, validation) == task.validation.labels).mean())
        if epoch + 1 == stage_one:
            with watch.paused():
                kept.update(head=head.get_weights(), points=list(watch.points), seconds=watch.seconds)

    fit = {"batch_size": PUBLISHED["batch"], "verbose": 0, "callbacks": [after_each_epoch(follow)]}
    whole.fit(task.train.images, task.train.labels, epochs=epochs, **fit)
    peak = peak_mb()
    right = answers(keras.Sequential([bases.top, head]), bases.at_cut(task.test.images)) == task.test.labels
    found = {"frozen end to end": result(watch, right, peak)}

    head.set_weights(kept["head"])
    tuned = keras.Sequential([bases.top, head])
    watch = Stopwatch()
    watch._gone, watch.points = kept["seconds"], kept["points"]
    freeze_but(bases.whole, FIRST)
    compiled(whole, keras.optimizers.RMSprop(FINE_TUNING["rate"]))

    def follow_tuned(epoch: int) -> None:
        watch.note(lambda: (answers(tuned, asked) == task.validation.labels).mean())

    fit["callbacks"] = [after_each_epoch(follow_tuned)]
    whole.fit(task.train.images, task.train.labels, epochs=stage_two, **fit)
    peak = peak_mb()
    right = answers(tuned, bases.at_cut(task.test.images)) == task.test.labels
    found["fine-tuned end to end"] = result(watch, right, peak, epoch_s=between(watch.points[-stage_two:]))
    return found


def generator(task: Task, bases: Bases, seed: int, *, scale: float = 1.0) -> dict[str, dict]:
    """Recipe 2: a loop over small batches asks the base in float32 and saves what comes out; then a dense head."""
    import keras

    bases.reset(seed)
    validation = bases.top.predict(bases.at_cut(task.validation.images), batch_size=100, verbose=0)

    base = bases.untraced(bases.whole)
    watch = Stopwatch()
    images, step = task.train.images, PUBLISHED["batch"]
    features = np.zeros((len(images), *bases.whole.output_shape[1:]), np.float32)
    for start in range(0, len(images), step):
        batch = images[start : start + step].astype(np.float32) / 127.5 - 1
        features[start : start + step] = base.predict(batch, verbose=0)
    extracted = watch.seconds
    head = compiled(dense_head(features.shape[1:], task.classes), keras.optimizers.RMSprop(PUBLISHED["rate"]))
    follow = after_each_epoch(lambda epoch: watch.note(lambda: mean_right(head, validation, task.validation.labels)))
    epochs = rounded(PUBLISHED["epochs"], scale)
    head.fit(features, task.train.labels, batch_size=step, epochs=epochs, verbose=0, callbacks=[follow])
    peak = peak_mb()
    right = answers(keras.Sequential([bases.top, head]), bases.at_cut(task.test.images)) == task.test.labels
    return {"generator loop": result(watch, right, peak, extraction_s=extracted)}


def scratch(task: Task, bases: Bases, seed: int, *, scale: float = 1.0) -> dict[str, dict]:
    """Recipe 4: a small network that starts from nothing, with a mirrored half of the images."""
    import keras

    keras.utils.set_random_seed(seed)
    parts = [shrunk(part.images, task.small) for part in (task.train, task.validation, task.test)]
    watch = Stopwatch()
    layers = [keras.Input((task.small, task.small, 3)), keras.layers.RandomFlip("horizontal")]
    layers.append(keras.layers.Rescaling(1 / 255))
    for filters in (16, 32, 64, 64):
        layers += [keras.layers.Conv2D(filters, 3, padding="same", activation="relu"), keras.layers.MaxPooling2D()]
    layers += [keras.layers.Flatten(), keras.layers.Dropout(0.5)]
    model = keras.Sequential([*layers, keras.layers.Dense(task.classes, activation="softmax")])
    compiled(model, keras.optimizers.RMSprop(1e-3))
    follow = after_each_epoch(lambda epoch: watch.note(lambda: mean_right(model, parts[1], task.validation.labels)))
    fit = {"batch_size": PUBLISHED["batch"], "epochs": rounded(PUBLISHED["scratch_epochs"], scale), "verbose": 0}
    model.fit(parts[0], task.train.labels, **fit, callbacks=[follow])
    peak = peak_mb()
    return {"from scratch": result(watch, answers(model, parts[2]) == task.test.labels, peak)}


# The course's own


def cached_features(task: Task, bases: Bases, seed: int, *, scale: float = 1.0) -> dict[str, dict]:
    """Ours: features of the images at the best precision, a linear classifier on them; then of K copies, one by one."""
    import keras

    from course_utils.features import augmented_copy, extract

    bases.reset(seed)
    asked = pooled(bases, task.validation.images)
    base = keras.Model(bases.whole.input, keras.layers.GlobalAveragePooling2D()(bases.whole.output))
    augment = make_augment()
    watch = Stopwatch()
    seen: list[np.ndarray] = []
    extracted = None
    for number in range(OURS["copies"]):
        images = task.train.images
        if number:
            images = augmented_copy(images, augment=augment, copy_number=number, seed=seed)
        options = {"preprocess": BASE["name"], "precision": "auto", "store": False, "progress": False}
        seen.append(extract(base, images, **options))
        extracted = extracted or watch.seconds
        model = logistic().fit(np.concatenate(seen), np.tile(task.train.labels, len(seen)))
        watch.note(lambda model=model: model.score(asked, task.validation.labels))
    peak = peak_mb()
    right = model.predict(pooled(bases, task.test.images)) == task.test.labels
    return {"cached features": result(watch, right, peak, extraction_s=extracted)}


def cached_activations(task: Task, bases: Bases, seed: int, *, scale: float = 1.0) -> dict[str, dict]:
    """Ours: what the frozen layers make of K copies is cached, and the last blocks are fine-tuned on that.

    The head starts as a linear classifier on the first copy's features, so there is no first stage with Keras. Every
    epoch uses one copy, and a copy is drawn and extracted when it is needed first.
    """
    import keras

    from course_utils import finetune
    from course_utils.features import augmented_copy, extract

    bases.reset(seed)
    asked = bases.at_cut(task.validation.images)
    augment = make_augment()
    freeze_but(bases.whole, FIRST)
    bottom = bases.untraced(bases.bottom)
    watch = Stopwatch()
    cached: list[np.ndarray] = []
    caching = []

    def cache(number: int) -> np.ndarray:
        if number == len(cached):
            began = watch.seconds
            images = task.train.images
            if number:
                images = augmented_copy(images, augment=augment, copy_number=number, seed=seed)
            options = {"preprocess": BASE["name"], "precision": "auto", "store": False, "progress": False}
            cached.append(extract(bottom, images, **options))
            caching.append(watch.seconds - began)
        return cached[number]

    pooling = keras.Sequential([bases.top, keras.layers.GlobalAveragePooling2D()])
    fitted = logistic().fit(pooling.predict(cache(0), batch_size=100, verbose=0), task.train.labels)
    dense = keras.layers.Dense(task.classes, activation="softmax")
    model = keras.Sequential([*pooling.layers, dense])
    dense.set_weights(as_dense(fitted))
    watch.note(lambda: mean_right(model, asked, task.validation.labels))
    compiled(model, keras.optimizers.Adam(OURS["rate"]))
    epoch_s = []
    for epoch in range(rounded(OURS["epochs"], scale)):
        activations = cache(epoch % OURS["copies"])
        began = watch.seconds
        model.fit(activations, task.train.labels, batch_size=OURS["batch"], verbose=0)
        epoch_s.append(watch.seconds - began)
        watch.note(lambda: mean_right(model, asked, task.validation.labels))
    peak = peak_mb()
    right = answers(model, bases.at_cut(task.test.images)) == task.test.labels
    return {
        "cached activations": result(
            watch,
            right,
            peak,
            epoch_s=epoch_s[1:],
            caching_s=caching,
            allowed=finetune.work(bases.bottom, bases.top, epochs=1).allowed,
        )
    }


METHODS = {
    "cached features": (cached_features, ("cached features",)),
    "cached activations": (cached_activations, ("cached activations",)),
    "generator": (generator, ("generator loop",)),
    "scratch": (scratch, ("from scratch",)),
    "end to end": (end_to_end, ("frozen end to end", "fine-tuned end to end")),
}
"""What is run in one go, and the names of what comes out; the longest comes last."""
