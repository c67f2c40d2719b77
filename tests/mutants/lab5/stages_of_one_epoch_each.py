"""Never tells fit how many epochs: each stage lasts one."""

import keras

REPLACES = "train-in-two-stages"
MUST_FAIL = ("test-train-in-two-stages",)
HINT = "epochs=head_epochs) for the head alone comes first"
MARKS = 2.0


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.get_layer("base").trainable = False
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        model.fit(images, labels, verbose=0)
    return model
