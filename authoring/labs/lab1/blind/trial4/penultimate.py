# %% wrong "Copies only the trainable variables into a clone, so BatchNorm's moving statistics stay at their initial values." name="trial4_clone_without_statistics" breaks="weights"
def penultimate(classifier):
    """Cuts the last layer off a classifier."""
    cut = keras.Model(classifier.inputs, classifier.layers[-1].input)
    copy = keras.models.clone_model(cut)
    for layer, original in zip(copy.layers, cut.layers, strict=True):
        for new, old in zip(layer.trainable_variables, original.trainable_variables, strict=True):
            new.assign(old)
    return copy


# %% wrong "Builds the right model and then halves the weights of the classifier's last layer, which leaves the order of its classes as it was." name="trial4_last_layer_halved" breaks="classifier unchanged"
def penultimate(classifier):
    """Cuts the last layer off a classifier."""
    last = classifier.layers[-1]
    features = keras.Model(classifier.inputs, last.input)
    for weight in last.weights:
        weight.assign(0.5 * weight)
    return features


# %% right "Puts the cut network as one nested model into a Sequential of its own, which shares the classifier's layers." name="trial4_nested_in_sequential"
def penultimate(classifier):
    """Cuts the last layer off a classifier."""
    image = classifier.inputs[0]
    trunk = keras.Model(inputs=image, outputs=classifier.layers[-1].input, name="trunk")
    outer = keras.Sequential(name="penultimate")
    outer.add(keras.Input(batch_shape=tuple(image.shape), dtype=image.dtype))
    outer.add(trunk)
    return outer
