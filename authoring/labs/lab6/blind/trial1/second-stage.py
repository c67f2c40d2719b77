# %% wrong "Compares the beginnings of names in alphabetical order, and the stem at the beginning of the base comes after block7, so it is unfrozen." name="trial1_alphabetical_stem" breaks="frozen"
def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    for layer in base.layers:
        late = layer.name[:6] >= "block7"
        layer.trainable = late and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% wrong "The optimizer collects the gradients of a million steps before it takes one, so a training step moves nothing." name="trial1_collects_for_ever" breaks="recompiled"
def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == "block7a_expand"
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    optimizer = keras.optimizers.Adam(1e-4, gradient_accumulation_steps=1_000_000)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% right "Goes through the base from its end to its beginning, and compiles with RMSprop, a clipped gradient and a loss object." name="trial1_backwards_rmsprop"
def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    learns = True
    for layer in reversed(base.layers):
        layer.trainable = learns and not isinstance(layer, keras.layers.BatchNormalization)
        if layer.name == "block7a_expand":
            learns = False
    model.compile(
        optimizer=keras.optimizers.RMSprop(learning_rate=5e-5, global_clipnorm=10.0),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model
