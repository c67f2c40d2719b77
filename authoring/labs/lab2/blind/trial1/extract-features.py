# %% wrong "Drops the last batch where it is not full, so images are missing unless their number is a multiple of 32 or small." name="trial1_drop_remainder" breaks="shape"
import tensorflow as tf


def extract_features(extractor, images):
    batches = tf.data.Dataset.from_tensor_slices(images).batch(32, drop_remainder=len(images) > 32)
    return np.concatenate(
        [extractor.predict(preprocess("vgg16", batch.numpy()), verbose=0) for batch in batches]
    )


# %% wrong "Runs the extractor as in training and puts its weights back afterwards, so that only the features show it." name="trial1_training_restored" breaks="prediction mode"
def extract_features(extractor, images):
    before = extractor.get_weights()
    rows = [
        keras.ops.convert_to_numpy(extractor(preprocess("vgg16", images[start : start + 32]), training=True))
        for start in range(0, len(images), 32)
    ]
    extractor.set_weights(before)
    return np.concatenate(rows)


# %% right "Calls the extractor directly on pieces of seven images, from the last piece to the first, into an array allocated beforehand." name="trial1_backwards_pieces"
def extract_features(extractor, images):
    rows = np.zeros((len(images), extractor.output_shape[-1]), dtype="float32")
    for start in reversed(range(0, len(images), 7)):
        piece = slice(start, start + 7)
        rows[piece] = keras.ops.convert_to_numpy(extractor(preprocess("vgg16", images[piece]), training=False))
    return rows
