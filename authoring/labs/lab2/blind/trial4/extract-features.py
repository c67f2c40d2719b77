# %% wrong "Freezes the extractor, so that BatchNorm behaves as in prediction, but calls it in training mode, so that dropout and noise are active." name="trial4_frozen_but_training" breaks="prediction mode"
def extract_features(extractor, images):
    """Turns scenes into features."""
    extractor.trainable = False
    ready = preprocess("vgg16", images)
    rows = [np.asarray(extractor(ready[i : i + 32], training=True)) for i in range(0, len(ready), 32)]
    return np.concatenate(rows)


# %% right "Subtracts VGG16's mean colour by hand and fills an array in uneven batches, the last ones first." name="trial4_filled_from_the_end"
def extract_features(extractor, images):
    """Turns scenes into features."""
    mean_bgr = np.array([103.939, 116.779, 123.68], dtype=np.float32)
    rows = np.empty((len(images), extractor.output_shape[-1]), dtype=np.float32)
    for stop in range(len(images), 0, -23):
        part = slice(max(stop - 23, 0), stop)
        batch = np.asarray(images[part], dtype=np.float32)[..., ::-1] - mean_bgr
        rows[part] = keras.ops.convert_to_numpy(extractor(batch, training=False))
    return rows
