"""Sets the base free on the way, so that one careless training overwrites ImageNet."""

import keras

REPLACES = "train"
MUST_FAIL = ("test-train",)
HINT = "other weights than ImageNet's"
SLOW = True


def train(model, images, labels):
    for layer in model.layers:  # not `model.trainable = True`: that is so already, and then changes nothing inside
        layer.trainable = True
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images[:32], labels[:32], verbose=0)
    return model
