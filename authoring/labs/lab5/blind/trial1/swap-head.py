# %% wrong "The new kernel is marked as trainable, but a constraint puts it back to where it started after each step." name="trial1_kernel_held_by_constraint" breaks="trainable head"
def swap_head(classifier, classes):
    received = classifier.layers[-1].input
    start = np.asarray(keras.initializers.GlorotUniform(seed=0)((received.shape[-1], classes)), dtype="float32")
    head = keras.layers.Dense(
        classes,
        activation="softmax",
        kernel_initializer=lambda shape, dtype=None: keras.ops.convert_to_tensor(start),
        kernel_constraint=lambda kernel: keras.ops.convert_to_tensor(start),
        name="new_head",
    )
    return keras.Model(classifier.inputs[0], head(received))
