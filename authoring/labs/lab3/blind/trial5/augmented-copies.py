# %% wrong "Draws the images to copy at random with replacement, so some come more often than copies and some less." name="trial5_draws_with_replacement" breaks="every image"
def augmented_copies(base, images, labels, copies, seed):
    """Runs several augmented copies of every image through a base, once."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(len(images), size=copies * len(images))
    augment = keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal", seed=seed),
            keras.layers.RandomRotation(0.05, seed=seed + 1),
            keras.layers.RandomZoom(0.1, seed=seed + 2),
        ]
    )
    pixels = np.asarray(augment(images[drawn].astype("float32"), training=True))
    features = base.predict(pixels / 127.5 - 1, verbose=0)
    return pixels, features, np.asarray(labels)[drawn]


# %% wrong "Gives the seed to the first random layer only, so rotation and zoom differ from call to call." name="trial5_seed_for_first_layer_only" breaks="seed"
def augmented_copies(base, images, labels, copies, seed):
    """Runs several augmented copies of every image through a base, once."""
    augment = keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal", seed=seed),
            keras.layers.RandomRotation(0.05),
            keras.layers.RandomZoom(0.1),
        ]
    )
    batch = images.astype("float32")
    pixels = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(copies)])
    features = base.predict(pixels / 127.5 - 1, verbose=0)
    return pixels, features, np.tile(labels, copies)


# %% right "Turns and lights each image with scikit-image and NumPy, image by image, and returns whole numbers." name="trial5_scikit_image_whole_numbers"
def augmented_copies(base, images, labels, copies, seed):
    """Runs several augmented copies of every image through a base, once."""
    from skimage.transform import rotate

    rng = np.random.default_rng(seed)

    def version(image):
        if rng.random() < 0.5:
            image = image[:, ::-1]
        angle, light = rng.uniform(-15, 15), rng.uniform(0.85, 1.15)
        turned = rotate(image.astype("float64"), angle, order=1, mode="edge", preserve_range=True)
        return np.clip(np.rint(turned * light), 0, 255).astype("uint8")

    pixels = np.stack([version(image) for image in images for _ in range(copies)])
    features = base.predict(pixels.astype("float32") / 127.5 - 1, verbose=0)
    return pixels, features, np.repeat(labels, copies)
