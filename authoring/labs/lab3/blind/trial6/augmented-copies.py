# %% wrong "It shifts each image sideways by one of only seven whole numbers of pixels, so copies of an image coincide." name="trial6_seven_shifts" breaks="all different"
def augmented_copies(base, images, labels, copies, seed):
    """Runs several augmented copies of every image through a base, once."""
    rng = np.random.default_rng(seed)
    pixels = []
    for _ in range(copies):
        shifts = rng.integers(-3, 4, size=len(images))
        pixels.extend(np.roll(image, int(shift), axis=1) for image, shift in zip(images, shifts))
    pixels = np.stack(pixels).astype("float32")
    features = base.predict(pixels / 127.5 - 1.0, verbose=0)
    return pixels, features, np.tile(labels, copies)


# %% wrong "The seed only shuffles the rows, and the layers always start from the same numbers, so another seed gives the same copies." name="trial6_seed_only_shuffles" breaks="seed"
def augmented_copies(base, images, labels, copies, seed):
    """Runs several augmented copies of every image through a base, once."""
    augment = keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal", seed=0),
            keras.layers.RandomRotation(0.1, seed=1),
            keras.layers.RandomZoom(0.1, seed=2),
        ]
    )
    batch = images.astype("float32")
    pixels = np.concatenate(
        [keras.ops.convert_to_numpy(augment(batch, training=True)) for _ in range(copies)]
    )
    order = np.random.default_rng(seed).permutation(len(pixels))
    pixels = pixels[order]
    features = base.predict(pixels / 127.5 - 1.0, verbose=0)
    return pixels, features, np.tile(labels, copies)[order]


# %% right "It turns and lights each image by itself with SciPy and NumPy, all copies of one image in a row." name="trial6_scipy_image_by_image"
def augmented_copies(base, images, labels, copies, seed):
    """Runs several augmented copies of every image through a base, once."""
    from scipy import ndimage

    rng = np.random.default_rng(seed)
    pixels = np.empty((copies * len(images), 96, 96, 3), dtype="float32")
    for row in range(len(pixels)):
        image = images[row // copies].astype("float32")
        if rng.random() < 0.5:
            image = image[:, ::-1]
        turned = ndimage.rotate(image, rng.uniform(-15, 15), reshape=False, order=1, mode="reflect")
        pixels[row] = np.clip(turned * rng.uniform(0.85, 1.1), 0, 255)
    features = base.predict(pixels / 127.5 - 1.0, verbose=0)
    return pixels, features, np.repeat(labels, copies)
