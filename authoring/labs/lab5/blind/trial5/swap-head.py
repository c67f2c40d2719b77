# %% wrong "Builds on a clone of the classifier, so as not to touch the original, and the clone starts from new random weights." name="trial5_head_on_a_clone" breaks="vector"
def swap_head(classifier, classes):
    copy = keras.models.clone_model(classifier)
    head = keras.layers.Dense(classes, activation="softmax", name=f"head_for_{classes}")
    return keras.Model(copy.inputs[0], head(copy.layers[-1].input))
