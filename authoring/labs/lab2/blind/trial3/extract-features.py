# %% wrong "Squeezes the result, so that one image gives a vector and not an array of one row." name="trial3_squeezed" breaks="shape"
def extract_features(extractor, images):
    return np.squeeze(extractor.predict(preprocess("vgg16", images), verbose=0))


# %% wrong "Predicts the first 32 images and runs all that follow in training mode." name="trial3_training_after_32" breaks="prediction mode"
def extract_features(extractor, images):
    batch = preprocess("vgg16", images)
    rows = [extractor.predict(batch[:32], verbose=0)]
    for start in range(32, len(batch), 32):
        rows.append(keras.ops.convert_to_numpy(extractor(batch[start : start + 32], training=True)))
    return np.concatenate(rows)
