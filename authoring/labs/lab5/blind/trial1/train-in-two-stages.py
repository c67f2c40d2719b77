# %% wrong "The second stage trains on the model's own answers after the first stage instead of the labels that were given." name="trial1_second_stage_own_answers" breaks="learning"
def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        targets = model.predict(images, verbose=0).argmax(axis=1)
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        model.fit(images, targets, epochs=all_epochs, verbose=0)
    return model

# %% right "No compile and no fit: both stages are loops with a GradientTape and an optimizer of their own." name="trial1_gradient_tape"
import tensorflow as tf


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    base = model.get_layer("base")
    loss_of = keras.losses.SparseCategoricalCrossentropy()
    data = tf.data.Dataset.from_tensor_slices((images, np.asarray(labels))).shuffle(len(images)).batch(32)

    def stage(rate, epochs):
        optimizer = keras.optimizers.Adam(rate)
        weights = model.trainable_weights
        optimizer.build(weights)

        @tf.function
        def step(batch, truth):
            with tf.GradientTape() as tape:
                loss = loss_of(truth, model(batch, training=True))
                for extra in model.losses:
                    loss += extra
            optimizer.apply(tape.gradient(loss, weights), weights)

        for _ in range(epochs):
            for batch, truth in data:
                step(batch, truth)

    base.trainable = False
    stage(1e-2, head_epochs)
    if all_epochs > 0:
        base.trainable = True
        stage(1e-4, all_epochs)
    return model
