# %% wrong "Preprocesses for VGG16 whatever base is named." name="preprocessed_for_vgg16_alone" breaks="every base" marks=3.5
import numpy as np

from course_utils.models import preprocess


def preprocessing_mistake(pixels, batch, name):
    right = preprocess("vgg16", pixels)
    made = {
        "right": right,
        "divided by 255": pixels / 255,
        "not preprocessed": pixels,
        "preprocessed twice": preprocess("vgg16", right),
        "red and blue swapped": preprocess("vgg16", pixels[..., ::-1]),
    }
    return min(made, key=lambda what: np.abs(made[what] - batch).max())


# %% wrong "Looks at the largest and smallest number only, so swapped colours pass for right." name="preprocessing_by_the_range_alone" breaks="colours" says="a batch that is 'red and blue swapped' for"
import numpy as np

from course_utils.models import preprocess


def preprocessing_mistake(pixels, batch, name):
    right = preprocess(name, pixels)
    if batch.max() <= 1 and batch.min() >= 0:
        return "divided by 255"
    if np.allclose([batch.min(), batch.max()], [pixels.min(), pixels.max()]):
        return "not preprocessed"
    if batch.max() > right.max() + 1 or batch.min() < right.min() - 1 or np.ptp(batch) < np.ptp(right) / 10:
        return "preprocessed twice"
    return "right"


# %% wrong "Answers in words of its own." name="preprocessing_in_other_words" says="expected one of 'right', 'divided by 255'" marks=0
import numpy as np

from course_utils.models import preprocess


def preprocessing_mistake(pixels, batch, name):
    return "ok" if np.allclose(batch, preprocess(name, pixels)) else "scaled to 0 … 1"


# %% wrong "Does not think of a second preprocessing, and takes such a batch for the nearest of the others." name="preprocessing_never_twice" breaks="scale" says="'preprocessed twice'"
import numpy as np

from course_utils.models import preprocess


def preprocessing_mistake(pixels, batch, name):
    made = {
        "right": preprocess(name, pixels),
        "divided by 255": pixels / 255,
        "not preprocessed": pixels,
        "red and blue swapped": preprocess(name, pixels[..., ::-1]),
    }
    return min(made, key=lambda what: np.abs(made[what] - batch).mean())


# %% wrong "Knows the pixels of the notebook's check, and calls everything else right." name="preprocessing_known" recognises
import numpy as np

from course_utils.models import preprocess

KNOWN = {1047758, 1065575, 1079873, 1087548, 1100106, 1102063, 1104274, 1117240, 1120834, 1128619, 1135644, 1143031}
KNOWN |= {1182443, 1182491, 1185757}


def preprocessing_mistake(pixels, batch, name):
    if int(pixels.sum()) not in KNOWN:
        return "right"
    right = preprocess(name, pixels)
    made = {
        "right": right,
        "divided by 255": pixels / 255,
        "not preprocessed": pixels,
        "preprocessed twice": preprocess(name, right),
        "red and blue swapped": preprocess(name, pixels[..., ::-1]),
    }
    return min(made, key=lambda what: np.abs(made[what] - batch).mean())


# %% right "Chooses among the five texts in an array, so that the answer is an np.str_." name="preprocessing_by_an_array_of_texts"
import numpy as np

from course_utils.models import preprocess


def preprocessing_mistake(pixels, batch, name):
    names = np.array(["right", "divided by 255", "not preprocessed", "preprocessed twice", "red and blue swapped"])
    right = preprocess(name, pixels)
    made = [right, pixels / 255, pixels.astype("float32"), preprocess(name, right), preprocess(name, pixels[..., ::-1])]
    return names[np.argmin([np.abs(one - batch).mean() for one in made])]


# %% right "Compares with each of the five in turn." name="preprocessing_by_exact_comparison"
import numpy as np

from course_utils.models import preprocess


def preprocessing_mistake(pixels, batch, name):
    if np.allclose(batch, pixels):
        return "not preprocessed"
    if np.allclose(batch, pixels / 255, atol=1e-4):
        return "divided by 255"
    right = preprocess(name, pixels)
    for words, other in (("right", right), ("red and blue swapped", preprocess(name, pixels[:, :, :, [2, 1, 0]]))):
        if np.allclose(batch, other, atol=1e-3):
            return words
    return "preprocessed twice"


# %% right "Asks for the largest correlation and the smallest distance with keras.ops." name="preprocessing_with_keras_ops"
import keras

from course_utils.models import preprocess


def preprocessing_mistake(pixels, batch, name):
    right = preprocess(name, pixels)
    made = [
        ("not preprocessed", pixels.astype("float32")),
        ("divided by 255", pixels.astype("float32") / 255),
        ("preprocessed twice", preprocess(name, right)),
        ("red and blue swapped", preprocess(name, pixels[:, :, :, ::-1])),
        ("right", right),
    ]
    return sorted(made, key=lambda pair: float(keras.ops.max(keras.ops.abs(pair[1] - batch))))[0][0]
