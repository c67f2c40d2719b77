"""A Sequential with dropout that ends in scores, the softmax being in the loss."""

import keras

REPLACES = "head-first"


def head_first(base, augmentation, classes):
    for layer in base.layers:
        layer.trainable = False
    model = keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            augmentation,
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(classes, name="head"),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.RMSprop(2e-3), loss=loss, metrics=["accuracy"])
    return model
