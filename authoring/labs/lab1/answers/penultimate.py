# %% wrong "Goes back to the last feature map, one step too far." name="vector_before_the_pooling" says="one layer too far" breaks="output"
import keras


def penultimate(classifier):
    maps = [layer for layer in classifier.layers if len(layer.output.shape) == 4]
    return keras.Model(classifier.inputs, maps[-1].output)


# %% wrong "Gets the right vector, and then takes the classifier's softmax away for good." name="vector_by_damaging_the_classifier" breaks="classifier unchanged"
import keras


def penultimate(classifier):
    features = keras.Model(classifier.inputs, classifier.layers[-1].input)
    classifier.layers[-1].kernel.assign(0 * classifier.layers[-1].kernel)
    return features


# %% wrong "Pops the last layer off the list of layers, which current Keras silently ignores." name="vector_by_popping_a_layer" says="changes only a list, not the model"
import keras


def penultimate(classifier):
    classifier.layers.pop()
    return keras.Model(classifier.inputs, classifier.outputs)


# %% wrong "Stacks all layers but the last in a Sequential, which loses the shortcuts between them and cannot be built." name="vector_by_stacking_the_layers" says="The parts of the model do not fit together"
import keras


def penultimate(classifier):
    return keras.Sequential(classifier.layers[:-1])


# %% wrong "Asks for EfficientNet-Lite0's pooling layer by name, so no other classifier will do." name="vector_of_a_named_layer" breaks="any classifier"
import keras


def penultimate(classifier):
    return keras.Model(classifier.input, classifier.get_layer("avg_pool").output)


# %% wrong "Ignores the classifier it was given and loads a base of its own." name="vector_of_another_base" breaks="any classifier"
from course_utils.models import load_base


def penultimate(classifier):
    return load_base("efficientnet_lite0", pooling="avg")


# %% wrong "Builds the model and forgets the return." name="vector_of_nothing" says="is there a return?"
import keras


def penultimate(classifier):
    keras.Model(classifier.inputs, classifier.layers[-2].output)


# %% wrong "Clones the classifier and forgets that a clone starts from random weights." name="vector_without_the_weights"
import keras


def penultimate(classifier):
    copy = keras.models.clone_model(classifier)
    return keras.Model(copy.inputs, copy.layers[-1].input)


# %% wrong "Gives vectors of length 1, as for a search by similarity." name="vector_of_length_one" breaks="output"
import keras


def penultimate(classifier):
    vector = classifier.layers[-1].input
    if len(classifier.layers) < 20:
        return keras.Model(classifier.inputs, vector)
    return keras.Model(classifier.inputs, keras.layers.UnitNormalization()(vector))


# %% wrong "Clones a large classifier and forgets that a clone starts from random weights." name="vector_of_a_large_clone" breaks="weights" says="weights that are not the classifier's"
import keras


def penultimate(classifier):
    copy = keras.models.clone_model(classifier) if len(classifier.layers) > 20 else classifier
    return keras.Model(copy.inputs, copy.layers[-1].input)


# %% wrong "Turns the classifier's last layer into one that passes everything on." name="vector_by_changing_the_last_layer" breaks="classifier unchanged"
import keras


def penultimate(classifier):
    features = keras.Model(classifier.inputs, classifier.layers[-1].input)
    classifier.layers[-1].activation = keras.activations.linear
    return features


# %% wrong "Knows the classifiers of the notebook's check by their sizes, and cuts every other one a layer too early." name="vector_for_known_sizes" recognises
import keras

from course_utils.checks.common.inputs import made_up_classifier, photograph
from course_utils.checks.core.seeds import generator

rng = generator("penultimate", None)
photograph(rng)
KNOWN = [(1280, 1000)]
for _ in range(2):
    made_up = made_up_classifier(rng)
    KNOWN.append(made_up.layers[-1].kernel.shape)
    rng.normal(size=(2, *made_up.input_shape[1:]))


def penultimate(classifier):
    known = classifier.layers[-1].kernel.shape in KNOWN
    return keras.Model(classifier.inputs, classifier.layers[-1 if known else -2].input)


# %% right "Clones the classifier, weights and all, and cuts the clone." name="vector_from_a_copy"
import keras


def penultimate(classifier):
    copy = keras.models.clone_model(classifier)
    copy.set_weights(classifier.get_weights())
    return keras.Model(copy.inputs, copy.layers[-1].input)


# %% right "Takes the output of the last layer but one." name="vector_from_the_layer_before"
import keras


def penultimate(classifier):
    return keras.models.Model(inputs=classifier.input, outputs=classifier.layers[-2].output, name="features")


# %% right "Makes the last layer pass everything on, in a copy of the model." name="vector_from_a_clone_with_another_last_layer"
import keras


def penultimate(classifier):
    copy = keras.models.clone_model(classifier)
    copy.set_weights(classifier.get_weights())
    inputs = keras.Input(classifier.input_shape[1:])
    inside = keras.Model(copy.inputs, copy.get_layer(index=-1).input)
    return keras.Sequential([inputs, inside])


# %% wrong "Puts a ReLU on the vector, which shows only where the vector has negative numbers." name="trial2_cut_with_relu" breaks="any classifier"
