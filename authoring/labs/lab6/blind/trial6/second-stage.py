# %% wrong "Frees the layers after block7a_expand only: the layer itself stays frozen." name="trial6_starts_one_layer_late" breaks="unfrozen"
def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    reached = False
    for layer in base.layers:
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
        if layer.name == "block7a_expand":
            reached = True
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.0001),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% wrong "Lowers the learning rate of the old optimizer in place, and does not compile again." name="trial6_old_optimizer_kept" breaks="recompiled"
def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    reached = False
    for layer in base.layers:
        if layer.name == "block7a_expand":
            reached = True
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    model.optimizer.learning_rate = 0.0001
    return model


# %% right "Frees the whole model first, then freezes a slice of the base and each BatchNorm, and compiles with RMSprop." name="trial6_slice_and_rmsprop"
def second_stage(model):
    (base,) = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    model.trainable = True
    base.trainable = True
    start = [layer.name for layer in base.layers].index("block7a_expand")
    for layer in base.layers[:start]:
        layer.trainable = False
    for layer in [*base.layers[start:], *model.layers]:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    model.compile(
        optimizer=keras.optimizers.RMSprop(learning_rate=5e-5),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    return model
