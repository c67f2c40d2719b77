"""Writes VGG16's preprocessing out."""

import numpy as np

REPLACES = "vgg16-features"


def vgg16_features(base, images):
    blue_green_red = images[..., ::-1].astype("float32") - np.array([103.939, 116.779, 123.68], "float32")
    return base.predict(blue_green_red, batch_size=2, verbose=0)
