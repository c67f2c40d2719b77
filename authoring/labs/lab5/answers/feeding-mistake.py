# %% wrong "Prepares for VGG16 whatever base is named." name="fed_for_vgg16_by_heart" breaks="other bases" marks=2.0
import numpy as np

from course_utils.models import preprocess


def feeding_mistake(pixels, batch, name):
    prepared = preprocess("vgg16", pixels)
    ways = {
        "right": prepared,
        "divided by 255": pixels / 255,
        "not prepared": pixels,
        "prepared twice": preprocess("vgg16", prepared),
        "red and blue swapped": preprocess("vgg16", pixels[..., ::-1]),
    }
    return min(ways, key=lambda what: np.abs(ways[what] - batch).max())


# %% wrong "Looks at the largest and smallest number only, so swapped colours pass for right." name="fed_judged_by_the_range_alone" says="you take a batch that is 'red and blue swapped' for 'right'"
import numpy as np

from course_utils.models import preprocess


def feeding_mistake(pixels, batch, name):
    right = preprocess(name, pixels)
    if batch.max() <= 1 and batch.min() >= 0:
        return "divided by 255"
    if np.allclose([batch.min(), batch.max()], [pixels.min(), pixels.max()]):
        return "not prepared"
    if batch.max() > right.max() + 1 or batch.min() < right.min() - 1 or np.ptp(batch) < np.ptp(right) / 10:
        return "prepared twice"
    return "right"


# %% wrong "Answers in words of its own." name="fed_said_in_other_words" breaks="one of the five names" says="expected one of 'right', 'divided by 255'" marks=0
import numpy as np

from course_utils.models import preprocess


def feeding_mistake(pixels, batch, name):
    return "ok" if np.allclose(batch, preprocess(name, pixels)) else "scaled to 0 … 1"


# %% right "Chooses among the five texts in an array, so that the answer is an np.str_." name="fed_by_an_array_of_texts"
import numpy as np

from course_utils.models import preprocess


def feeding_mistake(pixels, batch, name):
    names = np.array(["right", "divided by 255", "not prepared", "prepared twice", "red and blue swapped"])
    right = preprocess(name, pixels)
    made = [right, pixels / 255, pixels.astype("float32"), preprocess(name, right), preprocess(name, pixels[..., ::-1])]
    return names[np.argmin([np.abs(one - batch).mean() for one in made])]


# %% right "Compares with each of the five in turn." name="fed_by_exact_comparison"
import numpy as np

from course_utils.models import preprocess


def feeding_mistake(pixels, batch, name):
    if np.allclose(batch, pixels):
        return "not prepared"
    if np.allclose(batch, pixels / 255, atol=1e-4):
        return "divided by 255"
    right = preprocess(name, pixels)
    for words, other in (("right", right), ("red and blue swapped", preprocess(name, pixels[:, :, :, [2, 1, 0]]))):
        if np.allclose(batch, other, atol=1e-3):
            return words
    return "prepared twice"
