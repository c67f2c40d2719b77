# %% wrong "The second stage trains on what the model answers after the first one, not on the labels that are given." name="trial4_second_stage_on_its_own_answers" breaks="learning"
def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    """Trains a head, then the whole network."""
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        answers = model.predict(images, verbose=0).argmax(axis=1)
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        model.fit(images, answers, epochs=all_epochs, verbose=0)
    return model

# %% right "Never compiles: a training step of its own with GradientTape for each stage, over a tf.data set." name="trial4_gradient_tape_stages"
import tensorflow as tf


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    """Trains a head, then the whole network."""
    batches = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(images), seed=5).batch(32)
    crossentropy = keras.losses.SparseCategoricalCrossentropy()

    def stage(rate, epochs):
        free = list(model.trainable_weights)
        optimizer = keras.optimizers.Adam(rate)
        optimizer.build(free)

        @tf.function
        def step(some_images, some_labels):
            with tf.GradientTape() as tape:
                loss = crossentropy(some_labels, model(some_images, training=True))
            optimizer.apply_gradients(zip(tape.gradient(loss, free), free))

        for _ in range(epochs):
            for some_images, some_labels in batches:
                step(some_images, some_labels)

    stage(1e-2, head_epochs)
    if all_epochs > 0:
        model.get_layer("base").trainable = True
        stage(1e-4, all_epochs)
    return model
