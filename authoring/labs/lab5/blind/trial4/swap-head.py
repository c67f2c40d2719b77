# %% wrong "Freezes the whole model and then sets the flag of the head only: a frozen model has no trainable weights, so the head never moves." name="trial4_head_flag_in_a_frozen_model" breaks="trainable head"
def swap_head(classifier, classes):
    """Replaces a classifier's last layer."""
    vector = classifier.layers[-1].input
    model = keras.Model(classifier.inputs[0], keras.layers.Dense(classes, activation="softmax")(vector))
    model.trainable = False
    model.layers[-1].trainable = True
    return model

# %% right "The body is a model of its own inside a Sequential, with the new head after it." name="trial4_body_inside_a_sequential"
def swap_head(classifier, classes):
    """Replaces a classifier's last layer."""
    body = keras.Model(classifier.inputs[0], classifier.layers[-1].input)
    model = keras.Sequential()
    model.add(keras.Input(classifier.input_shape[1:]))
    model.add(body)
    model.add(keras.layers.Dense(classes, activation=keras.activations.softmax, kernel_initializer="he_normal"))
    return model
