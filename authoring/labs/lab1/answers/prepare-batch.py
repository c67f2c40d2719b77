# %% wrong "Returns a list of prepared photographs that were never stacked." name="batch_as_a_list" breaks="one array" says="np.stack joins equal images"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    batch = []
    for photo in photos:
        square = np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224)))
        batch.append(preprocess(name, square))
    return batch


# %% wrong "Allocates the batch as uint8, so that what was prepared is cut off when it is put in." name="batch_back_to_uint8" breaks="dtype" says="expected float32"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    batch = np.zeros((len(photos), 224, 224, 3), dtype="uint8")
    for index, photo in enumerate(photos):
        square = np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224)))
        batch[index] = preprocess(name, square).astype("int64")
    return batch


# %% wrong "Turns RGB to BGR by hand, although the preprocessing for VGG16 does so itself." name="batch_colours_turned_by_hand" breaks="preprocessed as the base was trained" says="Red and blue have changed places"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return preprocess(name, np.stack(squares)[..., ::-1])


# %% wrong "Takes np.resize for resizing: it cuts and repeats pixels until the count is right." name="batch_cropped_not_resized" breaks="resized as a whole"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.resize(np.asarray(Image.fromarray(photo).convert("RGB")), (224, 224, 3)) for photo in photos]
    return preprocess(name, np.stack(squares))


# %% wrong "Divides by 255, as for a network of one's own, instead of preprocessing for the base." name="batch_divided_by_255" breaks="preprocessed as the base was trained" says="which is not what vgg16 was trained with"
import numpy as np
from PIL import Image


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return np.stack(squares).astype("float32") / 255


# %% wrong "Tried with VGG16 only: the name is written into the function." name="batch_for_one_base_only" breaks="values for mobilenet_v2" says="The images are preprocessed for vgg16"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return preprocess("vgg16", np.stack(squares))


# %% wrong "Counts on three channels, so a grey photograph or one with transparency ends in an error." name="batch_grey_forgotten" breaks="greyscale and transparent photographs" says="greyscale and transparent photographs: Your function raised" marks=17
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).resize((224, 224))) for photo in photos]
    return preprocess(name, np.stack(squares))


# %% wrong "Turns every photograph on its side while sorting out which axis is the width." name="batch_height_and_width_swapped" says="Height and width have changed places"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = []
    for photo in photos:
        image = Image.fromarray(photo).convert("RGB").resize((224, 224))
        squares.append(np.asarray(image).transpose(1, 0, 2))
    return preprocess(name, np.stack(squares))


# %% wrong "Does the arithmetic by hand in float64 and leaves it there." name="batch_in_double_precision" breaks="dtype" marks=17
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return preprocess(name, np.stack(squares)).astype(float)


# %% wrong "Stacks the photographs as they come, which only works while all are of one size." name="batch_never_resized" breaks="resized" says="Resize each photograph before stacking."
import numpy as np

from course_utils.models import preprocess


def prepare_batch(photos, name):
    return preprocess(name, np.stack(photos))


# %% wrong "Resizes and stacks, and forgets the preprocessing." name="batch_not_preprocessed" breaks="preprocessed as the base was trained" says="The images are not preprocessed"
import numpy as np
from PIL import Image


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return np.stack(squares).astype(np.float32)


# %% wrong "Preprocesses every photograph and then the batch once more." name="batch_preprocessed_twice" breaks="preprocessed as the base was trained" says="The images are preprocessed twice"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    squares = [preprocess(name, square) for square in squares]
    return preprocess(name, np.stack(squares))


# %% wrong "Divides by 255 first, so that the preprocessing sees nearly black images." name="batch_scaled_before_preprocessing" breaks="preprocessed as the base was trained" says="preprocessed after a division by 255"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) / 255.0 for photo in photos]
    return preprocess(name, np.stack(squares))


# %% wrong "Squeezes the result, so that one photograph alone loses the batch axis." name="batch_without_its_axis" breaks="one array, a row per photograph" says="The first axis counts photographs"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return np.squeeze(preprocess(name, np.stack(squares)))


# %% right "Writes out each base's preprocessing instead of calling it; fills an array made beforehand." name="batch_arithmetic_by_hand"
import numpy as np
from PIL import Image


def prepare_batch(photos, name):
    batch = np.empty((len(photos), 224, 224, 3), dtype=np.float32)
    for row, photo in enumerate(photos):
        image = Image.fromarray(photo).convert("RGB").resize((224, 224), Image.Resampling.LANCZOS)
        pixels = np.asarray(image, dtype=np.float32)
        if name == "vgg16":
            batch[row] = pixels[..., ::-1] - [103.939, 116.779, 123.68]
        elif name == "mobilenet_v2":
            batch[row] = pixels / 127.5 - 1
        else:
            batch[row] = (pixels - 127) / 128
    return batch


# %% right "Preprocesses each photograph by itself and joins one-image batches; nearest pixels." name="batch_one_by_one"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    rows = []
    for photo in photos:
        image = Image.fromarray(photo).convert("RGB").resize((224, 224), Image.Resampling.NEAREST)
        rows.append(preprocess(name, np.array(image))[None])
    return np.concatenate(rows, axis=0)


# %% right "Preprocesses at full size and resizes afterwards with scikit-image." name="batch_prepared_before_resizing"
import numpy as np
import skimage.transform

from course_utils.models import preprocess


def prepare_batch(photos, name):
    batch = []
    for photo in photos:
        colour = np.dstack([photo, photo, photo]) if photo.ndim == 2 else photo[:, :, 0:3]
        batch.append(skimage.transform.resize(preprocess(name, colour), (224, 224), preserve_range=True))
    return np.array(batch, dtype="float32")


# %% right "Resizes with keras.ops and returns a tensor of the backend." name="batch_with_keras_tensors"
import keras
import numpy as np

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = []
    for photo in photos:
        if photo.ndim == 2:
            photo = np.repeat(photo[:, :, np.newaxis], 3, axis=2)
        squares.append(keras.ops.image.resize(photo[:, :, :3].astype("float32"), (224, 224), interpolation="bilinear"))
    pixels = keras.ops.stack(squares)
    return keras.ops.convert_to_tensor(preprocess(name, keras.ops.convert_to_numpy(pixels)))
