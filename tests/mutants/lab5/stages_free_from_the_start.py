"""Sets the base free before the first stage."""

import keras

REPLACES = "train-in-two-stages"
MUST_FAIL = ("test-train-in-two-stages",)
HINT = "expected the head alone to move"
MARKS = 0


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.get_layer("base").trainable = True
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs + all_epochs, verbose=0)
    return model
