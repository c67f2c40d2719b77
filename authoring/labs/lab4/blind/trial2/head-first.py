# %% wrong "Calls the augmentation with training=True, so that it changes images outside training too." name="trial2_head_augments_always" breaks="augmented"
def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = augmentation(inputs, training=True)
    x = base(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(classes, activation="softmax", name="head", dtype="float32")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(scale.head_rate), loss="sparse_categorical_crossentropy")
    return model

# %% wrong "Freezes every layer of the base but the last one that has weights." name="trial2_head_last_layer_left_open" breaks="frozen base"
def head_first(base, augmentation, classes):
    base.trainable = True
    last = [layer for layer in base.layers if layer.weights][-1]
    for layer in base.layers:
        layer.trainable = layer is last
    inputs = keras.Input(base.input_shape[1:])
    x = augmentation(inputs)
    x = base(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(classes, activation="softmax", name="head", dtype="float32")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(scale.head_rate), loss="sparse_categorical_crossentropy")
    return model

# %% right "A Sequential that gives scores, with a loss that says so, Dropout, and SGD with momentum." name="trial2_head_sequential_scores_sgd"
def head_first(base, augmentation, classes):
    base.trainable = False
    model = keras.Sequential(name="stage_one")
    model.add(keras.Input(shape=base.input_shape[1:]))
    for layer in (augmentation, base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dropout(0.1)):
        model.add(layer)
    model.add(keras.layers.Dense(classes, name="head", dtype="float32"))
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.01, momentum=0.9),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model
