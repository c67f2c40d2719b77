# %% wrong "Scales the vector to length 1, as for cosine similarity, instead of leaving it unchanged." name="trial6_unit_length" breaks="output"
def penultimate(classifier):
    vector = classifier.layers[-1].input
    return keras.Model(classifier.inputs, keras.layers.UnitNormalization()(vector))


# %% wrong "Looks for the layer with 1000 units, so it fails for a classifier with another number of classes." name="trial6_layer_of_1000_units" breaks="any classifier"
def penultimate(classifier):
    last = next(layer for layer in reversed(classifier.layers) if getattr(layer, "units", None) == 1000)
    return keras.Model(classifier.inputs, last.input)


# %% right "Puts the shortened network as one nested layer behind a new input." name="trial6_nested_model"
def penultimate(classifier):
    body = keras.Model(classifier.inputs, classifier.layers[-1].input)
    images = keras.Input(shape=classifier.input_shape[1:])
    return keras.Model(images, body(images))
