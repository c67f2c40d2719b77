# %% wrong "preprocess_input of Keras works in place on a float array, so the images that are returned are no longer pixels but -1 to 1." name="trial1_preprocessed_in_place" breaks="every image"
from keras.applications.mobilenet_v2 import preprocess_input


def augmented_copies(base, images, labels, copies, seed):
    """Runs several augmented copies of every image through a base, once."""
    augment = keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal", seed=seed),
            keras.layers.RandomRotation(0.06, fill_mode="nearest", seed=seed + 1),
            keras.layers.RandomZoom(0.1, fill_mode="nearest", seed=seed + 2),
        ]
    )
    pixels = images.astype("float32")
    rows = np.concatenate([keras.ops.convert_to_numpy(augment(pixels, training=True)) for _ in range(copies)])
    features = base.predict(preprocess_input(rows), verbose=0)
    return rows, features, np.tile(labels, copies)


# %% wrong "Only the last digit of the seed is used, so the seeds 3 and 13 give the same copies." name="trial1_last_digit_of_seed" breaks="seed"
def augmented_copies(base, images, labels, copies, seed):
    """Runs several augmented copies of every image through a base, once."""
    start = int(seed) % 10
    augment = keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal", seed=start),
            keras.layers.RandomRotation(0.06, fill_mode="nearest", seed=start + 100),
            keras.layers.RandomZoom(0.1, fill_mode="nearest", seed=start + 200),
        ]
    )
    pixels = images.astype("float32")
    rows = np.concatenate([keras.ops.convert_to_numpy(augment(pixels, training=True)) for _ in range(copies)])
    features = base.predict(rows / 127.5 - 1, verbose=0)
    return rows, features, np.tile(labels, copies)


# %% right "No random layers: SciPy turns and enlarges each image and darkens it a little, rows come in a shuffled order, and the base is called batch by batch." name="trial1_scipy_in_shuffled_order"
from scipy import ndimage


def augmented_copies(base, images, labels, copies, seed):
    """Runs several augmented copies of every image through a base, once."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(np.repeat(np.arange(len(images)), copies))
    centre = (np.array(images.shape[1:3]) - 1) / 2
    rows = np.empty((len(order), *images.shape[1:]), dtype="float32")
    for row, which in enumerate(order):
        angle, step, light = rng.uniform(-0.2, 0.2), rng.uniform(0.88, 1.0), rng.uniform(0.85, 1.0)
        turn = step * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        matrix = np.eye(3)
        matrix[:2, :2] = turn
        offset = np.append(centre - turn @ centre, 0.0)
        picture = images[which].astype("float32")
        rows[row] = light * ndimage.affine_transform(picture, matrix, offset=offset, order=1, mode="nearest")
    features = [
        keras.ops.convert_to_numpy(base(rows[begin : begin + 64] / 127.5 - 1, training=False))
        for begin in range(0, len(rows), 64)
    ]
    return rows, np.concatenate(features), np.asarray(labels)[order]
