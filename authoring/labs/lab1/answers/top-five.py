# %% wrong "Returns percentages where probabilities were asked for." name="five_in_percent" says="are these percentages?" breaks="probabilities"
import numpy as np

from course_utils.models import preprocess


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    best = np.argsort(-probabilities)[:5]
    return [(class_names[i], round(100 * float(probabilities[i]), 1)) for i in best]


# %% wrong "Takes the first five of argsort, which are the least likely." name="five_least_likely" says="These are the five least likely"
import numpy as np

from course_utils.models import preprocess


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    return [(class_names[i], probabilities[i]) for i in np.argsort(probabilities)[:5]]


# %% wrong "Takes the last five of argsort and forgets to turn them round." name="five_likeliest_last" says="np.argsort sorts upwards" breaks="order"
import numpy as np

from course_utils.models import preprocess


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    return [(class_names[i], probabilities[i]) for i in np.argsort(probabilities)[-5:]]


# %% wrong "Feeds the photograph in without preprocessing." name="five_not_preprocessed" says="The images are not preprocessed, as the probabilities show" breaks="preprocessing"
import numpy as np


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(photo[np.newaxis].astype("float32"), verbose=0)[0]
    best = np.argsort(-probabilities)[:5]
    return [(class_names[i], float(probabilities[i])) for i in best]


# %% wrong "Returns the classes' numbers and never looks up their names." name="five_numbers_instead_of_names" says="turns a class's number into its name"
import numpy as np

from course_utils.models import preprocess


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    best = np.argsort(-probabilities)[:5]
    return [(int(i), float(probabilities[i])) for i in best]


# %% wrong "Sorts the whole batch of one instead of its first row." name="five_of_the_whole_batch" says="did you take the first row, [0]?"
import numpy as np

from course_utils.models import preprocess


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)
    best = np.argsort(probabilities)[::-1][:5]
    return [(class_names[i], float(probabilities[i])) for i in best]


# %% wrong "Applies a softmax to what is a softmax already: the order stays, the numbers flatten out." name="five_softmax_twice" breaks="probabilities"
import keras
import numpy as np

from course_utils.models import preprocess


def top_five(classifier, photo, class_names):
    scores = classifier(preprocess("efficientnet_lite0", photo[np.newaxis]))
    probabilities = np.asarray(keras.ops.softmax(scores))[0]
    best = np.argsort(-probabilities)[:5]
    return [(class_names[i], float(probabilities[i])) for i in best]


# %% wrong "Preprocesses for VGG16, copied from lesson 02." name="five_with_the_wrong_preprocessing" breaks="preprocessing"
import numpy as np

from course_utils.models import preprocess


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("vgg16", photo[np.newaxis]), verbose=0)[0]
    best = np.argsort(-probabilities)[:5]
    return [(class_names[i], float(probabilities[i])) for i in best]


# %% wrong "Lists the ten most probable classes." name="five_that_are_ten" breaks="five pairs" says="You return 10 pairs; expected five."
import numpy as np

from course_utils.models import preprocess


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    return [(class_names[i], probabilities[i]) for i in np.argsort(-probabilities)[:10]]


# %% wrong "Takes the names from ImageNet's list instead of class_names." name="five_named_after_imagenet" breaks="names" says="The names are those of class_names"
import numpy as np

from course_utils.models import decode_predictions, preprocess

IMAGENET = [row[0][1] for row in decode_predictions(np.eye(1000, dtype="float32"), top=1)]


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    return [(IMAGENET[i] + "_", float(probabilities[i])) for i in np.argsort(-probabilities)[:5]]


# %% wrong "Ignores the classifier that it is given and loads one of its own." name="five_of_another_classifier" says="You name"
import numpy as np

from course_utils.models import load_base, preprocess


def top_five(classifier, photo, class_names):
    own = load_base("efficientnet_lite0", include_top=True)
    probabilities = own.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    best = [i for i in np.argsort(-probabilities) if i < len(class_names)][:5]
    return [(class_names[i], float(probabilities[i])) for i in best]


# %% wrong "Sorts the names alphabetically, apart from their probabilities." name="five_with_others_probabilities" breaks="probabilities" says="each name with its own"
import numpy as np

from course_utils.models import preprocess


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    best = np.argsort(-probabilities)[:5]
    return list(zip(sorted(class_names[i] for i in best), map(float, probabilities[best]), strict=True))


# %% wrong "Remembers the five pairs of the notebook's check by its names, and knows nothing else." name="five_remembered" recognises
import numpy as np

from course_utils.checks.common.inputs import photograph
from course_utils.checks.core.seeds import generator
from course_utils.checks.lab1.predictions import steady_classifier
from course_utils.models import decode_predictions, preprocess

IMAGENET = tuple(row[0][1] for row in decode_predictions(np.eye(1000, dtype="float32"), top=1))
rng = generator("top_five", None)
KNOWN = [steady_classifier(rng, IMAGENET)[1:]]
photographs = [photograph(rng) for _ in range(2)]
KNOWN.append(steady_classifier(rng, IMAGENET, count=1000)[1:])


def top_five(classifier, photo, class_names):
    for likely, names in KNOWN:
        if class_names[:3] == list(names[:3]):
            return [(names[i], float(likely[i])) for i in np.argsort(-likely)[:5]]
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    return [(IMAGENET[i], float(probabilities[i])) for i in np.argsort(-probabilities)[:5]]


# %% wrong "Takes the names from decode_predictions, which knows only the thousand classes of ImageNet, and ignores class_names." name="trial6_names_from_imagenet"


# %% right "Takes keras.ops.top_k and returns a dictionary, which keeps its order." name="five_as_a_dictionary"
import keras
import numpy as np

from course_utils.models import preprocess


def top_five(classifier, photo, class_names):
    probabilities = classifier(preprocess("efficientnet_lite0", photo[np.newaxis]))[0]
    values, indices = keras.ops.top_k(probabilities, 5)
    return {class_names[int(index)]: value for index, value in zip(indices, values, strict=True)}


# %% right "Lets decode_predictions do the sorting where the classes are those of ImageNet." name="five_by_decode_predictions"
import numpy as np

from course_utils.models import decode_predictions, preprocess


def top_five(classifier, photo, class_names):
    predictions = classifier.predict(preprocess("efficientnet_lite0", np.expand_dims(photo, 0)), verbose=0)
    if list(class_names) == [row[0][1] for row in decode_predictions(np.eye(1000, dtype="float32"), top=1)]:
        return [(name, probability) for _, name, probability in decode_predictions(predictions, top=5)[0]]
    best = predictions[0].argsort()[-5:]
    return [(class_names[i], predictions[0, i]) for i in reversed(best)]


# %% right "Sorts (name, probability) pairs in plain Python; returns lists with NumPy numbers." name="five_by_sorting_pairs"
import numpy as np

from course_utils.models import preprocess


def top_five(classifier, photo, class_names):
    probabilities = np.array(classifier(preprocess("efficientnet_lite0", photo)[None], training=False)).ravel()
    ranking = sorted(zip(class_names, probabilities, strict=True), key=lambda pair: pair[1], reverse=True)
    return [list(pair) for pair in ranking[:5]]


# %% right "Takes names and probabilities from NumPy arrays, so that each name is an np.str_." name="five_with_names_from_an_array"
import numpy as np

from course_utils.models import preprocess


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo)[None], verbose=0)[0]
    best = np.argsort(probabilities)[::-1][:5]
    return list(zip(np.array(class_names)[best], probabilities[best], strict=True))


# %% wrong "Four pairs are right, the fifth is the sixth most probable class with its own probability." name="trial2_five_sixth_for_fifth"
