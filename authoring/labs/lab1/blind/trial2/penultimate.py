# %% wrong "Takes the output of the last pooling layer, which is not what the last layer receives when other layers lie between." name="trial2_cut_at_the_pooling" breaks="any classifier"
def penultimate(classifier):
    pools = [layer for layer in classifier.layers if "pool" in layer.name]
    layer = pools[-1] if pools else classifier.layers[-2]
    return keras.Model(classifier.inputs, layer.output)

# %% wrong "Puts a ReLU on the vector, which shows only where the vector has negative numbers." name="trial2_cut_with_relu" breaks="output"
def penultimate(classifier):
    vector = classifier.layers[-1].input
    return keras.Model(classifier.inputs, keras.layers.ReLU()(vector))

# %% right "Nests the cut network in a second model, behind an input of its own and a linear activation." name="trial2_cut_nested_in_a_model"
def penultimate(classifier):
    cut = keras.Model(classifier.inputs[0], classifier.layers[-1].input)
    images = keras.Input(classifier.input_shape[1:])
    vector = cut(images)
    return keras.Model(images, keras.layers.Activation("linear")(vector))
