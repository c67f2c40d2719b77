"""Returns what fit returns, which is a History."""

import keras

REPLACES = "train"
MUST_FAIL = ("test-train",)
HINT = "expected a keras.Model"
MARKS = 0.0


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model.fit(images[:32], labels[:32], verbose=0)
