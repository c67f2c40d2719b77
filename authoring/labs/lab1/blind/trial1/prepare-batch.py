# %% wrong "Swaps red and blue by hand for VGG16 and then lets preprocess swap them once more, so the channels are in the wrong order." name="trial1_bgr_twice" breaks="preprocessing"
def prepare_batch(photos, name):
    rows = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    batch = np.stack(rows)
    if name == "vgg16":
        batch = batch[..., ::-1]  # VGG16 wants blue, green, red
    return preprocess(name, batch)


# %% wrong "Squeezes ordinary photographs as a whole, but cuts the ends off those that are more than twice as long as they are wide." name="trial1_panorama_cut" breaks="whole photo"
def prepare_batch(photos, name):
    rows = []
    for photo in photos:
        height, width = photo.shape[:2]
        if width > 2 * height:
            start = (width - 2 * height) // 2
            photo = photo[:, start : start + 2 * height]
        elif height > 2 * width:
            start = (height - 2 * width) // 2
            photo = photo[start : start + 2 * width]
        image = Image.fromarray(np.ascontiguousarray(photo)).convert("RGB")
        rows.append(np.asarray(image.resize((224, 224))))
    return preprocess(name, np.stack(rows))


# %% right "Nearest neighbour by NumPy indexing into a batch that is allocated beforehand; returns a TensorFlow tensor." name="trial1_nearest_indexing"
import tensorflow as tf


def prepare_batch(photos, name):
    batch = np.empty((len(photos), 224, 224, 3), dtype=np.uint8)
    steps = 2 * np.arange(224) + 1
    for row, photo in zip(batch, photos):
        lines = steps * photo.shape[0] // 448
        columns = steps * photo.shape[1] // 448
        small = photo[lines[:, np.newaxis], columns]
        row[...] = small[..., np.newaxis] if small.ndim == 2 else small[..., :3]
    return tf.convert_to_tensor(preprocess(name, batch), dtype=tf.float32)
