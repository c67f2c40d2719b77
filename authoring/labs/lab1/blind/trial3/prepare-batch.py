# %% wrong "Handles the colour photographs first and appends the grey and the transparent ones, so that the rows no longer follow the list." name="trial3_kind_by_kind" breaks="order"
def prepare_batch(photos, name):
    def squeeze(photo):
        return np.asarray(Image.fromarray(photo).resize((224, 224)))

    colour = [squeeze(photo) for photo in photos if photo.ndim == 3 and photo.shape[2] == 3]
    grey = [squeeze(np.stack([photo] * 3, axis=-1)) for photo in photos if photo.ndim == 2]
    transparent = [squeeze(photo[..., :3]) for photo in photos if photo.ndim == 3 and photo.shape[2] == 4]
    return preprocess(name, np.stack(colour + grey + transparent))


# %% wrong "Lays a transparent photograph on white paper instead of dropping its fourth channel." name="trial3_white_paper" breaks="grey and transparent"
def prepare_batch(photos, name):
    squares = []
    for photo in photos:
        image = Image.fromarray(photo)
        if image.mode == "RGBA":
            paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
            image = Image.alpha_composite(paper, image)
        squares.append(np.asarray(image.convert("RGB").resize((224, 224), Image.Resampling.BILINEAR)))
    return preprocess(name, np.stack(squares))


# %% wrong "Squeezes ordinary photographs as a whole, but cuts the ends off those that are more than twice as long as wide." name="trial3_panorama_cropped" breaks="whole photo"
def prepare_batch(photos, name):
    squares = []
    for photo in photos:
        if photo.ndim == 2:
            photo = np.stack([photo] * 3, axis=-1)
        photo = photo[..., :3]
        height, width = photo.shape[:2]
        if width > 2 * height:
            start = (width - 2 * height) // 2
            photo = photo[:, start : start + 2 * height]
        elif height > 2 * width:
            start = (height - 2 * width) // 2
            photo = photo[start : start + 2 * width]
        squares.append(np.asarray(Image.fromarray(np.ascontiguousarray(photo)).resize((224, 224))))
    return preprocess(name, np.stack(squares))


# %% right "Streams the photographs through tf.data, resizes with TensorFlow in floating point, and returns a tensor." name="trial3_tf_data_tensor"
import tensorflow as tf


def prepare_batch(photos, name):
    def pixels():
        for photo in photos:
            photo = np.asarray(photo)
            yield np.repeat(photo[..., np.newaxis], 3, axis=-1) if photo.ndim == 2 else photo[..., :3]

    def squeeze(photo):
        return tf.image.resize(tf.cast(photo, tf.float32), (224, 224), method="bilinear", antialias=True)

    stream = tf.data.Dataset.from_generator(pixels, output_signature=tf.TensorSpec((None, None, 3), tf.uint8))
    rows = list(stream.map(squeeze, num_parallel_calls=2, deterministic=True).as_numpy_iterator())
    return tf.convert_to_tensor(np.asarray(preprocess(name, np.stack(rows))), dtype=tf.float32)
