# %% wrong "Never looks at the cut." name="extractor_always_at_the_end" breaks="cut" says="expected"
from course_utils.models import load_base


def build_extractor(size, cut):
    return load_base("vgg16", input_shape=(size, size, 3), pooling="avg")


# %% wrong "Pops layers off the list of layers down to the cut, which current Keras silently ignores." name="extractor_by_popping_layers" says="changes a list and not the model" breaks="cut"
import keras

from course_utils.models import load_base


def build_extractor(size, cut):
    base = load_base("vgg16", input_shape=(size, size, 3))
    surplus = [layer.name for layer in base.layers[::-1]].index(cut)
    for _ in range(surplus):
        base.layers.pop()
    return keras.Sequential([base, keras.layers.GlobalAveragePooling2D()])


# %% wrong "Takes the largest number of each channel." name="extractor_of_maxima" says="gives the maxima" breaks="average"
from course_utils.models import load_base


def build_extractor(size, cut):
    return load_base("vgg16", input_shape=(size, size, 3), cut=cut, pooling="max")


# %% wrong "Leaves the size at 224, with which VGG16 was trained." name="extractor_of_one_size" breaks="input"
from course_utils.models import load_base


def build_extractor(size, cut):
    return load_base("vgg16", cut=cut, pooling="avg")


# %% wrong "Turns the pretrained weights off, because the size is not the one of training." name="extractor_of_random_weights" says="does not have its pretrained weights" breaks="pretrained weights"
from course_utils.models import load_base


def build_extractor(size, cut):
    return load_base("vgg16", weights=None, input_shape=(size, size, 3), cut=cut, pooling="avg")


# %% wrong "Flattens the map in place of averaging it." name="extractor_that_flattens" breaks="average"
import keras

from course_utils.models import load_base


def build_extractor(size, cut):
    return keras.Sequential([load_base("vgg16", input_shape=(size, size, 3), cut=cut), keras.layers.Flatten()])


# %% wrong "Puts the preprocessing into the model as well, so that images are preprocessed twice." name="extractor_that_prepares" says="preprocesses the image by itself" breaks="input"
import keras

from course_utils.models import load_base


def build_extractor(size, cut):
    images = keras.Input((size, size, 3))
    preprocessed = keras.applications.vgg16.preprocess_input(images)
    return keras.Model(images, load_base("vgg16", input_shape=(size, size, 3), cut=cut, pooling="avg")(preprocessed))


# %% wrong "Stops at the map." name="extractor_without_pooling" says="without any pooling" breaks="average"
from course_utils.models import load_base


def build_extractor(size, cut):
    return load_base("vgg16", input_shape=(size, size, 3), cut=cut)


# %% wrong "Takes the layer before the cut." name="extractor_one_layer_short" breaks="cut"
import keras

from course_utils.models import load_base


def build_extractor(size, cut):
    base = load_base("vgg16", input_shape=(size, size, 3))
    before = [layer.name for layer in base.layers].index(cut) - 1
    return keras.Model(base.input, keras.layers.GlobalAveragePooling2D()(base.layers[before].output))


# %% wrong "Clones the base, which leaves the weights behind." name="extractor_of_a_clone" breaks="pretrained weights" says="does not have its pretrained weights"
import keras

from course_utils.models import load_base


def build_extractor(size, cut):
    return keras.models.clone_model(load_base("vgg16", input_shape=(size, size, 3), cut=cut, pooling="avg"))


# %% wrong "Knows the cuts of the notebook's check, and ends at the end of the base for every other." name="extractor_for_known_cuts" recognises
from course_utils.checks.core.seeds import generator
from course_utils.checks.lab2.exercises import sizes_and_cuts
from course_utils.models import load_base

KNOWN = sizes_and_cuts(generator("build_extractor", None))


def build_extractor(size, cut):
    known = (size, cut) in KNOWN
    return load_base("vgg16", input_shape=(size, size, 3), cut=cut if known else "block1_pool", pooling="avg")


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


# %% right "Goes through the layers one by one until the cut." name="extractor_layer_by_layer"
import keras

from course_utils.models import load_base


def build_extractor(size, cut):
    inputs = x = keras.Input((size, size, 3))
    for layer in load_base("vgg16", input_shape=(size, size, 3)).layers[1:]:
        x = layer(x)
        if layer.name == cut:
            break
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x))


# %% wrong "Averages blocks of 2 x 2 first, padded, so that the border of a map with an odd side counts more than the rest." name="trial2_average_of_uneven_blocks"
