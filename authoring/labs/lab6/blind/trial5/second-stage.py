# %% wrong "Compiles with the optimizer of the first stage, only its learning rate lowered, instead of with a new one." name="trial5_old_optimizer_compiled_again" breaks="recompiled"
def second_stage(model):
    """Frees the end of the base for the second stage, and compiles."""
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_expand"
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
    optimizer = model.optimizer
    optimizer.learning_rate = 0.00001
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% wrong "Compares layer names by the alphabet instead of going in order, so the stem before the blocks is freed too." name="trial5_names_by_the_alphabet" breaks="frozen"
def second_stage(model):
    """Frees the end of the base for the second stage, and compiles."""
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    for layer in base.layers:
        late = layer.name[:7] >= "block7a"
        layer.trainable = late and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(
        optimizer=keras.optimizers.Adam(0.0001), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


# %% right "Goes through the base from its end to its beginning, and compiles Nadam with a schedule that stays in the range." name="trial5_backwards_with_schedule"
def second_stage(model):
    """Frees the end of the base for the second stage, and compiles."""
    model.trainable = True
    behind = True
    for part in model.layers:
        if isinstance(part, keras.layers.BatchNormalization):
            part.trainable = False
        if not isinstance(part, keras.Model):
            continue
        for layer in reversed(part.layers):
            layer.trainable = behind and not isinstance(layer, keras.layers.BatchNormalization)
            if layer.name == "block7a_expand":
                behind = False
    rate = keras.optimizers.schedules.CosineDecay(0.0001, decay_steps=200, alpha=0.1)
    model.compile(
        optimizer=keras.optimizers.Nadam(rate),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model
