# %% wrong "Counts the classes by the largest label that occurs, so the last classes get no number where they do not occur." name="trial1_largest_label" breaks="classes"
def train_head(features, labels, classes):
    model = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(int(labels.max()) + 1, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    model.fit(features, labels, epochs=60, batch_size=32, verbose=0)
    return model


# %% right "A functional model with given means and variances in Normalization, trained in a GradientTape loop over all scenes at once." name="trial1_gradient_tape"
import tensorflow as tf


def train_head(features, labels, classes):
    features = np.asarray(features, dtype="float32")
    variance = features.var(axis=0)
    variance = variance + 0.01 * variance.mean() + 1e-6  # columns that never vary must not explode
    inputs = keras.Input((features.shape[1],))
    scaled = keras.layers.Normalization(mean=features.mean(axis=0), variance=variance)(inputs)
    dropped = keras.layers.Dropout(0.3)(scaled)
    dense = keras.layers.Dense(classes, activation="softmax")
    model = keras.Model(inputs, dense(dropped))

    optimizer = keras.optimizers.Adam(3e-3)
    x = tf.constant(features)
    y = tf.constant(np.asarray(labels), dtype=tf.int32)
    for _ in range(250):
        with tf.GradientTape() as tape:
            answer = model(x, training=True)
            loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, answer))
            loss = loss + 0.02 * keras.ops.sum(keras.ops.square(dense.kernel))
        gradients = tape.gradient(loss, model.trainable_weights)
        optimizer.apply(gradients, model.trainable_weights)
    return model
