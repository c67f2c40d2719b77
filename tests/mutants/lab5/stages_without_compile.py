"""Sets the base free and fits on with the step that was built for the head: the program's own bug."""

import keras

REPLACES = "train-in-two-stages"
MUST_FAIL = ("test-train-in-two-stages",)
HINT = "compile again, then fit"
MARKS = 2.0


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    base = model.get_layer("base")
    base.trainable = False
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        base.trainable = True
        model.fit(images, labels, epochs=all_epochs, verbose=0)
    return model
