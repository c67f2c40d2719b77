# %% wrong "Never looks at the cut." name="extractor_always_at_the_end" breaks="another size and another cut" says="whatever cut is" marks=7.2
from course_utils.models import load_base


def build_extractor(size, cut):
    return load_base("vgg16", input_shape=(size, size, 3), pooling="avg")


# %% wrong "Pops layers off the list of layers down to the cut, which current Keras silently ignores." name="extractor_by_popping_layers" breaks="another size and another cut" says="changes a list and not the model"
import keras

from course_utils.models import load_base


def build_extractor(size, cut):
    base = load_base("vgg16", input_shape=(size, size, 3))
    surplus = [layer.name for layer in base.layers[::-1]].index(cut)
    for _ in range(surplus):
        base.layers.pop()
    return keras.Sequential([base, keras.layers.GlobalAveragePooling2D()])


# %% wrong "Takes the largest number of each channel." name="extractor_of_maxima" breaks="average" says="These are the maxima."
from course_utils.models import load_base


def build_extractor(size, cut):
    return load_base("vgg16", input_shape=(size, size, 3), cut=cut, pooling="max")


# %% wrong "Leaves the size at 224, with which VGG16 was trained." name="extractor_of_one_size" breaks="the size asked for"
from course_utils.models import load_base


def build_extractor(size, cut):
    return load_base("vgg16", cut=cut, pooling="avg")


# %% wrong "Turns the pretrained weights off, because the size is not the one of training." name="extractor_of_random_weights" breaks="ImageNet's weights" says="does the base have its pretrained weights?"
from course_utils.models import load_base


def build_extractor(size, cut):
    return load_base("vgg16", weights=None, input_shape=(size, size, 3), cut=cut, pooling="avg")


# %% wrong "Flattens the map in place of averaging it." name="extractor_that_flattens" breaks="average"
import keras

from course_utils.models import load_base


def build_extractor(size, cut):
    return keras.Sequential([load_base("vgg16", input_shape=(size, size, 3), cut=cut), keras.layers.Flatten()])


# %% wrong "Puts the preparation into the model as well, so that images are prepared twice." name="extractor_that_prepares" breaks="takes images that are already prepared" says="preprocesses the image by itself"
import keras

from course_utils.models import load_base


def build_extractor(size, cut):
    images = keras.Input((size, size, 3))
    prepared = keras.applications.vgg16.preprocess_input(images)
    return keras.Model(images, load_base("vgg16", input_shape=(size, size, 3), cut=cut, pooling="avg")(prepared))


# %% wrong "Stops at the map." name="extractor_without_pooling" breaks="average" says="without any pooling"
from course_utils.models import load_base


def build_extractor(size, cut):
    return load_base("vgg16", input_shape=(size, size, 3), cut=cut)


# %% right "Cuts by hand; takes images of any size." name="extractor_for_any_size"
import keras

from course_utils.models import load_base


def build_extractor(size, cut):
    base = load_base("vgg16", input_shape=(None, None, 3))
    base.trainable = False
    return keras.Model(base.inputs, keras.layers.GlobalAveragePooling2D()(base.get_layer(cut).output), name="extractor")


# %% right "Stacks a cut base and an average by keras.ops in the functional way." name="extractor_sequential"
import keras

from course_utils.models import load_base


def build_extractor(size, cut):
    images = keras.Input((size, size, 3))
    base = load_base("vgg16", input_shape=(size, size, 3))
    part = keras.Sequential(base.layers[: [layer.name for layer in base.layers].index(cut) + 1])
    return keras.Model(images, keras.ops.mean(part(images), axis=(1, 2)))
