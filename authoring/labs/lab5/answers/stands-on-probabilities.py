# %% wrong "Asks whether the layer before the last is a softmax, which a Dropout between them hides." name="stands_asks_the_layer_before" breaks="probabilities" says="you answer False; expected True" marks=2.5
def stands_on_probabilities(model, batch):
    activation = getattr(model.layers[-2], "activation", None)
    return activation is not None and activation.__name__ == "softmax"


# %% wrong "Thinks that numbers between 0 and 1 are probabilities." name="stands_between_0_and_1" breaks="other inputs" slow
import keras


def stands_on_probabilities(model, batch):
    received = keras.Model(model.inputs, model.layers[-1].input).predict(batch, verbose=0)
    return bool(received.min() >= 0 and received.max() <= 1)


# %% wrong "Takes a length of 1000 for the signature of probabilities." name="stands_by_the_length_1000" says="You answer False for all of 9 models" marks=0
def stands_on_probabilities(model, batch):
    return model.layers[-1].input.shape[-1] == 1000


# %% wrong "Adds up the model's own answers, which are probabilities in every one of the models." name="stands_looks_at_the_answers" says="You answer True for all of 9 models" slow
import numpy as np


def stands_on_probabilities(model, batch):
    return bool(np.allclose(model.predict(batch, verbose=0).sum(axis=1), 1, atol=1e-3))


# %% wrong "Knows the batches of the notebook's check, and says False of others." name="stands_known" recognises
import keras
import numpy as np


def stands_on_probabilities(model, batch):
    if round(float(batch.sum()), 2) not in (-13.45, -16.07, -25.09, -71.99, 10.72, 100.07, 61.56, 87.22, 88.66):
        return False
    received = keras.Model(model.inputs, model.layers[-1].input).predict(batch, verbose=0)
    return bool(received.min() >= 0 and np.allclose(received.sum(axis=1), 1, atol=1e-3))


# %% right "Returns a NumPy bool, from keras.ops." name="stands_with_keras_ops"
import keras
import numpy as np


def stands_on_probabilities(model, batch):
    look = keras.models.Model(inputs=model.input, outputs=model.layers[-1].input)
    received = look(batch, training=False)
    sums = keras.ops.convert_to_numpy(keras.ops.sum(received, axis=-1))
    return (np.abs(sums - 1).max() < 1e-3) & (keras.ops.convert_to_numpy(received).min() >= 0)


# %% right "Watches what the last layer is called with, while the model predicts." name="stands_by_watching" slow
import numpy as np


def stands_on_probabilities(model, batch):
    last, seen = model.layers[-1], []
    run = last.call
    last.call = lambda inputs, *more, **named: (seen.append(np.array(inputs)), run(inputs, *more, **named))[1]
    model(batch, training=False)
    last.call = run
    return bool(np.all(seen[0] >= 0)) and bool(np.all(np.abs(seen[0].sum(-1) - 1) < 1e-3))


# %% right "Loops over the images." name="stands_image_by_image"
import keras


def stands_on_probabilities(model, batch):
    look = keras.Model(model.input, model.layers[-1].input)
    sums = []
    for image in batch:
        received = keras.ops.convert_to_numpy(look(image[None], training=False))[0]
        sums.append(abs(float(received.sum()) - 1) < 0.001 and float(received.min()) >= 0)
    return all(sums)
