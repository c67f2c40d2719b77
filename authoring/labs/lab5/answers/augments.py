# %% wrong "Does not look into models inside the model." name="augments_at_the_top_only" breaks="augmenting" says="in a model inside the model you answer False" marks=2.5
def augments(model, images):
    return any(type(layer).__name__.startswith("Random") for layer in model.layers)


# %% wrong "Takes whatever is random in training, a Dropout too, for augmentation." name="augments_if_two_passes_differ" breaks="not augmenting" says="that has a Dropout and changes no image you answer True" marks=2.5
import numpy as np


def augments(model, images):
    first, second = model(images, training=True), model(images, training=True)
    return not np.allclose(first, second)


# %% wrong "Compares two passes outside training, where augmentation is off." name="augments_outside_training" says="You answer False for all of 6 models" marks=0 slow
import numpy as np


def augments(model, images):
    return not np.allclose(model.predict(images, verbose=0), model.predict(images, verbose=0))


# %% wrong "Knows the images of the notebook's check, and says False of others." name="augments_known" recognises
from course_utils import inspect


def augments(model, images):
    if round(float(images.sum()), 2) not in (-31.54, 20.49, 43.01, 47.27, 8.75, 9.41):
        return False
    return any(type(layer).__name__.startswith("Random") for _, layer in inspect.leaf_layers(model))


# %% right "Searches the layers with a function that calls itself." name="augments_by_its_own_search"
import keras


def augments(model, images):
    kinds = (
        keras.layers.RandomFlip,
        keras.layers.RandomRotation,
        keras.layers.RandomZoom,
        keras.layers.RandomTranslation,
    )
    return any(
        isinstance(layer, kinds) or (hasattr(layer, "layers") and augments(layer, images)) for layer in model.layers
    )


# %% right "Looks at what reaches the base in two passes of training." name="augments_by_what_reaches_the_base" slow
import numpy as np


def augments(model, images):
    base = model.get_layer("base")
    first = base.layers[1]
    seen, run = [], first.call
    first.call = lambda inputs, *more, **named: (seen.append(np.array(inputs)), run(inputs, *more, **named))[1]
    for _ in range(2):
        model(images, training=True)
    first.call = run
    return not np.array_equal(*seen)


# %% right "Reads the configuration of the model." name="augments_by_the_configuration"
import json


def augments(model, images):
    return '"class_name": "Random' in json.dumps(model.get_config(), default=str)


# %% wrong "Reads the layer's name, where its class says what it does." name="random_in_the_name" breaks="augmenting"
def augments(model, images):
    return any("random" in layer.name for _, layer in inspect.leaf_layers(model))
