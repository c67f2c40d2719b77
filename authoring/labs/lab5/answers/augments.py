# %% wrong "Does not look into models inside the model." name="augments_at_the_top_only" breaks="models that augment" says="in a model inside the model you answer False" marks=2.5
def augments(model, images):
    return any(type(layer).__name__.startswith("Random") for layer in model.layers)


# %% wrong "Takes whatever is random in training, a Dropout too, for augmentation." name="augments_if_two_passes_differ" breaks="models that do not" says="that has a Dropout and changes no image you answer True" marks=2.5
import numpy as np


def augments(model, images):
    first, second = model(images, training=True), model(images, training=True)
    return not np.allclose(first, second)


# %% wrong "Compares two passes outside training, where augmentation is off." name="augments_outside_training" breaks="in training only" says="You answer False for all of 6 models" marks=0 slow
import numpy as np


def augments(model, images):
    return not np.allclose(model.predict(images, verbose=0), model.predict(images, verbose=0))


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
