# %% wrong "Takes the names from decode_predictions, which knows only the thousand classes of ImageNet, and ignores class_names." name="trial6_names_from_imagenet" breaks="names"
def top_five(classifier, photo, class_names):
    batch = preprocess("efficientnet_lite0", photo[np.newaxis])
    predictions = classifier.predict(batch, verbose=0)
    guesses = decode_predictions(predictions, top=5)[0]
    largest = np.sort(predictions[0])[::-1][:5]
    return [(guess[1], float(probability)) for guess, probability in zip(guesses, largest)]


# %% wrong "Applies a softmax to the probabilities, which have already been through one, and reports its results." name="trial6_second_softmax" breaks="probabilities"
def top_five(classifier, photo, class_names):
    batch = preprocess("efficientnet_lite0", photo[np.newaxis])
    scores = classifier.predict(batch, verbose=0)[0].astype("float64")
    best = np.argsort(scores)[::-1][:5]
    exponentials = np.exp(scores - scores.max())
    probabilities = exponentials / exponentials.sum()
    return [(class_names[index], float(probabilities[index])) for index in best]


# %% right "Calls the classifier directly instead of predict and sorts a pandas Series whose index holds the names." name="trial6_pandas_series"
def top_five(classifier, photo, class_names):
    import pandas as pd

    batch = preprocess("efficientnet_lite0", np.stack([photo]))
    output = keras.ops.convert_to_numpy(classifier(batch, training=False))
    series = pd.Series(output[0], index=class_names).sort_values(ascending=False).head(5)
    return list(zip(series.index.tolist(), series.tolist()))
