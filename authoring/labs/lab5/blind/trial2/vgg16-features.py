# %% right "The preprocessing as one matrix product and a subtraction, the base called in small batches." name="trial2_matrix_instead_of_preprocess"
def vgg16_features(base, images):
    images = np.asarray(images)
    swap = np.eye(3, dtype="float32")[::-1]
    means = np.array([103.939, 116.779, 123.68], dtype="float32")

    def rows():
        for start in range(0, len(images), 5):
            batch = images[start : start + 5].astype("float32") @ swap - means
            yield keras.ops.convert_to_numpy(base(batch, training=False))

    parts = list(rows())
    return np.vstack(parts) if parts else np.zeros((0, base.output_shape[-1]), "float32")
