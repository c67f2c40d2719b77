# %% wrong "Preprocesses as it should, but divides by 255 first." name="features_divided_and_prepared" breaks="features" says="preprocess takes the pixels as they are"
from course_utils.models import preprocess


def vgg16_features(base, images):
    return base.predict(preprocess("vgg16", images / 255), verbose=0)


# %% wrong "Keeps the program's division, under another name." name="features_divided_by_255" breaks="features" says="That is what comes out when the images are divided by 255." marks=0
import numpy as np


def vgg16_features(base, images):
    scaled = np.asarray(images, dtype="float32") / 255.0
    return base.predict(scaled, verbose=0)


# %% wrong "Turns the colours to BGR by hand, and then preprocess does it again." name="features_with_colours_swapped_once_more" breaks="features" says="the images are red and blue swapped"
from course_utils.models import preprocess


def vgg16_features(base, images):
    return base.predict(preprocess("vgg16", images[..., ::-1]), verbose=0)


# %% wrong "Knows the shape of the notebook's images, and divides others by 255." name="features_known" recognises
from course_utils.models import preprocess


def vgg16_features(base, images):
    batch = preprocess("vgg16", images) if images.shape == (68, 48, 48, 3) else images / 255
    return base.predict(batch, verbose=0)


# %% right "Writes VGG16's preprocessing out." name="features_by_arithmetic"
import numpy as np


def vgg16_features(base, images):
    blue_green_red = images[..., ::-1].astype("float32") - np.array([103.939, 116.779, 123.68], "float32")
    return base.predict(blue_green_red, batch_size=2, verbose=0)


# %% right "Calls keras.applications and the model itself; returns a tensor." name="features_with_keras_s_own_preprocessing"
import keras
import numpy as np


def vgg16_features(base, images):
    batch = keras.applications.vgg16.preprocess_input(np.array(images, dtype="float32"))
    return base(batch, training=False)


# %% right "Puts the preprocessing into a model of its own, and takes the images from a tf.data pipeline." name="features_from_a_pipeline"
import keras
import numpy as np
import tensorflow as tf


def vgg16_features(base, images):
    data = tf.data.Dataset.from_tensor_slices(images.astype("float32")).batch(3)
    data = data.map(lambda batch: keras.applications.vgg16.preprocess_input(batch))
    return np.concatenate([base(batch, training=False).numpy() for batch in data])
