# %% wrong "The random layers have a fixed seed, and the argument only shuffles the rows: every seed gives the same copies in another order." name="trial2_copies_seed_shuffles_only" breaks="seed"
def augmented_copies(base, images, labels, copies, seed):
    augment = keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal", seed=1),
            keras.layers.RandomRotation(0.06, seed=2),
            keras.layers.RandomTranslation(0.1, 0.1, seed=3),
            keras.layers.RandomZoom(0.1, seed=4),
        ]
    )
    batch = np.asarray(images, dtype="float32")
    pixels = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(copies)])
    order = np.random.default_rng(seed).permutation(len(pixels))
    pixels = np.clip(pixels[order], 0, 255)
    features = base.predict(pixels / 127.5 - 1, verbose=0)
    return pixels, features, np.tile(labels, copies)[order]

# %% right "SciPy turns and NumPy darkens, no Keras layer; the rows of one image stand together, and angles and light come from separate strips so that no two copies can be alike." name="trial2_copies_scipy"
from scipy import ndimage


def augmented_copies(base, images, labels, copies, seed):
    rng = np.random.default_rng(seed)
    strips = (np.arange(copies) + rng.uniform(0.1, 0.9, size=copies)) / copies
    angles = -20 + 40 * strips
    lights = 0.7 + 0.3 * rng.permutation((np.arange(copies) + rng.uniform(0.1, 0.9, size=copies)) / copies)
    source = np.asarray(images, dtype="float32")
    pixels = np.empty((len(source), copies) + source.shape[1:], dtype="float32")
    for number, (angle, light) in enumerate(zip(angles, lights)):
        turned = ndimage.rotate(source, angle, axes=(1, 2), reshape=False, order=1, mode="nearest")
        pixels[:, number] = np.clip(turned * light, 0, 255)
    pixels = pixels.reshape((-1,) + source.shape[1:])
    features = base.predict(pixels / np.float32(127.5) - np.float32(1), batch_size=64, verbose=0)
    return pixels, features, np.repeat(np.asarray(labels), copies)
