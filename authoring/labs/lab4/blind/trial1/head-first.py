# %% wrong "Between the averages and the head stands a BatchNorm layer that learns, so the head receives normalised numbers and not the averages." name="trial1_norm_before_head" breaks="averaged"
def head_first(base, augmentation, classes):
    """Puts a new head on a frozen base."""
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = augmentation(inputs)
    x = base(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.BatchNormalization()(x)
    outputs = keras.layers.Dense(classes, activation="softmax", name="head", dtype="float32")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(scale.head_rate), loss="sparse_categorical_crossentropy")
    return model


# %% right "A Sequential model whose head gives scores, with a loss that says so, averages with kept dimensions that are then flattened, dropout, and SGD with momentum." name="trial1_scores_and_momentum"
def head_first(base, augmentation, classes):
    """Puts a new head on a frozen base."""
    base.trainable = False
    model = keras.Sequential([keras.Input(base.input_shape[1:]), augmentation, base])
    model.add(keras.layers.GlobalAveragePooling2D(keepdims=True))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dropout(0.1))
    model.add(keras.layers.Dense(classes, name="head", dtype="float32"))
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.01, momentum=0.9),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model
