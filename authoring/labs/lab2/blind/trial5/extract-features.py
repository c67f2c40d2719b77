# %% wrong "Squeezes the result, so one image alone gives a vector without the axis of images." name="trial5_squeezed_rows" breaks="shape"
def extract_features(extractor, images):
    rows = extractor.predict(preprocess("vgg16", images), verbose=0)
    return np.squeeze(rows)


# %% wrong "Subtracts the ImageNet means by hand but leaves the channels as RGB instead of BGR." name="trial5_means_without_bgr" breaks="preprocessing"
def extract_features(extractor, images):
    means = np.array([123.68, 116.779, 103.939], dtype="float32")
    centred = np.asarray(images).astype("float32") - means
    return extractor.predict(centred, batch_size=32, verbose=0)


# %% right "Preprocesses by hand in NumPy and calls the extractor itself on chunks with training=False." name="trial5_chunks_by_hand"
def extract_features(extractor, images):
    images = np.asarray(images)
    blue_green_red = np.array([103.939, 116.779, 123.68], dtype="float32")
    rows = []
    # one chunk, though empty, also where there is no image
    for chunk in np.array_split(images, max(1, -(-len(images) // 16))):
        prepared = np.flip(chunk, axis=-1).astype("float32") - blue_green_red
        rows.append(keras.ops.convert_to_numpy(extractor(prepared, training=False)))
    return np.concatenate(rows, axis=0)
