# %% wrong "Scales the vector to length 1: the direction is right, the numbers are not." name="trial3_unit_length" breaks="output"
def penultimate(classifier):
    vector = classifier.layers[-1].input
    return keras.Model(classifier.inputs, keras.layers.UnitNormalization()(vector))


# %% wrong "Builds the right model and then rolls the last layer's weights by one class, so the classifier names other classes." name="trial3_rolled_classes" breaks="classifier unchanged"
def penultimate(classifier):
    last = classifier.layers[-1]
    model = keras.Model(classifier.inputs, last.input)
    last.set_weights([np.roll(weight, 1, axis=-1) for weight in last.get_weights()])
    return model


# %% right "Puts the cut classifier as one nested model behind an input of its own." name="trial3_nested_cut"
def penultimate(classifier):
    trunk = keras.Model(inputs=classifier.inputs, outputs=classifier.layers[-1].input, name="trunk")
    images = keras.Input(batch_shape=classifier.inputs[0].shape, dtype=classifier.inputs[0].dtype, name="images")
    return keras.Model(images, trunk(images), name="penultimate")
