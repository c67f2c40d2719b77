# %% wrong "Keeps the BatchNorm layers of the base frozen in the second stage, a recipe that is often recommended but not asked for here." name="trial5_norms_stay_frozen" breaks="base trained"
def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        base = model.get_layer("base")
        base.trainable = True
        for layer in base.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.trainable = False
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        model.fit(images, labels, epochs=all_epochs, verbose=0)
    return model


# %% right "One loop over both stages that feeds fit with a tf.data pipeline in place of the arrays." name="trial5_stages_from_a_dataset"
import tensorflow as tf


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    base = model.get_layer("base")
    batches = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(images), seed=0).batch(32)
    for unfreeze, rate, epochs in ((False, 1e-2, head_epochs), (True, 1e-4, all_epochs)):
        if epochs == 0:
            break
        base.trainable = unfreeze
        model.compile(optimizer=keras.optimizers.Adam(rate), loss=keras.losses.SparseCategoricalCrossentropy())
        model.fit(batches, epochs=epochs, verbose=0)
    return model
