# %% wrong "Asks whether the layer before the last is a softmax, which a Dropout between them hides." name="stands_asks_the_layer_before" breaks="sick models" says="with a Dropout between them you answer False" marks=2.5
def stands_on_probabilities(model, batch):
    activation = getattr(model.layers[-2], "activation", None)
    return activation is not None and activation.__name__ == "softmax"


# %% wrong "Thinks that numbers between 0 and 1 are probabilities." name="stands_between_0_and_1" breaks="sound models" slow
import keras


def stands_on_probabilities(model, batch):
    received = keras.Model(model.inputs, model.layers[-1].input).predict(batch, verbose=0)
    return bool(received.min() >= 0 and received.max() <= 1)


# %% wrong "Takes a length of 1000 for the signature of probabilities." name="stands_by_the_length_1000" says="You answer False for all of 7 models" marks=0
def stands_on_probabilities(model, batch):
    return model.layers[-1].input.shape[-1] == 1000


# %% wrong "Adds up the model's own answers, which are probabilities in every one of the models." name="stands_looks_at_the_answers" says="You answer True for all of 7 models" slow
import numpy as np


def stands_on_probabilities(model, batch):
    return bool(np.allclose(model.predict(batch, verbose=0).sum(axis=1), 1, atol=1e-3))


# %% right "Returns a NumPy bool, from keras.ops." name="stands_with_keras_ops"
import keras
import numpy as np


def stands_on_probabilities(model, batch):
    look = keras.models.Model(inputs=model.input, outputs=model.layers[-1].input)
    sums = keras.ops.convert_to_numpy(keras.ops.sum(look(batch, training=False), axis=-1))
    return np.abs(sums - 1).max() < 1e-3
