"""Has a first stage only where there is no second one."""

import keras

REPLACES = "train-in-two-stages"
MUST_FAIL = ("test-train-in-two-stages",)
HINT = "also where a second stage follows"
MARKS = 2.0


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.get_layer("base").trainable = all_epochs > 0
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=all_epochs or head_epochs, verbose=0)
    return model
