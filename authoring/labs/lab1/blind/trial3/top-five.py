# %% wrong "Divides the five probabilities by their sum, so that they add up to 1." name="trial3_five_add_up" breaks="probabilities"
def top_five(classifier, photo, class_names):
    batch = preprocess("efficientnet_lite0", photo[np.newaxis])
    probabilities = classifier.predict(batch, verbose=0)[0]
    best = np.argsort(probabilities)[::-1][:5]
    shares = probabilities[best] / probabilities[best].sum()
    return [(class_names[number], float(share)) for number, share in zip(best, shares)]


# %% right "A pandas Series finds the largest; the classifier is called instead of predicting." name="trial3_series_nlargest"
import pandas as pd


def top_five(classifier, photo, class_names):
    batch = preprocess("efficientnet_lite0", np.expand_dims(photo, 0))
    answer = keras.ops.convert_to_numpy(classifier(batch, training=False)).squeeze(axis=0)
    largest = pd.Series(answer.astype("float64")).nlargest(5)
    return [(class_names[number], probability) for number, probability in largest.items()]
