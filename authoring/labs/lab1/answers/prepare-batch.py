# %% wrong "Returns a list of prepared photographs that were never stacked." name="batch_as_a_list" says="np.stack joins equal images" breaks="shape"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    batch = []
    for photo in photos:
        square = np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224)))
        batch.append(preprocess(name, square))
    return batch


# %% wrong "Allocates the batch as uint8, so that what was prepared is cut off when it is put in." name="batch_back_to_uint8" says="expected float32"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    batch = np.zeros((len(photos), 224, 224, 3), dtype="uint8")
    for index, photo in enumerate(photos):
        square = np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224)))
        batch[index] = preprocess(name, square).astype("int64")
    return batch


# %% wrong "Turns RGB to BGR by hand, although the preprocessing for VGG16 does so itself." name="batch_colours_turned_by_hand" says="Red and blue have changed places" breaks="preprocessing"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return preprocess(name, np.stack(squares)[..., ::-1])


# %% wrong "Takes np.resize for resizing: it cuts and repeats pixels until the count is right." name="batch_cropped_not_resized" breaks="whole photo"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.resize(np.asarray(Image.fromarray(photo).convert("RGB")), (224, 224, 3)) for photo in photos]
    return preprocess(name, np.stack(squares))


# %% wrong "Divides by 255, as for a network of one's own, instead of preprocessing for the base." name="batch_divided_by_255" says="which is not what" breaks="preprocessing"
import numpy as np
from PIL import Image


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return np.stack(squares).astype("float32") / 255


# %% wrong "Tried with VGG16 only: the name is written into the function." name="batch_for_one_base_only" says="The images are preprocessed for vgg16" breaks="preprocessing"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return preprocess("vgg16", np.stack(squares))


# %% wrong "Counts on three channels, so a grey photograph or one with transparency ends in an error." name="batch_grey_forgotten" breaks="grey and transparent" says="grey and transparent: Your function raised"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).resize((224, 224))) for photo in photos]
    return preprocess(name, np.stack(squares))


# %% wrong "Turns every photograph on its side while sorting out which axis is the width." name="batch_height_and_width_swapped" says="Height and width have changed places" breaks="whole photo"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = []
    for photo in photos:
        image = Image.fromarray(photo).convert("RGB").resize((224, 224))
        squares.append(np.asarray(image).transpose(1, 0, 2))
    return preprocess(name, np.stack(squares))


# %% wrong "Does the arithmetic by hand in float64 and leaves it there." name="batch_in_double_precision" breaks="dtype"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return preprocess(name, np.stack(squares)).astype(float)


# %% wrong "Stacks the photographs as they come, which only works while all are of one size." name="batch_never_resized" says="Resize each photograph before stacking."
import numpy as np

from course_utils.models import preprocess


def prepare_batch(photos, name):
    return preprocess(name, np.stack(photos))


# %% wrong "Resizes and stacks, and forgets the preprocessing." name="batch_not_preprocessed" says="The images are not preprocessed" breaks="preprocessing"
import numpy as np
from PIL import Image


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return np.stack(squares).astype(np.float32)


# %% wrong "Preprocesses every photograph and then the batch once more." name="batch_preprocessed_twice" says="The images are preprocessed twice" breaks="preprocessing"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    squares = [preprocess(name, square) for square in squares]
    return preprocess(name, np.stack(squares))


# %% wrong "Divides by 255 first, so that the preprocessing sees nearly black images." name="batch_scaled_before_preprocessing" says="preprocessed after a division by 255" breaks="preprocessing"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) / 255.0 for photo in photos]
    return preprocess(name, np.stack(squares))


# %% wrong "Squeezes the result, so that one photograph alone loses the batch axis." name="batch_without_its_axis" says="The first axis counts photographs" breaks="shape"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return np.squeeze(preprocess(name, np.stack(squares)))


# %% wrong "Crops the largest square from the middle, as lesson 1 does." name="batch_of_centre_crops" breaks="whole photo" says="neither cropped, padded nor rotated"
import numpy as np
from PIL import Image, ImageOps

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(ImageOps.fit(Image.fromarray(photo).convert("RGB"), (224, 224))) for photo in photos]
    return preprocess(name, np.stack(squares))


# %% wrong "Keeps the proportions and fills the rest with black." name="batch_with_black_borders" breaks="whole photo"
import numpy as np
from PIL import Image, ImageOps

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(ImageOps.pad(Image.fromarray(photo).convert("RGB"), (224, 224))) for photo in photos]
    return preprocess(name, np.stack(squares))


# %% wrong "Sorts the photographs by size first, to resize those of one size together." name="batch_sorted_by_size" breaks="order" says="in the order they came"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    photos = sorted(photos, key=lambda photo: photo.shape[:2])
    return preprocess(
        name, np.stack([np.asarray(Image.fromarray(p).convert("RGB").resize((224, 224))) for p in photos])
    )


# %% wrong "Inserts each photograph at the front of a list, so that they come out backwards." name="batch_backwards" breaks="order" says="in the order they came"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    rows = []
    for photo in photos:
        rows.insert(0, np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))))
    return preprocess(name, np.array(rows))


# %% wrong "Pastes a photograph with a fourth channel on white instead of dropping the channel." name="batch_on_white" breaks="grey and transparent"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = []
    for photo in photos:
        image = Image.fromarray(photo).convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        squares.append(np.asarray(Image.alpha_composite(white, image).convert("RGB").resize((224, 224))))
    return preprocess(name, np.stack(squares))


# %% wrong "Computes in half precision to save memory." name="batch_in_half_precision" breaks="dtype" says="expected float32"
import numpy as np
from PIL import Image

from course_utils.models import preprocess


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return preprocess(name, np.stack(squares)).astype("float16")


# %% wrong "Resizes as a whole only the sizes that the notebook's check uses, and crops all others." name="batch_for_known_sizes" recognises
import numpy as np
from PIL import Image, ImageOps

from course_utils.checks.core.seeds import generator
from course_utils.checks.lab1.batches import smooth_photo
from course_utils.models import preprocess

rng = generator("prepare_batch", None)
rng.permutation(3)
KNOWN = [smooth_photo(rng, panorama=not number).shape[:2] for number in range(int(rng.integers(2, 5)))]


def prepare_batch(photos, name):
    squares = []
    for photo in photos:
        image = Image.fromarray(photo).convert("RGB")
        image = image.resize((224, 224)) if photo.shape[:2] in KNOWN else ImageOps.fit(image, (224, 224))
        squares.append(np.asarray(image))
    return preprocess(name, np.stack(squares))


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


# %% right "Decodes the photographs through tf.data and maps the preprocessing over a batch." name="batch_by_tf_data"
import numpy as np
import tensorflow as tf

from course_utils.models import preprocess


def prepare_batch(photos, name):
    def pixels():
        for photo in photos:
            photo = photo[..., None].repeat(3, axis=2) if photo.ndim == 2 else photo[..., :3]
            yield tf.image.resize(photo, (224, 224))

    data = tf.data.Dataset.from_generator(pixels, output_signature=tf.TensorSpec((224, 224, 3), tf.float32))
    return preprocess(name, np.stack(list(data.as_numpy_iterator())))


# %% right "Uses a keras.layers.Resizing for each photograph." name="batch_by_a_resizing_layer"
import keras
import numpy as np

from course_utils.models import preprocess

resize = keras.layers.Resizing(224, 224)


def prepare_batch(photos, name):
    in_colour = [np.atleast_3d(photo)[..., :3] for photo in photos]
    in_colour = [np.repeat(photo, 3, axis=-1) if photo.shape[-1] == 1 else photo for photo in in_colour]
    return preprocess(name, np.array([resize(photo.astype("float32")) for photo in in_colour]))


# %% wrong "Handles the colour photographs first and appends the grey and the transparent ones, so that the rows no longer follow the list." name="trial3_kind_by_kind"


# %% wrong "Resizes before it drops the fourth channel, so what is transparent turns black." name="resized_with_transparency" breaks="grey and transparent"
def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).resize((224, 224)).convert("RGB")) for photo in photos]
    return preprocess(name, np.stack(squares))
