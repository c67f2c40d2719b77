# %% wrong "The offset is not divided by 128: the base receives x / 128 - 127." name="trial2_first_offset_not_scaled" breaks="preprocessing"
def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    model = keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.Rescaling(1 / 128, offset=-127),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(class_count, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model

# %% wrong "A GlobalAveragePooling2D is there, but the last row and column of each map are cut off before it." name="trial2_first_average_of_a_part" breaks="averaged"
def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    images = keras.Input((96, 96, 3))
    tensor = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(images)
    tensor = base(tensor, training=False)
    tensor = keras.layers.Cropping2D(((0, 1), (0, 1)))(tensor)
    tensor = keras.layers.GlobalAveragePooling2D()(tensor)
    model = keras.Model(images, keras.layers.Dense(class_count, activation="softmax")(tensor))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model

# %% right "Normalization preprocesses, the maps are laid out as a sequence and averaged in one dimension, and the softmax is a layer of its own." name="trial2_first_normalization_pooling_1d"
def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    images = keras.Input((96, 96, 3))
    tensor = keras.layers.Normalization(mean=[127.0] * 3, variance=[128.0**2] * 3)(images)
    maps = base(tensor)
    rows = keras.layers.Reshape((-1, base.output_shape[-1]))(maps)
    averages = keras.layers.GlobalAveragePooling1D()(rows)
    scores = keras.layers.Dense(class_count, name="scores")(averages)
    model = keras.Model(images, keras.layers.Softmax(name="probabilities")(scores))
    model.compile(
        optimizer=keras.optimizers.AdamW(learning_rate=0.01, weight_decay=0.001),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    return model
