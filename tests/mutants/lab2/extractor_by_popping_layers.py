"""Pops layers off the list of layers down to the cut, which current Keras silently ignores."""

import keras

from course_utils.models import load_base

REPLACES = "build-extractor"
MUST_FAIL = ("test-build-extractor",)
HINT = "changes a list and not the model"


def build_extractor(size, cut):
    base = load_base("vgg16", input_shape=(size, size, 3))
    surplus = [layer.name for layer in base.layers[::-1]].index(cut)
    for _ in range(surplus):
        base.layers.pop()
    return keras.Sequential([base, keras.layers.GlobalAveragePooling2D()])
