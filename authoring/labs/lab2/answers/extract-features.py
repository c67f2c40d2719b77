# %% wrong "Makes rows of the right shape and never asks the extractor." name="extracted_zeros"
import numpy as np


def extract_features(extractor, images):
    return np.zeros((len(images), extractor.output_shape[1]), np.float32)


# %% wrong "Calls the extractor with training=True." name="features_as_in_training" says="must act as in prediction" breaks="prediction mode"
import numpy as np

from course_utils.models import preprocess


def extract_features(extractor, images):
    return np.asarray(extractor(preprocess("vgg16", images), training=True))


# %% wrong "Returns the batches without joining them." name="features_in_a_list_of_batches" breaks="shape"
from course_utils.models import preprocess


def extract_features(extractor, images):
    return [
        extractor.predict(preprocess("vgg16", images[start : start + 32]), verbose=0)
        for start in range(0, len(images), 32)
    ]


# %% wrong "Forgets the preparation." name="features_of_bare_pixels" says="The images are not preprocessed" breaks="preprocessing"
def extract_features(extractor, images):
    return extractor.predict(images.astype("float32"), verbose=0)


# %% wrong "Divides by 255, as one does for a network trained from scratch." name="features_of_scaled_pixels" says="divided by 255, which is not" breaks="preprocessing"
def extract_features(extractor, images):
    return extractor.predict(images / 255.0, verbose=0)


# %% wrong "Prepares as for MobileNetV2." name="features_preprocessed_for_another_base" says="preprocessed for mobilenet_v2" breaks="preprocessing"
from course_utils.models import preprocess


def extract_features(extractor, images):
    return extractor.predict(preprocess("mobilenet_v2", images), verbose=0)


# %% wrong "Prepares the images, and lets extract prepare them again." name="features_preprocessed_twice" says="preprocessed twice" breaks="preprocessing"
from course_utils.features import extract
from course_utils.models import preprocess


def extract_features(extractor, images):
    images = preprocess("vgg16", images)
    return extract(extractor, images, preprocess="vgg16", store=False, progress=False)


# %% wrong "Divides by 255 first and prepares then." name="features_scaled_then_preprocessed" says="after a division by 255" breaks="preprocessing"
from course_utils.models import preprocess


def extract_features(extractor, images):
    return extractor.predict(preprocess("vgg16", images / 255.0), verbose=0)


# %% wrong "Turns the colours round first, because VGG16 wants blue first; the preparation does that too." name="features_with_red_for_blue" says="Red and blue have changed places." breaks="preprocessing"
from course_utils.models import preprocess


def extract_features(extractor, images):
    return extractor.predict(preprocess("vgg16", images[..., ::-1]), verbose=0)


# %% wrong "Goes through whole batches only and drops the rest." name="features_without_the_last_batch" breaks="shape" says="Is the last batch"
import numpy as np

from course_utils.models import preprocess


def extract_features(extractor, images):
    rows = []
    for start in range(0, max(1, len(images) - 31), 32):
        rows.append(extractor.predict(preprocess("vgg16", images[start : start + 32]), verbose=0))
    return np.concatenate(rows)


# %% wrong "Lets a tf.data pipeline shuffle the images." name="features_shuffled" breaks="order" says="in another order than the images"
import tensorflow as tf

from course_utils.models import preprocess


def extract_features(extractor, images):
    data = tf.data.Dataset.from_tensor_slices(preprocess("vgg16", images)).shuffle(1000, seed=1).batch(32)
    return extractor.predict(data, verbose=0)


# %% wrong "Takes the largest batch size first, and puts the rest in front." name="features_with_the_rest_in_front" breaks="order"
import numpy as np

from course_utils.models import preprocess


def extract_features(extractor, images):
    whole = len(images) // 64 * 64
    first, rest = images[:whole], images[whole:]
    rows = [extractor.predict(preprocess("vgg16", some), verbose=0) for some in (rest, first) if len(some)]
    return np.concatenate(rows)


# %% wrong "Subtracts the mean of the images it is given instead of ImageNet's." name="features_centred_on_their_own_mean" breaks="preprocessing"
def extract_features(extractor, images):
    pixels = images[..., ::-1].astype("float32")
    return extractor.predict(pixels - pixels.mean(axis=(0, 1, 2)), verbose=0)


# %% wrong "Knows how many images the notebook's check gives, and forgets the preprocessing for any other number." name="features_for_a_known_number" recognises
from course_utils.checks.core.seeds import generator
from course_utils.models import preprocess

KNOWN = int(generator("extract_features", None).integers(66, 90))


def extract_features(extractor, images):
    known = len(images) == KNOWN
    return extractor.predict(preprocess("vgg16", images) if known else images.astype("float32"), verbose=0)


# %% right "Prepares by hand, calls the extractor batch by batch, returns a tensor." name="features_batch_by_batch"
import keras
import numpy as np


def extract_features(extractor, images):
    rows = []
    for start in range(0, len(images), 16):
        batch = images[start : start + 16, :, :, ::-1].astype("float32") - np.array(
            [103.939, 116.779, 123.68], "float32"
        )
        rows.append(extractor(batch, training=False))
    return keras.ops.concatenate(rows, axis=0)


# %% right "Prepares everything at once and lets predict make the batches." name="features_by_predict"
from course_utils.models import preprocess


def extract_features(extractor, images):
    return extractor.predict(preprocess("vgg16", images), batch_size=64, verbose=0)


# %% right "Lets the course prepare, run and remember." name="features_from_the_store"
from course_utils.features import extract


def extract_features(extractor, images):
    return extract(extractor, images, preprocess="auto", progress=False)


# %% right "Maps the preprocessing over a tf.data pipeline." name="features_by_tf_data"
import tensorflow as tf
from keras.applications.vgg16 import preprocess_input


def extract_features(extractor, images):
    data = tf.data.Dataset.from_tensor_slices(images).batch(16)
    return extractor.predict(data.map(lambda batch: preprocess_input(tf.cast(batch, tf.float32))), verbose=0)
