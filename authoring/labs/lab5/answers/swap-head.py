# %% wrong "Pops the old head off a list, as the program does." name="swapped_by_popping" breaks="the new head receives the vector" says="The old head is still in its place." marks=1.5
import keras


def swap_head(classifier, classes):
    classifier.layers.pop()
    head = keras.layers.Dense(classes, activation="softmax", name="new_head")
    return keras.Model(classifier.inputs, head(classifier.layers[-1].output))


# %% wrong "Clones the classifier and forgets that a clone starts from random weights." name="swapped_from_a_clone_without_weights" breaks="the new head receives the vector" says="so that the weights come along"
import keras


def swap_head(classifier, classes):
    copy = keras.models.clone_model(classifier)
    head = keras.layers.Dense(classes, activation="softmax", name="new_head")
    return keras.Model(copy.inputs, head(copy.layers[-1].input))


# %% wrong "Gives the classifier back as it is." name="swapped_nothing" breaks="a new head" says="expected (None," marks=0
def swap_head(classifier, classes):
    return classifier


# %% wrong "Leaves the new head's activation out." name="swapped_without_a_softmax" breaks="one probability per new class" says="End with a softmax" marks=3.5
import keras


def swap_head(classifier, classes):
    head = keras.layers.Dense(classes, name="new_head")
    return keras.Model(classifier.inputs, head(classifier.layers[-1].input))


# %% right "Puts a Dropout before the new head, which does nothing outside training." name="swapped_with_dropout"
import keras


def swap_head(classifier, classes):
    vector = keras.layers.Dropout(0.3)(classifier.layers[-2].output)
    return keras.Model(classifier.input, keras.layers.Dense(classes, "softmax")(vector), name="swapped")
