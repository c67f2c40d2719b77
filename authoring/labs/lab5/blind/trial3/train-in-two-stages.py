# %% wrong "The second fit starts at head_epochs but stops at all_epochs, so it runs too few epochs or none." name="trial3_stops_too_early" breaks="epochs"
def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        model.fit(images, labels, initial_epoch=head_epochs, epochs=max(all_epochs, head_epochs), verbose=0)
    return model


# %% right "Both stages are loops of its own with a GradientTape over a tf.data pipeline; nothing is compiled." name="trial3_gradient_tape"
import tensorflow as tf


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    images = np.asarray(images, dtype="float32")
    labels = np.asarray(labels).astype("int64")
    batches = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(images), seed=1).batch(32)
    entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=False)

    def stage(epochs, rate):
        optimizer = keras.optimizers.Adam(learning_rate=rate)
        weights = list(model.trainable_variables)
        optimizer.build(weights)
        for _ in range(epochs):
            for x, y in batches:
                with tf.GradientTape() as tape:
                    loss = entropy(y, model(x, training=True))
                    for extra in model.losses:
                        loss = loss + extra
                gradients = tape.gradient(loss, [weight.value for weight in weights])
                optimizer.apply(gradients, weights)

    model.get_layer("base").trainable = False
    stage(head_epochs, 3e-3)
    if all_epochs > 0:
        model.get_layer("base").trainable = True
        stage(all_epochs, 1e-4)
    return model
