# %% wrong "The new layer says that it is trainable, but its kernel is not, so a training step moves the bias alone." name="trial3_kernel_nailed_down" breaks="trainable head"
def swap_head(classifier, classes):
    vector = classifier.layers[-1].input
    head = keras.layers.Dense(classes, activation="softmax", name="swapped_head")
    model = keras.Model(classifier.inputs[0], head(vector))
    head.trainable = True
    head.kernel.trainable = False
    return model


# %% right "A Sequential of an input, the whole body as one nested model, and a Dense layer that is initialised with small normal numbers." name="trial3_nested_body"
def swap_head(classifier, classes):
    body = keras.Model(inputs=classifier.inputs[0], outputs=classifier.layers[-1].input)
    model = keras.Sequential()
    model.add(keras.Input(shape=classifier.inputs[0].shape[1:]))
    model.add(body)
    model.add(
        keras.layers.Dense(
            units=classes,
            activation=keras.activations.softmax,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.01),
        )
    )
    return model
