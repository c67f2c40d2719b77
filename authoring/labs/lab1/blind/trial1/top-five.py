# %% wrong "Applies a softmax to the output of a classifier that already ends in one, so the order is right and the numbers are not." name="trial1_softmax_again" breaks="probabilities"
def top_five(classifier, photo, class_names):
    batch = preprocess("efficientnet_lite0", photo[np.newaxis])
    outputs = classifier.predict(batch, verbose=0)[0].astype("float64")
    probabilities = np.exp(outputs) / np.exp(outputs).sum()
    best = np.argsort(probabilities)[::-1][:5]
    return [(class_names[index], float(probabilities[index])) for index in best]


# %% wrong "Whenever there are a thousand classes it takes the names of ImageNet and not those that it was given." name="trial1_imagenet_names" breaks="names"
def top_five(classifier, photo, class_names):
    batch = preprocess("efficientnet_lite0", photo[np.newaxis])
    probabilities = classifier.predict(batch, verbose=0)[0]
    names = class_names
    if len(probabilities) == 1000:
        names = [guesses[0][1] for guesses in decode_predictions(np.eye(1000), top=1)]
    best = np.argsort(probabilities)[::-1][:5]
    return [(names[index], float(probabilities[index])) for index in best]


# %% right "Calls the model directly and lets a pandas Series with the names as index find the five largest." name="trial1_pandas_nlargest"
import pandas as pd


def top_five(classifier, photo, class_names):
    batch = preprocess("efficientnet_lite0", np.expand_dims(photo, 0))
    row = keras.ops.convert_to_numpy(classifier(batch, training=False))[0]
    table = pd.Series(row.astype("float64"), index=list(class_names))
    return [(name, float(value)) for name, value in table.nlargest(5).items()]
