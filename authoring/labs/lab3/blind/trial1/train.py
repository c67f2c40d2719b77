# %% wrong "The images are divided by 255 although the model preprocesses pixels itself, so the head learns from nearly black images and fails on real ones." name="trial1_scaled_twice" breaks="accuracy"
def train(model, images, labels):
    """Trains the head of a model whose base is frozen."""
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images.astype("float32") / 255, labels, epochs=10, batch_size=32, verbose=0)
    return model


# %% wrong "After a proper training one number of one BatchNorm mean in the base is moved by one bit." name="trial1_one_bit_of_a_mean" breaks="base weights"
def train(model, images, labels):
    """Trains the head of a model whose base is frozen."""
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=10, batch_size=32, verbose=0)
    means = [variable for variable in model.variables if variable.name == "moving_mean"]
    for variable in means[-1:]:
        value = np.array(variable)
        value[0] = np.nextafter(value[0], np.float32(np.inf))
        variable.assign(value)
    return model


# %% right "A tf.data pipeline with one-hot labels, and a cross-entropy with smoothed labels." name="trial1_dataset_of_smoothed_labels"
import tensorflow as tf


def train(model, images, labels):
    """Trains the head of a model whose base is frozen."""
    targets = np.eye(model.output_shape[-1], dtype="float32")[np.asarray(labels)]
    data = tf.data.Dataset.from_tensor_slices((images, targets)).shuffle(len(images), seed=7)
    data = data.map(lambda image, target: (tf.cast(image, tf.float32), target)).batch(32).prefetch(2)
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.05),
    )
    model.fit(data, epochs=12, verbose=0)
    return model
