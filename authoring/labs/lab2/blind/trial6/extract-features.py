# %% wrong "Subtracts the ImageNet mean of each colour but leaves the channels in the order RGB, where VGG16 wants BGR." name="trial6_mean_without_bgr" breaks="preprocessing"
def extract_features(extractor, images):
    mean_rgb = np.array([123.68, 116.779, 103.939], dtype="float32")
    prepared = images.astype("float32") - mean_rgb
    return np.asarray(extractor.predict(prepared, verbose=0))


# %% wrong "Makes batches with a stride (every k-th image) and puts them one after the other, so that rows are interleaved." name="trial6_strided_batches" breaks="order"
def extract_features(extractor, images):
    batch_size = 8
    batches = max(1, -(-len(images) // batch_size))
    rows = []
    for number in range(batches):
        batch = preprocess("vgg16", images[number::batches])
        rows.append(np.asarray(extractor.predict(batch, verbose=0)))
    return np.concatenate(rows, axis=0)


# %% right "Preprocesses by hand (BGR, means subtracted) and calls the model on slices with training=False." name="trial6_bgr_by_hand"
def extract_features(extractor, images):
    step = 16
    mean_bgr = np.array([103.939, 116.779, 123.68], dtype="float32")
    rows = []
    for start in range(0, max(len(images), 1), step):
        batch = images[start : start + step][..., ::-1].astype("float32") - mean_bgr
        rows.append(keras.ops.convert_to_numpy(extractor(np.ascontiguousarray(batch), training=False)))
    return np.vstack(rows)
