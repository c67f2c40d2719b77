# %% wrong "The head gives scores without a softmax, while the loss, named by a string, expects probabilities." name="trial4_scores_for_probabilities" breaks="head"
def head_first(base, augmentation, classes):
    """Puts a new head on a frozen base."""
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = augmentation(inputs)
    x = base(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(classes, name="head", dtype="float32")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(scale.head_rate), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Augmentation is in the model, but called with training=False, so no image is ever changed." name="trial4_augmentation_for_show" breaks="augmented"
def head_first(base, augmentation, classes):
    """Puts a new head on a frozen base."""
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = augmentation(inputs, training=False)
    x = base(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(classes, activation="softmax", name="head", dtype="float32")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(scale.head_rate), loss="sparse_categorical_crossentropy")
    return model


# %% right "A Sequential model with scores and a loss that says so, and a learning rate that falls from 0.01 to 0.001." name="trial4_sequential_scores_schedule"
def head_first(base, augmentation, classes):
    """Puts a new head on a frozen base."""
    base.trainable = False
    model = keras.Sequential(name="stage_one")
    model.add(keras.Input(base.input_shape[1:]))
    model.add(augmentation)
    model.add(base)
    model.add(keras.layers.GlobalAveragePooling2D())
    model.add(keras.layers.Dropout(0.1))
    model.add(keras.layers.Dense(classes, name="head", dtype="float32"))
    rate = keras.optimizers.schedules.PolynomialDecay(0.01, decay_steps=1000, end_learning_rate=0.001)
    model.compile(
        optimizer=keras.optimizers.Nadam(rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model
