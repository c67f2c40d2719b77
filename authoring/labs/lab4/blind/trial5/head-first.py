# %% wrong "Builds the model on a clone of the base, which has fresh random weights instead of the base's own." name="trial5_head_on_bare_clone" breaks="averaged"
def head_first(base, augmentation, classes):
    # a copy, so that the base that was handed in stays as it is
    extractor = keras.models.clone_model(base)
    extractor.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = augmentation(inputs)
    x = extractor(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(classes, activation="softmax", name="head", dtype="float32")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(scale.head_rate), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Passes training=False to the augmentation as well as to the base, so nothing is ever augmented." name="trial5_augmentation_never_on" breaks="augmented"
def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = inputs
    for part in (augmentation, base):
        x = part(x, training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dropout(0.2)(x)
    outputs = keras.layers.Dense(classes, activation="softmax", name="head", dtype="float32")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(scale.head_rate), loss="sparse_categorical_crossentropy")
    return model


# %% right "A Sequential model whose head gives scores, with a loss from logits, RMSprop, pooling with keepdims and Flatten, and the base frozen layer by layer." name="trial5_sequential_scores"
def head_first(base, augmentation, classes):
    for layer in base.layers:
        layer.trainable = False
    model = keras.Sequential([keras.Input(base.input_shape[1:]), augmentation, base])
    model.add(keras.layers.GlobalAveragePooling2D(keepdims=True))  # (N, 1, 1, maps)
    model.add(keras.layers.Flatten())  # (N, maps)
    model.add(keras.layers.Dropout(0.1))
    model.add(keras.layers.Dense(classes, name="head", dtype="float32"))
    model.compile(
        optimizer=keras.optimizers.RMSprop(learning_rate=0.001),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model
