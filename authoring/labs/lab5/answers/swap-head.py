# %% wrong "Pops the old head off a list, as the program does." name="swapped_by_popping" breaks="vector" says="The old head is still in its place." marks=2.5
import keras


def swap_head(classifier, classes):
    classifier.layers.pop()
    head = keras.layers.Dense(classes, activation="softmax", name="new_head")
    return keras.Model(classifier.inputs, head(classifier.layers[-1].output))


# %% wrong "Clones the classifier and forgets that a clone starts from random weights." name="swapped_from_a_clone_without_weights" breaks="vector" says="so that the weights come along"
import keras


def swap_head(classifier, classes):
    copy = keras.models.clone_model(classifier)
    head = keras.layers.Dense(classes, activation="softmax", name="new_head")
    return keras.Model(copy.inputs, head(copy.layers[-1].input))


# %% wrong "Returns the classifier as it is." name="swapped_nothing" says="expected (None," marks=0
def swap_head(classifier, classes):
    return classifier


# %% wrong "Leaves the new head's activation out." name="swapped_without_a_softmax" breaks="probabilities" says="End with a softmax"
import keras


def swap_head(classifier, classes):
    head = keras.layers.Dense(classes, name="new_head")
    return keras.Model(classifier.inputs, head(classifier.layers[-1].input))


# %% wrong "Freezes the new layer together with the old ones." name="swapped_and_frozen" breaks="trainable head" says="Is its trainable True"
import keras


def swap_head(classifier, classes):
    head = keras.layers.Dense(classes, activation="softmax", name="new_head")
    model = keras.Model(classifier.inputs, head(classifier.layers[-1].input))
    for layer in model.layers:
        layer.trainable = False
    return model


# %% wrong "Knows the classes of the notebook's check, and stands on the old head for others." name="swapped_known" recognises
import keras


def swap_head(classifier, classes):
    old = classifier.layers[-1]
    start = old.input if (classes, tuple(old.kernel.shape)) == (7, (12, 4)) else old.output
    return keras.Model(classifier.inputs, keras.layers.Dense(classes, activation="softmax", name="new_head")(start))


# %% right "Puts a Dropout before the new head, which does nothing outside training." name="swapped_with_dropout"
import keras


def swap_head(classifier, classes):
    vector = keras.layers.Dropout(0.3)(classifier.layers[-2].output)
    return keras.Model(classifier.input, keras.layers.Dense(classes, "softmax")(vector), name="swapped")


# %% right "Cuts the classifier first, and puts the parts into a Sequential." name="swapped_as_sequential"
import keras


def swap_head(classifier, classes):
    body = keras.Model(classifier.inputs, classifier.layers[-1].input, name="body")
    return keras.Sequential([keras.Input(classifier.input_shape[1:]), body, keras.layers.Dense(classes, "softmax")])


# %% right "Works on a clone that gets the weights, and freezes the body." name="swapped_in_a_clone"
import keras


def swap_head(classifier, classes):
    clone = keras.models.clone_model(classifier)
    clone.set_weights(classifier.get_weights())
    for layer in clone.layers:
        layer.trainable = False
    new = keras.layers.Dense(classes, activation=keras.activations.softmax, kernel_regularizer="l2", name="new")
    return keras.Model(clone.input, new(clone.layers[-2].output))


# %% wrong "The new kernel is marked as trainable, but a constraint puts it back to where it started after each step." name="trial1_kernel_held_by_constraint"
