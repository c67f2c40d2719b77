# %% wrong "Only the first sixteen images are preprocessed; all later blocks go in as raw pixels." name="trial3_first_block_only" breaks="features"
def vgg16_features(base, images):
    rows = []
    for start in range(0, len(images), 16):
        block = images[start : start + 16].astype("float32")
        if not rows:
            block = preprocess("vgg16", block)
        rows.append(base.predict(block, verbose=0))
    return np.concatenate(rows)
