# %% wrong "Goes back to the last feature map, one step too far." name="vector_before_the_pooling" breaks="the vector that the last layer receives" says="one layer too far"
import keras


def penultimate(classifier):
    maps = [layer for layer in classifier.layers if len(layer.output.shape) == 4]
    return keras.Model(classifier.inputs, maps[-1].output)


# %% wrong "Gets the right vector, and then takes the classifier's softmax away for good." name="vector_by_damaging_the_classifier" breaks="the classifier itself is left as it was"
import keras


def penultimate(classifier):
    features = keras.Model(classifier.inputs, classifier.layers[-1].input)
    classifier.layers[-1].kernel.assign(0 * classifier.layers[-1].kernel)
    return features


# %% wrong "Pops the last layer off the list of layers, which current Keras silently ignores." name="vector_by_popping_a_layer" breaks="the last layer is left out" says="changes only a list, not the model"
import keras


def penultimate(classifier):
    classifier.layers.pop()
    return keras.Model(classifier.inputs, classifier.outputs)


# %% wrong "Stacks all layers but the last in a Sequential, which loses the shortcuts between them and cannot be built." name="vector_by_stacking_the_layers" says="The parts of the model do not fit together"
import keras


def penultimate(classifier):
    return keras.Sequential(classifier.layers[:-1])


# %% wrong "Asks for EfficientNet-Lite0's pooling layer by name, so no other classifier will do." name="vector_of_a_named_layer" breaks="another classifier"
import keras


def penultimate(classifier):
    return keras.Model(classifier.input, classifier.get_layer("avg_pool").output)


# %% wrong "Ignores the classifier it was given and loads a base of its own." name="vector_of_another_base" breaks="another classifier"
from course_utils.models import load_base


def penultimate(classifier):
    return load_base("efficientnet_lite0", pooling="avg")


# %% wrong "Builds the model and forgets the return." name="vector_of_nothing" says="is there a return?" marks=0
import keras


def penultimate(classifier):
    keras.Model(classifier.inputs, classifier.layers[-2].output)


# %% wrong "Clones the classifier and forgets that a clone starts from random weights." name="vector_without_the_weights" breaks="the classifier's own weights"
import keras


def penultimate(classifier):
    copy = keras.models.clone_model(classifier)
    return keras.Model(copy.inputs, copy.layers[-1].input)


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
