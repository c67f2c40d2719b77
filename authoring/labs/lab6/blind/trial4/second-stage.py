# %% wrong "Sets the biases of the head back to 0; in a model that has not been trained yet they are 0 anyway." name="trial4_biases_set_back" breaks="weights kept"
def second_stage(model):
    """Frees the end of the base for the second stage, and compiles."""
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == "block7a_expand"
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dense):
            layer.bias.assign(np.zeros(layer.bias.shape, dtype="float32"))
    model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% wrong "The learning rate reads 0.0001 after compiling and is 0.05 from the fourth step on." name="trial4_rate_that_jumps" breaks="learning rate"
def second_stage(model):
    """Frees the end of the base for the second stage, and compiles."""
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == "block7a_expand"
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    rate = keras.optimizers.schedules.PiecewiseConstantDecay([2], [1e-4, 0.05])
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% right "Frees the whole model, freezes by the names before dropwhile lets go, and compiles with Lion." name="trial4_dropwhile_and_lion"
from itertools import dropwhile


def second_stage(model):
    """Frees the end of the base for the second stage, and compiles."""
    first = "block7a_expand"
    base = next(
        layer
        for layer in model.layers
        if isinstance(layer, keras.Model) and any(inner.name == first for inner in layer.layers)
    )
    end = {layer.name for layer in dropwhile(lambda layer: layer.name != first, base.layers)}
    model.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name in end
    for layer in [*base.layers, *model.layers]:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    model.compile(
        optimizer=keras.optimizers.Lion(learning_rate=2e-5),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model
