# %% wrong "Turns the channels to BGR but subtracts ImageNet's means in the order RGB, so red and blue get each other's mean." name="trial6_means_in_rgb_order" breaks="features"
def vgg16_features(base, images):
    """Computes features of images."""
    means = np.array([123.68, 116.779, 103.939], dtype="float32")
    batch = images.astype("float32")[..., ::-1] - means
    return base.predict(batch, verbose=0)
