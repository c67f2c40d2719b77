# %% wrong "Subtracts the means of ImageNet without turning RGB into BGR." name="trial2_means_without_bgr" breaks="preprocessing"
def extract_features(extractor, images):
    batch = np.asarray(images).astype("float32") - np.array([123.68, 116.779, 103.939], "float32")
    return extractor.predict(batch, verbose=0)


# %% wrong "Calls predict for show and returns what a call in training mode gives." name="trial2_predict_for_show" breaks="prediction mode"
def extract_features(extractor, images):
    batch = preprocess("vgg16", images)
    rows = extractor.predict(batch, verbose=0)
    for start in range(0, len(rows), 32):
        rows[start : start + 32] = np.asarray(extractor(batch[start : start + 32], training=True))
    return rows


# %% right "A tf.data pipeline in odd batches, preprocessing written out in TensorFlow, rows collected in one array." name="trial2_tf_data_by_hand"
import tensorflow as tf


def extract_features(extractor, images):
    images = np.asarray(images)
    means = tf.constant([103.939, 116.779, 123.68], tf.float32)

    def prepared(batch):
        return tf.reverse(tf.cast(batch, tf.float32), axis=[-1]) - means

    rows = np.zeros((len(images), extractor.output_shape[-1]), "float32")
    if len(images) == 0:
        return rows
    at = 0
    for batch in tf.data.Dataset.from_tensor_slices(images).batch(7).map(prepared).prefetch(1):
        got = keras.ops.convert_to_numpy(extractor(batch, training=False))
        rows[at : at + len(got)] = got
        at += len(got)
    return rows
