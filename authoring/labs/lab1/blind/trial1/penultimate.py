# %% wrong "Cuts at the last global pooling, which is not what the last layer receives where a hidden layer comes in between." name="trial1_at_the_pooling" breaks="any classifier"
def penultimate(classifier):
    for layer in reversed(classifier.layers):
        if isinstance(layer, keras.layers.GlobalAveragePooling2D):
            return keras.Model(classifier.inputs, layer.output)
    return keras.Model(classifier.inputs, classifier.layers[-1].input)


# %% wrong "Returns the right model and then doubles the last layer's weights, so the classifier has the same best class and other probabilities." name="trial1_doubled_last" breaks="classifier unchanged"
def penultimate(classifier):
    last = classifier.layers[-1]
    model = keras.Model(classifier.inputs, last.input)
    last.set_weights([2 * weight for weight in last.get_weights()])
    return model


# %% right "Wraps the cut network as a nested model behind an input of its own, called in prediction mode." name="trial1_nested_model"
def penultimate(classifier):
    inner = keras.Model(classifier.inputs[0], classifier.layers[-1].input, name="everything_but_the_last")
    images = keras.Input(shape=classifier.input_shape[1:], name="images")
    return keras.Model(images, inner(images, training=False), name="description")
