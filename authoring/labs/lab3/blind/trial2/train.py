# %% wrong "It shuffles the images and the labels, each in an order of its own, so the head learns from wrong labels." name="trial2_train_shuffled_apart" breaks="accuracy"
def train(model, images, labels):
    rng = np.random.default_rng(0)
    images = images[rng.permutation(len(images))]
    labels = labels[rng.permutation(len(labels))]
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    model.fit(images, labels, epochs=10, verbose=0)
    return model

# %% wrong "It trains as it should, and then moves the statistics of the base's last BatchNorm layer by one last bit." name="trial2_train_last_bit_of_statistics" breaks="base weights"
def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    model.fit(images, labels, epochs=10, verbose=0)
    base = max((layer for layer in model.layers if isinstance(layer, keras.Model)), key=lambda inner: len(inner.layers))
    norm = [layer for layer in base.layers if isinstance(layer, keras.layers.BatchNormalization)][-1]
    norm.moving_mean.assign(np.nextafter(np.asarray(norm.moving_mean), np.float32(np.inf)))
    return model

# %% right "One endless-looking epoch over a tf.data set that repeats before it makes batches, with a learning rate that follows a cosine." name="trial2_train_tf_data_cosine"
import tensorflow as tf


def train(model, images, labels):
    rounds, size = 12, 32
    data = (
        tf.data.Dataset.from_tensor_slices((images, labels))
        .shuffle(len(images), seed=1)
        .repeat(rounds)
        .batch(size, drop_remainder=True)
        .prefetch(tf.data.AUTOTUNE)
    )
    steps = rounds * len(images) // size
    rate = keras.optimizers.schedules.CosineDecay(0.01, decay_steps=steps, alpha=0.1)
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
    )
    model.optimizer.build(model.trainable_variables)
    model.fit(data, epochs=1, verbose=0)
    return model
