# %% wrong "The loop notices block7a_expand only after it has set its flag, so that this layer itself stays frozen." name="trial3_one_layer_late" breaks="unfrozen"
def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    reached = False
    for layer in base.layers:
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
        if layer.name == "block7a_expand":
            reached = True
    model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% wrong "A schedule shows 0.0001 before and during the first step and uses 0.1 from then on." name="trial3_rate_jumps_later" breaks="learning rate"
def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == "block7a_expand"
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    rate = keras.optimizers.schedules.PiecewiseConstantDecay([1], [1e-4, 1e-1])
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% right "It thaws the whole model, freezes the front and all BatchNorm by slices and filters, and compiles with Lion, whose steps all have the same size." name="trial3_thaw_then_freeze_with_lion"
from itertools import takewhile


def second_stage(model):
    (base,) = filter(lambda layer: isinstance(layer, keras.Model), model.layers)
    model.trainable = True
    for layer in takewhile(lambda layer: layer.name != "block7a_expand", base.layers):
        layer.trainable = False
    for layer in [*base.layers, *model.layers]:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    model.compile(
        optimizer=keras.optimizers.Lion(learning_rate=2e-5),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model
