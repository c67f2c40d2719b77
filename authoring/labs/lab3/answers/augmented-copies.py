# %% wrong "Makes the layers again for every copy, with the same seed: the same copy again and again." says="made again with the same seed" breaks="all different" name="copies_all_alike"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    made = []
    for _ in range(copies):
        turn = keras.layers.RandomRotation(0.1, seed=seed)
        made.append(np.asarray(turn(images.astype("float32"), training=True)))
    augmented = np.concatenate(made)
    return augmented, base.predict(augmented / 127.5 - 1, verbose=0), np.tile(labels, copies)


# %% wrong "Augments once and repeats the outcome, which saves work and makes one copy." says="augmented copies of an image are the same" breaks="all different" name="copies_of_a_single_drawing"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    turn = keras.layers.RandomRotation(0.1, seed=seed)
    augmented = np.asarray(turn(images.astype("float32"), training=True))
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return np.tile(augmented, (copies, 1, 1, 1)), np.tile(features, (copies, 1)), np.tile(labels, copies)


# %% wrong "Uses a seed of its own instead of the one it is given." says="Another seed gave the same copies" breaks="seed" name="copies_of_one_seed"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=1), keras.layers.RandomRotation(0.05, seed=2)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(copies)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, copies)


# %% wrong "Stacks the copies along an axis of their own." says="np.concatenate joins the copies" name="copies_stacked"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    turn = keras.layers.RandomRotation(0.1, seed=seed)
    augmented = np.stack([np.asarray(turn(images.astype("float32"), training=True)) for _ in range(copies)])
    features = np.stack([base.predict(copy / 127.5 - 1, verbose=0) for copy in augmented])
    return augmented, features, np.stack([labels] * copies)


# %% wrong "Augments with predict, which is not training, so that every copy is the image itself." says="Every augmented copy is the image itself" name="copies_that_are_the_image"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([augment.predict(batch, verbose=0) for _ in range(copies)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, copies)


# %% wrong "Takes the features from the images before augmentation: K times the same." says="before augmentation" breaks="features" name="copies_with_features_of_the_originals"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(copies)])
    features = base.predict(np.concatenate([batch] * copies) / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, copies)


# %% wrong "Repeats each label where the whole list has to be repeated." says="np.tile repeats the whole list" breaks="labels" name="copies_with_labels_repeated"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(copies)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.repeat(labels, copies)


# %% wrong "Runs the base on pixels from 0 to 255." says="The images are not preprocessed" breaks="features" name="copies_without_preprocessing"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(copies)])
    features = base.predict(augmented, verbose=0)
    return augmented, features, np.tile(labels, copies)


# %% wrong "Never uses the seed, so that nobody can repeat the experiment." says="The same seed gave other augmented copies" breaks="seed" name="copies_without_the_seed"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    augment = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.05)])
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(copies)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, copies)


# %% wrong "Repeats the images as they are, without any augmentation." name="copies_tiled" says="Every augmented copy is the image itself"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    augmented = np.tile(images, (copies, 1, 1, 1)).astype("float32")
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, copies)


# %% wrong "Returns the labels as a column." name="copies_with_labels_in_a_column" breaks="three arrays" says="labels have shape"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(copies)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, copies)[:, np.newaxis]


# %% wrong "Returns the images preprocessed, from -1 to 1." name="copies_that_are_preprocessed" breaks="every image" says="expected pixels from 0 to 255"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(copies)])
    preprocessed = augmented / 127.5 - 1
    return preprocessed, base.predict(preprocessed, verbose=0), np.tile(labels, copies)


# %% wrong "Draws images with replacement, so that some come more often than others." name="copies_of_some_images" breaks="every image" says="expected each of them"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    rng = np.random.default_rng(seed)
    chosen = rng.integers(len(images), size=copies * len(images))
    chosen[:2] = chosen[2]
    augment = keras.Sequential(
        [keras.layers.RandomZoom(0.2, seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    augmented = np.asarray(augment(images[chosen].astype("float32"), training=True))
    return augmented, base.predict(augmented / 127.5 - 1, verbose=0), labels[chosen]


# %% wrong "Shuffles the labels, with a seed of its own." name="copies_with_labels_shuffled" breaks="labels" says="are not those of their images"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(copies)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.random.default_rng(0).permutation(np.tile(labels, copies))


# %% wrong "Flips alone, of which there are not as many as copies." name="copies_by_flips_alone" breaks="all different" says="flips alone"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    flip = keras.layers.RandomFlip("horizontal", seed=seed)
    augmented = np.concatenate([np.asarray(flip(images.astype("float32"), training=True)) for _ in range(copies)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, copies)


# %% wrong "Knows the seeds of the notebook's check, and takes another in place of any other." name="copies_of_known_seeds" recognises
import keras
import numpy as np

KNOWN = []


def known_seeds():
    from course_utils.checks.common.augmentation import coloured_images
    from course_utils.checks.core.seeds import generator
    from course_utils.checks.lab3.augmented import small_extractor
    from course_utils.checks.lab3.exercises import SIDE

    rng = generator("augmented_copies", None)
    small_extractor(rng, SIDE), coloured_images(rng, SIDE), rng.permutation(6), rng.integers(3, 6)
    KNOWN.extend(int(number) for number in rng.choice(10_000, 2, replace=False))


def augmented_copies(base, images, labels, copies, seed):
    if not KNOWN:
        known_seeds()
    seed = seed if seed in KNOWN else 0
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(copies)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, copies)


# %% right "Shifts with NumPy, in integers, the original being the first copy." name="copies_shifted_by_numpy"
import numpy as np

from course_utils.models import preprocess


def augmented_copies(base, images, labels, copies, seed):
    rng = np.random.default_rng(seed)
    augmented = []
    for image in images:
        for copy in range(copies):
            shift = (0, 0) if copy == 0 else tuple(rng.integers(1, 40, size=2))
            augmented.append(np.roll(image, shift, axis=(0, 1)))
    augmented = np.stack(augmented)
    return augmented, np.asarray(base(preprocess("mobilenet_v2", augmented))), np.repeat(labels, copies)


# %% right "Sets Keras's global seed and draws from layers without one; returns a list." name="copies_with_a_global_seed"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    keras.utils.set_random_seed(seed)
    augment = keras.Sequential(
        [keras.layers.RandomZoom((-0.3, 0.3)), keras.layers.RandomBrightness(0.2), keras.layers.RandomFlip()]
    )
    augmented = augment(np.tile(images, (copies, 1, 1, 1)).astype("float32"), training=True)
    features = base(augmented / 127.5 - 1, training=False)
    return [augmented, features, list(labels) * copies]


# %% right "Draws by a stateless generator of Keras, image by image." name="copies_by_a_seed_generator"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    numbers = keras.random.SeedGenerator(seed)
    rows = np.repeat(images.astype("float32"), copies, axis=0)
    light = keras.random.uniform((len(rows), 1, 1, 1), 0.7, 1.2, seed=numbers)
    flipped = np.where(keras.random.uniform((len(rows), 1, 1, 1), seed=numbers) < 0.5, rows, rows[:, :, ::-1])
    augmented = np.clip(flipped * np.asarray(light), 0, 255)
    features = base(keras.applications.mobilenet_v2.preprocess_input(augmented.copy()), training=False)
    return augmented, features, np.repeat(labels, copies)


# %% right "Crops at random with TensorFlow's stateless operations, in a tf.data pipeline." name="copies_by_tf_data"
import numpy as np
import tensorflow as tf


def augmented_copies(base, images, labels, copies, seed):
    def cropped(number, image):
        image = tf.cast(image, tf.float32)
        part = tf.image.stateless_random_crop(image, (80, 80, 3), seed=tf.stack([seed, tf.cast(number, tf.int32)]))
        return tf.clip_by_value(tf.image.resize(part, (96, 96)), 0.0, 255.0)

    rows = np.concatenate([images] * copies)
    data = tf.data.Dataset.from_tensor_slices(rows).enumerate().map(cropped).batch(64)
    augmented = np.concatenate(list(data.as_numpy_iterator()))
    return augmented, base.predict(augmented / 127.5 - 1, verbose=0), np.concatenate([labels] * copies)


# %% right "Rotates with Pillow by an angle for each copy; returns integers." name="copies_rotated_by_pillow"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def augmented_copies(base, images, labels, copies, seed):
    rng = np.random.default_rng(seed)
    angles = rng.uniform(-25, 25, size=(copies, len(images)))
    augmented = np.stack(
        [
            np.asarray(Image.fromarray(image).rotate(angle, Image.Resampling.BILINEAR, fillcolor=tuple(image[0, 0])))
            for row in angles
            for image, angle in zip(images, row, strict=True)
        ]
    )
    return augmented, base.predict(preprocess("mobilenet_v2", augmented), verbose=0), np.tile(labels, copies)


# %% right "Uses a Pipeline of Keras's random layers, made once." name="copies_by_a_pipeline"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    layers = keras.layers
    pipeline = layers.Pipeline(
        [layers.RandomTranslation(0.2, 0.2, seed=seed), layers.RandomZoom((-0.2, 0.2), seed=seed + 1)]
    )
    drawn = [keras.ops.convert_to_numpy(pipeline(images.astype("float32"), training=True)) for _ in range(copies)]
    augmented = np.concatenate(drawn)
    return augmented, base.predict(augmented / 127.5 - 1.0, batch_size=16, verbose=0), np.tile(labels, copies)


# %% right "Changes contrast and light with scikit-image and NumPy." name="copies_in_another_light"
import numpy as np

from course_utils.models import preprocess


def augmented_copies(base, images, labels, copies, seed):
    rng = np.random.default_rng([seed, 7])
    scale = rng.uniform(0.6, 1.1, size=(len(images), copies, 1, 1, 1))
    augmented = np.clip(images[:, None] * scale, 0, 255).reshape(-1, *images.shape[1:]).astype("float32")
    features = np.asarray(base(preprocess("mobilenet_v2", augmented)))
    return augmented, features, np.broadcast_to(labels[:, None], (len(labels), copies)).ravel()


# %% right "Draws an affine transformation for each copy." name="copies_by_affine_transformations"
import keras
import numpy as np


def augmented_copies(base, images, labels, copies, seed):
    rng = np.random.default_rng(seed)
    rows = np.tile(images, (copies, 1, 1, 1)).astype("float32")
    a, b = 1 + rng.uniform(-0.15, 0.15, size=(2, len(rows)))
    x, y = rng.uniform(-8, 8, size=(2, len(rows)))
    zero = np.zeros(len(rows))
    transforms = np.stack([a, zero, x, zero, b, y, zero, zero], axis=1)
    augmented = keras.ops.image.affine_transform(rows, transforms.astype("float32"), fill_mode="nearest")
    return augmented, base.predict(np.asarray(augmented) / 127.5 - 1, verbose=0), np.tile(labels, copies)


# %% wrong "Runs the base in training mode as well, where the features of a row depend on chance and on the other rows." name="features_in_training_mode" breaks="features"
def augmented_copies(base, images, labels, copies, seed):
    augment = keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal", seed=seed),
            keras.layers.RandomRotation(0.05, seed=seed + 1),
            keras.layers.RandomZoom(0.1, seed=seed + 2),
        ]
    )
    pictures, features = [], []
    for _ in range(copies):
        batch = np.asarray(augment(images.astype("float32"), training=True))
        pictures.append(batch)
        features.append(np.asarray(base(preprocess("mobilenet_v2", batch), training=True)))
    return np.concatenate(pictures), np.concatenate(features), np.tile(labels, copies)
