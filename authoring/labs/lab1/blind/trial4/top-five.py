# %% wrong "argpartition finds the five largest but does not sort them, so the fifth comes first." name="trial4_partition_unsorted" breaks="order"
def top_five(classifier, photo, class_names):
    """Names what a photograph shows."""
    batch = preprocess("efficientnet_lite0", photo[np.newaxis])
    probabilities = classifier.predict(batch, verbose=0)[0]
    best = np.argpartition(probabilities, -5)[-5:]
    return [(class_names[i], float(probabilities[i])) for i in best]


# %% wrong "Stretches the contrast of the photograph before the preprocessing, which changes nothing for pictures that use the full range." name="trial4_autocontrast" breaks="preprocessing"
from PIL import ImageOps


def top_five(classifier, photo, class_names):
    """Names what a photograph shows."""
    photo = np.asarray(ImageOps.autocontrast(Image.fromarray(photo)))
    batch = preprocess("efficientnet_lite0", photo[np.newaxis])
    probabilities = classifier.predict(batch, verbose=0)[0]
    best = np.argsort(probabilities)[::-1][:5]
    return [(class_names[i], float(probabilities[i])) for i in best]


# %% right "Calls the model instead of predict and lets a pandas Series find the five largest." name="trial4_pandas_nlargest"
import pandas as pd


def top_five(classifier, photo, class_names):
    """Names what a photograph shows."""
    batch = preprocess("efficientnet_lite0", np.stack([photo]))
    answer = keras.ops.convert_to_numpy(classifier(batch, training=False))
    table = pd.Series(answer.ravel(), index=range(len(class_names))).nlargest(5)
    return [(str(class_names[position]), probability) for position, probability in table.items()]
