# %% wrong "Shuffles images and labels together at the end, and forgets the features." name="trial4_features_not_shuffled" breaks="features"
def augmented_copies(base, images, labels, copies, seed):
    """Runs several augmented copies of every image through a base, once."""
    augment = keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal", seed=seed),
            keras.layers.RandomRotation(0.06, fill_mode="nearest", seed=seed + 1),
            keras.layers.RandomZoom(0.15, fill_mode="nearest", seed=seed + 2),
        ]
    )
    pixels = images.astype("float32")
    pictures = np.concatenate([np.asarray(augment(pixels, training=True)) for _ in range(copies)])
    features = base.predict(preprocess("mobilenet_v2", pictures), verbose=0)
    classes = np.tile(labels, copies)
    order = np.random.default_rng(seed).permutation(len(pictures))
    return pictures[order], features, classes[order]


# %% wrong "Knows two seeds: even ones all give one set of copies, odd ones all another." name="trial4_even_and_odd_seeds" breaks="seed"
def augmented_copies(base, images, labels, copies, seed):
    """Runs several augmented copies of every image through a base, once."""
    start = 100 + int(seed) % 2
    augment = keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal", seed=start),
            keras.layers.RandomRotation(0.06, fill_mode="nearest", seed=start + 10),
            keras.layers.RandomTranslation(0.06, 0.06, fill_mode="nearest", seed=start + 20),
        ]
    )
    pixels = images.astype("float32")
    pictures = np.concatenate([np.asarray(augment(pixels, training=True)) for _ in range(copies)])
    features = base.predict(preprocess("mobilenet_v2", pictures), verbose=0)
    return pictures, features, np.tile(labels, copies)


# %% right "No random layers: a generator of SciPy's affine transforms, image by image, so the copies of one image are neighbours." name="trial4_scipy_affine_generator"
from scipy import ndimage


def augmented_copies(base, images, labels, copies, seed):
    """Runs several augmented copies of every image through a base, once."""
    rng = np.random.default_rng(seed)

    def versions():
        for image in images:
            pixels = image.astype("float32")
            middle = (np.array(pixels.shape[:2]) - 1) / 2
            for _ in range(copies):
                angle, zoom = rng.uniform(-0.3, 0.3), rng.uniform(0.85, 1.1)
                turn = zoom * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
                offset = middle - turn @ middle + rng.uniform(-6, 6, size=2)
                channels = [
                    ndimage.affine_transform(pixels[..., channel], turn, offset, order=1, mode="nearest")
                    for channel in range(pixels.shape[-1])
                ]
                yield np.stack(channels, axis=-1)

    pictures = np.stack(list(versions())).astype("float32")
    features = base.predict(pictures / 127.5 - 1, batch_size=32, verbose=0)
    return pictures, features, np.repeat(labels, copies)
