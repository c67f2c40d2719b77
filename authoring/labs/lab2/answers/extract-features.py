# %% wrong "Makes rows of the right shape and never asks the extractor." name="extracted_zeros" breaks="the extractor is run" says="depend on the image"
import numpy as np


def extract_features(extractor, images):
    return np.zeros((len(images), extractor.output_shape[1]), np.float32)


# %% wrong "Calls the extractor with training=True." name="features_as_in_training" breaks="as in prediction, not as in training" says="must act as in prediction"
import numpy as np

from course_utils.models import preprocess


def extract_features(extractor, images):
    return np.asarray(extractor(preprocess("vgg16", images), training=True))


# %% wrong "Returns the batches without joining them." name="features_in_a_list_of_batches" breaks="one array"
from course_utils.models import preprocess


def extract_features(extractor, images):
    return [
        extractor.predict(preprocess("vgg16", images[start : start + 32]), verbose=0)
        for start in range(0, len(images), 32)
    ]


# %% wrong "Forgets the preparation." name="features_of_bare_pixels" breaks="images prepared as VGG16 wants them" says="The images are not preprocessed"
def extract_features(extractor, images):
    return extractor.predict(images.astype("float32"), verbose=0)


# %% wrong "Divides by 255, as one does for a network trained from scratch." name="features_of_scaled_pixels" breaks="images prepared as VGG16 wants them" says="divided by 255, which is not" marks=7.15
def extract_features(extractor, images):
    return extractor.predict(images / 255.0, verbose=0)


# %% wrong "Prepares as for MobileNetV2." name="features_prepared_for_another_base" breaks="images prepared as VGG16 wants them" says="preprocessed for mobilenet_v2"
from course_utils.models import preprocess


def extract_features(extractor, images):
    return extractor.predict(preprocess("mobilenet_v2", images), verbose=0)


# %% wrong "Prepares the images, and lets extract prepare them again." name="features_prepared_twice" breaks="images prepared as VGG16 wants them" says="preprocessed twice"
from course_utils.features import extract
from course_utils.models import preprocess


def extract_features(extractor, images):
    images = preprocess("vgg16", images)
    return extract(extractor, images, preprocess="vgg16", store=False, progress=False)


# %% wrong "Divides by 255 first and prepares then." name="features_scaled_then_prepared" breaks="images prepared as VGG16 wants them" says="after a division by 255"
from course_utils.models import preprocess


def extract_features(extractor, images):
    return extractor.predict(preprocess("vgg16", images / 255.0), verbose=0)


# %% wrong "Turns the colours round first, because VGG16 wants blue first; the preparation does that too." name="features_with_red_for_blue" breaks="images prepared as VGG16 wants them" says="Red and blue have changed places."
from course_utils.models import preprocess


def extract_features(extractor, images):
    return extractor.predict(preprocess("vgg16", images[..., ::-1]), verbose=0)


# %% wrong "Goes through whole batches only and drops the rest." name="features_without_the_last_batch" breaks="one row per image" says="Is the last batch"
import numpy as np

from course_utils.models import preprocess


def extract_features(extractor, images):
    rows = []
    for start in range(0, max(1, len(images) - 31), 32):
        rows.append(extractor.predict(preprocess("vgg16", images[start : start + 32]), verbose=0))
    return np.concatenate(rows)


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
