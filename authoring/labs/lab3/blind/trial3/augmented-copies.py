# %% wrong "The random layers have a fixed seed, and the given one only shuffles the rows, so another seed gives the same copies in another order." name="trial3_copies_seed_orders" breaks="seed"
def augmented_copies(base, images, labels, copies, seed):
    augment = keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal", seed=1),
            keras.layers.RandomRotation(0.05, fill_mode="nearest", seed=2),
            keras.layers.RandomZoom(0.1, fill_mode="nearest", seed=3),
        ]
    )
    batch = np.asarray(images).astype("float32")
    pixels = np.concatenate([keras.ops.convert_to_numpy(augment(batch, training=True)) for _ in range(copies)])
    order = np.random.default_rng(seed).permutation(len(pixels))
    pixels = np.clip(pixels, 0, 255)[order]
    features = base.predict(pixels / 127.5 - 1, batch_size=32, verbose=0)
    return pixels, features, np.tile(labels, copies)[order]


# %% right "SciPy turns, scales, shifts and mirrors every row by random numbers of its own, and the rows come in random order." name="trial3_copies_scipy"
def augmented_copies(base, images, labels, copies, seed):
    from scipy import ndimage

    rng = np.random.default_rng(seed)
    rows = rng.permutation(np.repeat(np.arange(len(images)), copies))
    pixels = np.empty((len(rows), *np.shape(images)[1:]), "float32")
    for place, row in enumerate(rows):
        angle, zoom = rng.uniform(-0.15, 0.15), rng.uniform(0.9, 1.1)
        matrix = np.eye(3)
        matrix[:2, :2] = zoom * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        middle = np.array([*np.shape(images)[1:3], 1]) / 2 - 0.5
        middle[2] = 0
        offset = middle - matrix @ middle + np.array([*rng.uniform(-4, 4, 2), 0])
        image = np.asarray(images[row], "float32")
        if rng.random() < 0.5:
            image = image[:, ::-1]
        pixels[place] = ndimage.affine_transform(image, matrix, offset, order=1, mode="nearest")
    pixels = pixels.clip(0, 255)
    features = np.concatenate(
        [base.predict_on_batch(pixels[at : at + 32] / np.float32(127.5) - 1) for at in range(0, len(pixels), 32)]
    )
    return pixels, features, np.asarray(labels)[rows]
