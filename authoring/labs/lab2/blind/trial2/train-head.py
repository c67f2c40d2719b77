# %% wrong "Has one output for each number up to the largest label, not one for each of the classes." name="trial2_classes_up_to_largest_label" breaks="classes"
def train_head(features, labels, classes):
    number = int(np.max(labels)) + 1
    model = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(number, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(features, labels, epochs=40, batch_size=32, verbose=0)
    return model


# %% right "A functional model with a Softmax layer of its own, trained by GradientTape and never compiled." name="trial2_gradient_tape"
import tensorflow as tf


def train_head(features, labels, classes):
    features, labels = np.asarray(features, "float32"), np.asarray(labels, "int64")
    vectors = keras.Input((features.shape[1],))
    hidden = keras.layers.BatchNormalization(momentum=0.9)(vectors)
    hidden = keras.layers.Dropout(0.4)(hidden)
    logits = keras.layers.Dense(classes, kernel_initializer="zeros")(hidden)
    model = keras.Model(vectors, keras.layers.Softmax()(logits))
    optimizer = keras.optimizers.Adam(1e-3)
    optimizer.build(model.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x, training=True)))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

    rng = np.random.default_rng(0)
    for _ in range(50):
        for part in np.array_split(rng.permutation(len(labels)), max(1, len(labels) // 32)):
            step(tf.constant(features[part]), tf.constant(labels[part]))
    return model
