# %% wrong "Scales the vector to length 1, ready for cosine similarity." name="trial5_unit_vectors" breaks="output"
def penultimate(classifier):
    vector = classifier.layers[-1].input
    return keras.Model(classifier.inputs, keras.layers.UnitNormalization()(vector))


# %% wrong "Sets the weights of the classifier's last layer to zero after cutting, because it is no longer needed." name="trial5_empties_last_layer" breaks="classifier unchanged"
def penultimate(classifier):
    last = classifier.layers[-1]
    features = keras.Model(classifier.inputs, last.input)
    last.set_weights([np.zeros_like(array) for array in last.get_weights()])
    return features


# %% right "Wraps the cut model as the only layer of a Sequential with an input of its own." name="trial5_cut_inside_sequential"
def penultimate(classifier):
    images = classifier.inputs[0]
    cut = keras.Model(images, classifier.layers[-1].input)
    return keras.Sequential([keras.Input(shape=images.shape[1:]), cut])
