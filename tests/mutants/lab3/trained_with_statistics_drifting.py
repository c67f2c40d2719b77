"""Frees BatchNorm alone, with a rate of nothing: weights stay, statistics drift."""

import keras

REPLACES = "train"
MUST_FAIL = ("test-train",)
HINT = "BatchNorm statistics"
SLOW = True


def train(model, images, labels):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    for layer in base.layers:
        layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
        if layer.trainable:
            layer.gamma.trainable = layer.beta.trainable = False
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=4, verbose=0)
    return model
