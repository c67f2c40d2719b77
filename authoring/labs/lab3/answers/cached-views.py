# %% wrong "Makes the layers anew for every view, with the same seed: the same view again and again." name="views_all_alike" breaks="every image in views that differ" says="made again with the same seed" marks=11.25
import keras
import numpy as np


def cached_views(base, images, labels, views, seed):
    made = []
    for _ in range(views):
        turn = keras.layers.RandomRotation(0.1, seed=seed)
        made.append(np.asarray(turn(images.astype("float32"), training=True)))
    augmented = np.concatenate(made)
    return augmented, base.predict(augmented / 127.5 - 1, verbose=0), np.tile(labels, views)


# %% wrong "Augments once and repeats the outcome, which saves work and makes one view." name="views_of_a_single_drawing" breaks="every image in views that differ" says="augmented copies of an image are the same" marks=11.25
import keras
import numpy as np


def cached_views(base, images, labels, views, seed):
    turn = keras.layers.RandomRotation(0.1, seed=seed)
    augmented = np.asarray(turn(images.astype("float32"), training=True))
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return np.tile(augmented, (views, 1, 1, 1)), np.tile(features, (views, 1)), np.tile(labels, views)


# %% wrong "Uses a seed of its own instead of the one it is given." name="views_of_one_seed" breaks="the seed decides" says="Another seed gave the same copies" marks=12.0
import keras
import numpy as np


def cached_views(base, images, labels, views, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=1), keras.layers.RandomRotation(0.05, seed=2)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(views)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, views)


# %% wrong "Stacks the views along an axis of their own." name="views_stacked" breaks="three arrays" says="np.concatenate joins the copies" marks=0.0
import keras
import numpy as np


def cached_views(base, images, labels, views, seed):
    turn = keras.layers.RandomRotation(0.1, seed=seed)
    augmented = np.stack([np.asarray(turn(images.astype("float32"), training=True)) for _ in range(views)])
    features = np.stack([base.predict(view / 127.5 - 1, verbose=0) for view in augmented])
    return augmented, features, np.stack([labels] * views)


# %% wrong "Augments with predict, which is not training, so that every view is the image itself." name="views_that_are_no_views" breaks="every image in views that differ" says="Every augmented copy is the image itself"
import keras
import numpy as np


def cached_views(base, images, labels, views, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([augment.predict(batch, verbose=0) for _ in range(views)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, views)


# %% wrong "Takes the features from the images before augmentation: K times the same." name="views_with_features_of_the_originals" breaks="features of exactly these images" says="before augmentation" marks=12.0
import keras
import numpy as np


def cached_views(base, images, labels, views, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(views)])
    features = base.predict(np.concatenate([batch] * views) / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, views)


# %% wrong "Repeats each label where the whole list has to be repeated." name="views_with_labels_repeated" breaks="labels in the same order as the images" says="np.tile repeats the whole list" marks=12.0
import keras
import numpy as np


def cached_views(base, images, labels, views, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(views)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.repeat(labels, views)


# %% wrong "Runs the base on pixels from 0 to 255." name="views_without_preparation" breaks="features of exactly these images" says="The images are not preprocessed" marks=12.0
import keras
import numpy as np


def cached_views(base, images, labels, views, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(views)])
    features = base.predict(augmented, verbose=0)
    return augmented, features, np.tile(labels, views)


# %% wrong "Never uses the seed, so that nobody can repeat the experiment." name="views_without_the_seed" breaks="the seed decides" says="The same seed gave other augmented copies" marks=12.0
import keras
import numpy as np


def cached_views(base, images, labels, views, seed):
    augment = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.05)])
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(views)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, views)


# %% right "Turns and shifts with NumPy, in whole numbers, the original being the first view." name="views_turned_by_numpy"
import numpy as np

from course_utils.models import preprocess


def cached_views(base, images, labels, views, seed):
    rng = np.random.default_rng(seed)
    augmented = []
    for image in images:
        for view in range(views):
            shift = (0, 0) if view == 0 else tuple(rng.integers(1, 40, size=2))
            augmented.append(np.roll(image, shift, axis=(0, 1)))
    augmented = np.stack(augmented)
    return augmented, np.asarray(base(preprocess("mobilenet_v2", augmented))), np.repeat(labels, views)


# %% right "Sets Keras's global seed and draws from layers without one; returns a list." name="views_with_a_global_seed"
import keras
import numpy as np


def cached_views(base, images, labels, views, seed):
    keras.utils.set_random_seed(seed)
    augment = keras.Sequential(
        [keras.layers.RandomZoom((-0.3, 0.3)), keras.layers.RandomBrightness(0.2), keras.layers.RandomFlip()]
    )
    augmented = augment(np.tile(images, (views, 1, 1, 1)).astype("float32"), training=True)
    features = base(augmented / 127.5 - 1, training=False)
    return [augmented, features, list(labels) * views]
