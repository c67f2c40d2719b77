# %% wrong "Normalises with the mean and standard deviation of ImageNet in place of the base's own preprocessing." name="trial2_five_mean_and_std" breaks="preprocessing"
def top_five(classifier, photo, class_names):
    mean = np.array([0.485, 0.456, 0.406])
    deviation = np.array([0.229, 0.224, 0.225])
    batch = ((photo / 255 - mean) / deviation)[np.newaxis].astype("float32")
    probabilities = classifier.predict(batch, verbose=0)[0]
    best = np.argsort(probabilities)[::-1][:5]
    return [(class_names[i], float(probabilities[i])) for i in best]

# %% wrong "Four pairs are right, the fifth is the sixth most probable class with its own probability." name="trial2_five_sixth_for_fifth" breaks="names"
def top_five(classifier, photo, class_names):
    batch = preprocess("efficientnet_lite0", photo[np.newaxis])
    probabilities = classifier.predict(batch, verbose=0)[0]
    ranked = np.argsort(probabilities)[::-1]
    chosen = [*ranked[:4], ranked[min(5, len(ranked) - 1)]]
    return [(class_names[i], float(probabilities[i])) for i in chosen]

# %% right "Calls the model in place of predict, and lets a pandas Series find the five largest." name="trial2_five_pandas_nlargest"
import pandas as pd


def top_five(classifier, photo, class_names):
    batch = np.asarray(preprocess("efficientnet_lite0", np.expand_dims(photo, 0)))
    output = keras.ops.convert_to_numpy(classifier(batch, training=False))
    table = pd.Series(output.ravel().astype("float64"), index=list(class_names))
    return [(str(word), float(value)) for word, value in table.nlargest(5).items()]
