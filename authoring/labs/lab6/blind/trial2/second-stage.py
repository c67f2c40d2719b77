# %% wrong "It compiles again with the optimizer of the first stage, at a lower rate, instead of a new one." name="trial2_second_old_optimizer" breaks="recompiled"
def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    passed = False
    for layer in base.layers:
        passed = passed or layer.name == "block7a_expand"
        layer.trainable = passed and not isinstance(layer, keras.layers.BatchNormalization)
    optimizer = model.optimizer
    optimizer.learning_rate = 0.0001
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy")
    return model

# %% wrong "All is set as it should be, and then one training step on black images, called a warm-up, moves the weights." name="trial2_second_warm_up_step" breaks="weights kept"
def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    passed = False
    for layer in base.layers:
        passed = passed or layer.name == "block7a_expand"
        layer.trainable = passed and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(optimizer=keras.optimizers.Adam(0.0001), loss="sparse_categorical_crossentropy")
    # builds the training step, so that the first epoch is not slow
    model.train_on_batch(np.zeros((2, 96, 96, 3), dtype="float32"), np.zeros(2, dtype="int32"))
    return model

# %% right "The whole model is made trainable and two lists are frozen; the new AdamW follows a schedule that stays between 0.00001 and 0.0001." name="trial2_second_schedule"
def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    model.trainable = True
    start = base.layers.index(base.get_layer("block7a_expand"))
    norms = [layer for layer in base.layers + model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for layer in [*base.layers[:start], *norms]:
        layer.trainable = False
    rate = keras.optimizers.schedules.CosineDecay(1e-4, decay_steps=1000, alpha=0.1)
    model.compile(
        optimizer=keras.optimizers.AdamW(learning_rate=rate, weight_decay=1e-4),
        loss=keras.losses.SparseCategoricalCrossentropy(),
    )
    return model
