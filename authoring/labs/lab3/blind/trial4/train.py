# %% wrong "Shuffles images and labels in two data sets, each in an order of its own, before it pairs them." name="trial4_shuffled_apart" breaks="accuracy"
import tensorflow as tf


def train(model, images, labels):
    """Trains the head of a model whose base is frozen."""
    pictures = tf.data.Dataset.from_tensor_slices(images.astype("float32")).shuffle(len(images))
    classes = tf.data.Dataset.from_tensor_slices(labels).shuffle(len(labels))
    pairs = tf.data.Dataset.zip((pictures, classes)).batch(32)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    model.fit(pairs, epochs=10, verbose=0)
    return model


# %% wrong "Trains as it should, and then moves one number of one BatchNorm statistic by its last bit." name="trial4_one_bit_afterwards" breaks="base weights"
def train(model, images, labels):
    """Trains the head of a model whose base is frozen."""
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    model.fit(images, labels, epochs=10, verbose=0)

    def inside(layer):
        for part in layer.layers:
            if isinstance(part, keras.Model):
                yield from inside(part)
            elif isinstance(part, keras.layers.BatchNormalization):
                yield part

    for norm in inside(model):
        variance = np.array(norm.moving_variance)
        variance[0] = np.nextafter(variance[0], np.float32(np.inf))
        norm.moving_variance.assign(variance)
        break
    return model


# %% right "No fit: train_on_batch over batches of one size, drawn in a new order in each of twelve rounds." name="trial4_train_on_batch"
def train(model, images, labels):
    """Trains the head of a model whose base is frozen."""
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(), optimizer=keras.optimizers.Adam(0.01))
    model.optimizer.build(model.trainable_variables)
    pixels, classes = images.astype("float32"), np.asarray(labels).astype("int32")
    rng = np.random.default_rng(5)
    size = min(32, len(pixels))
    for _ in range(12):
        order = rng.permutation(len(pixels))
        for start in range(0, len(order) - size + 1, size):
            rows = order[start : start + size]
            model.train_on_batch(pixels[rows], classes[rows])
    return model
