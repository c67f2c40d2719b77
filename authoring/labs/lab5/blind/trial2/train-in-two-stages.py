# %% wrong "Numbers the second stage on from the first but gives its length as the epoch to stop at." name="trial2_stops_at_the_length" breaks="epochs"
def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        model.fit(images, labels, initial_epoch=head_epochs, epochs=all_epochs, verbose=0)
    return model


# %% right "No compile and no fit: a tf.data pipeline and a GradientTape step made anew for each stage." name="trial2_tape_for_each_stage"
import tensorflow as tf


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    data = tf.data.Dataset.from_tensor_slices((np.asarray(images, "float32"), np.asarray(labels)))
    data = data.shuffle(len(images)).batch(32)

    def stage(rate, epochs):
        variables = model.trainable_variables
        optimizer = keras.optimizers.Adam(rate)
        optimizer.build(variables)

        @tf.function(reduce_retracing=True)
        def step(x, y):
            with tf.GradientTape() as tape:
                answer = model(x, training=True)
                loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, answer))
                if model.losses:
                    loss += tf.add_n(model.losses)
            optimizer.apply(tape.gradient(loss, variables), variables)

        for _ in range(epochs):
            for x, y in data:
                step(x, y)

    stage(1e-2, head_epochs)
    if all_epochs > 0:
        model.get_layer("base").trainable = True
        stage(1e-4, all_epochs)
    return model
