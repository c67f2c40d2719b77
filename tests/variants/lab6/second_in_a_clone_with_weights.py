"""Works on a clone that gets the weights."""

import keras

REPLACES = "second-stage"
SLOW = True


def second_stage(model):
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    base = next(layer for layer in clone.layers if isinstance(layer, keras.Model))
    base.trainable = True
    start = [layer.name for layer in base.layers].index("block7a_expand")
    for position, layer in enumerate(base.layers):
        layer.trainable = position >= start and not isinstance(layer, keras.layers.BatchNormalization)
    clone.compile(keras.optimizers.Adam(5e-5), loss="sparse_categorical_crossentropy")
    return clone
