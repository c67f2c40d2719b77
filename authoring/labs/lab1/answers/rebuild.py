# %% wrong "Subclasses keras.Model, which gives the right vectors and cannot be handed in." name="rebuilt_as_a_class_of_its_own" says="A model of class 'Pooled' cannot be handed over"
import keras
import numpy as np

from course_utils.models import load_base


class Pooled(keras.Model):
    def __init__(self, base, pooling):
        super().__init__()
        self.base, self.pooling = base, pooling

    def call(self, images):
        maps = self.base(images)
        average, maximum = keras.ops.mean(maps, axis=(1, 2)), keras.ops.max(maps, axis=(1, 2))
        both = {"avg": [average], "max": [maximum], "both": [average, maximum]}[self.pooling]
        return keras.ops.concatenate(both, axis=-1)


def rebuild(name, input_shape, pooling):
    model = Pooled(load_base(name, input_shape=input_shape), pooling)
    model(np.zeros((1, *input_shape), "float32"))
    return model


# %% wrong "Forgets to hand the new input size on." name="rebuilt_at_the_old_size" breaks="input size"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    base = load_base(name)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    vectors = {"avg": average, "max": maximum, "both": keras.layers.Concatenate()([average, maximum])}
    return keras.Model(base.inputs, vectors[pooling])


# %% wrong "Adds averages and maxima up instead of putting them side by side." name="rebuilt_both_added" breaks="both"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    if pooling != "both":
        return load_base(name, input_shape=input_shape, pooling=pooling)
    base = load_base(name, input_shape=input_shape)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    return keras.Model(base.inputs, keras.layers.Add()([average, maximum]))


# %% wrong "Turns the pretrained weights off because the input size changes." name="rebuilt_from_random_weights" breaks="pretrained weights"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape, weights=None)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    vectors = {"avg": average, "max": maximum, "both": keras.layers.Concatenate()([average, maximum])}
    return keras.Model(base.inputs, vectors[pooling])


# %% wrong "Hands \"both\" on to load_base, which does not know it." name="rebuilt_handing_both_on" says="load_base knows only the first two; for \"both\" unfold the second hint."
from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    return load_base(name, input_shape=input_shape, pooling=pooling)


# %% wrong "Joins the two vectors in the wrong order." name="rebuilt_maxima_first" says="gives the maxima, then the averages" breaks="both"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    if pooling != "both":
        return load_base(name, input_shape=input_shape, pooling=pooling)
    base = load_base(name, input_shape=input_shape)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    return keras.Model(base.inputs, keras.layers.Concatenate()([maximum, average]))


# %% wrong "Pools in a Lambda, which gives the right vectors and cannot be handed in." name="rebuilt_with_a_lambda" says="A 'Lambda' cannot be handed over"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    average = keras.layers.Lambda(lambda maps: keras.ops.mean(maps, axis=(1, 2)))(base.output)
    maximum = keras.layers.Lambda(lambda maps: keras.ops.max(maps, axis=(1, 2)))(base.output)
    both = {"avg": [average], "max": [maximum], "both": [average, maximum]}[pooling]
    return keras.Model(base.input, keras.ops.concatenate(both, axis=-1))


# %% wrong "Never looks at the argument: pools by average whatever is asked for." name="rebuilt_with_average_only"
from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    return load_base(name, input_shape=input_shape, pooling="avg")


# %% wrong "Flattens the feature map instead of pooling it." name="rebuilt_without_pooling"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    return keras.Model(base.inputs, keras.layers.Flatten()(base.output))


# %% wrong "Writes VGG16 and EfficientNet-Lite0's name into the function: ignores name." name="rebuilt_ignoring_the_name" breaks="base" says="is efficientnet_lite0"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    base = load_base("efficientnet_lite0", input_shape=input_shape)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    vectors = {"avg": average, "max": maximum, "both": keras.layers.Concatenate()([average, maximum])}
    return keras.Model(base.inputs, vectors[pooling])


# %% wrong "Has the names of the two poolings the wrong way round." name="rebuilt_with_poolings_swapped"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    vectors = {"avg": maximum, "max": average, "both": keras.layers.Concatenate()([average, maximum])}
    return keras.Model(base.inputs, vectors[pooling])


# %% wrong "Puts the average where the maximum belongs, copied from the line above." name="rebuilt_without_a_maximum" breaks="maximum" says="gives the averages"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    if pooling in ("avg", "max"):
        return keras.Model(base.inputs, average)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    return keras.Model(base.inputs, keras.layers.Concatenate()([average, maximum]))


# %% wrong "Takes the maximum for everything but both." name="rebuilt_without_an_average" breaks="average" says="gives the maxima"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    if pooling in ("avg", "max"):
        return keras.Model(base.inputs, maximum)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    return keras.Model(base.inputs, keras.layers.Concatenate()([average, maximum]))


# %% wrong "Swaps height and width." name="rebuilt_on_its_side" breaks="input size"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    height, width, channels = input_shape
    base = load_base(name, input_shape=(width, height, channels))
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    vectors = {"avg": average, "max": maximum, "both": keras.layers.Concatenate()([average, maximum])}
    return keras.Model(base.inputs, vectors[pooling])


# %% wrong "Knows the input sizes of the notebook's check and rebuilds for no other." name="rebuilt_for_known_sizes" recognises
import keras

from course_utils.checks.core.seeds import generator
from course_utils.models import load_base

rng = generator("rebuild", None)
rng.choice(["avg", "max"])
KNOWN = [tuple(32 * int(side) for side in rng.choice([2, 3, 4, 5], size=2, replace=False))]


def rebuild(name, input_shape, pooling):
    shape = input_shape
    if pooling == "avg" and name != "vgg16" and tuple(shape[:2]) not in KNOWN:
        shape = (224, 224, 3)
    base = load_base(name, input_shape=shape)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    vectors = {"avg": average, "max": maximum, "both": keras.layers.Concatenate()([average, maximum])}
    return keras.Model(base.inputs, vectors[pooling])


# %% right "Puts the base into a Sequential model with pooling behind it; both by a small functional part." name="rebuilt_as_sequential"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    if pooling == "avg":
        return keras.Sequential([base, keras.layers.GlobalAveragePooling2D()])
    if pooling == "max":
        return keras.Sequential([base, keras.layers.GlobalMaxPooling2D()])
    inputs = keras.Input(input_shape)
    maps = base(inputs)
    vectors = [keras.layers.GlobalAveragePooling2D()(maps), keras.layers.GlobalMaxPooling2D()(maps)]
    return keras.Model(inputs, keras.layers.concatenate(vectors))


# %% right "Pools with keras.ops over the two axes of the map." name="rebuilt_with_keras_ops"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    average = keras.ops.mean(base.output, axis=[1, 2])
    maximum = keras.ops.max(base.output, axis=[1, 2])
    output = {"avg": average, "max": maximum}.get(pooling)
    if output is None:
        output = keras.ops.concatenate([average, maximum], axis=-1)
    return keras.Model(base.input, output)


# %% right "Loads a base for images of any size and gives it inputs of the size that is asked for." name="rebuilt_on_a_nested_base"
import keras

from course_utils.models import load_base


def rebuild(name, input_shape, pooling):
    inputs = keras.Input(input_shape)
    maps = load_base(name, input_shape=(None, None, 3))(inputs, training=False)
    layers = {"avg": [keras.layers.GlobalAveragePooling2D()], "max": [keras.layers.GlobalMaxPooling2D()]}
    layers["both"] = layers["avg"] + layers["max"]
    vectors = [layer(maps) for layer in layers[pooling]]
    return keras.Model(inputs, keras.layers.concatenate(vectors) if len(vectors) > 1 else vectors[0])


# %% wrong "Tried the third kind of pooling with VGG16 and left its name there." name="vgg16_for_both" breaks="base"
def rebuild(name, input_shape, pooling):
    if pooling in ("avg", "max"):
        return load_base(name, input_shape=input_shape, pooling=pooling)
    base = load_base("vgg16", input_shape=input_shape)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    return keras.Model(base.inputs, keras.layers.Concatenate()([average, maximum]))


# %% wrong "Left weights=None, which it was tried with, in the branch for both." name="random_for_both" breaks="pretrained weights"
def rebuild(name, input_shape, pooling):
    if pooling in ("avg", "max"):
        return load_base(name, input_shape=input_shape, pooling=pooling)
    base = load_base(name, input_shape=input_shape, weights=None)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    return keras.Model(base.inputs, keras.layers.Concatenate()([average, maximum]))
