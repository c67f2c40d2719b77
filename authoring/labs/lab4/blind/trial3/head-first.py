# %% wrong "The head gives scores without a softmax, and the loss, named by a string, takes them for probabilities." name="trial3_head_silent_scores" breaks="head"
def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = augmentation(inputs)
    x = base(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(classes, name="head", dtype="float32")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(scale.head_rate), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "The augmentation is in the model, but its result is multiplied by 0 and added to the images as they are." name="trial3_head_muted_augmentation" breaks="augmented"
def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    changed = keras.layers.Rescaling(0.0)(augmentation(inputs))
    x = base(keras.layers.Add()([inputs, changed]))
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(classes, activation="softmax", name="head", dtype="float32")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(scale.head_rate), loss="sparse_categorical_crossentropy")
    return model


# %% right "A Sequential that lays the map out as a row of places and averages over them, with scores, a loss that says so, and a rate from a schedule that stays in the range." name="trial3_head_scores_schedule"
def head_first(base, augmentation, classes):
    base.trainable = False
    for layer in base.layers:
        layer.trainable = False
    model = keras.Sequential(name="stage_one")
    model.add(keras.Input(base.input_shape[1:]))
    model.add(augmentation)
    model.add(base)
    model.add(keras.layers.Reshape((-1, base.output_shape[-1])))
    model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.Dropout(0.1))
    model.add(keras.layers.Dense(classes, name="head", dtype="float32"))
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.005, 2000, alpha=0.2)),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model
