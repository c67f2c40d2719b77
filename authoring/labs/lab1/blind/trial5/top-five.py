# %% wrong "Uses the preprocessing of Keras's own EfficientNet, which leaves the pixels from 0 to 255 as they are." name="trial5_keras_efficientnet_preprocessing" breaks="preprocessing"
def top_five(classifier, photo, class_names):
    batch = keras.applications.efficientnet.preprocess_input(photo[np.newaxis].astype("float32"))
    probabilities = classifier.predict(batch, verbose=0)[0]
    best = np.argsort(probabilities)[::-1][:5]
    return [(class_names[i], float(probabilities[i])) for i in best]


# %% wrong "Takes the output for logits and applies softmax a second time." name="trial5_softmax_twice" breaks="probabilities"
def top_five(classifier, photo, class_names):
    from scipy.special import softmax

    scores = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    probabilities = softmax(scores)
    best = np.argsort(scores)[::-1][:5]
    return [(class_names[i], float(probabilities[i])) for i in best]


# %% right "Lets keras.ops.top_k sort, and returns NumPy's own texts and numbers." name="trial5_ops_top_k"
def top_five(classifier, photo, class_names):
    batch = preprocess("efficientnet_lite0", np.expand_dims(photo, 0))
    values, indices = keras.ops.top_k(classifier.predict_on_batch(batch)[0], k=5)
    names = np.take(class_names, keras.ops.convert_to_numpy(indices))
    return list(zip(names, keras.ops.convert_to_numpy(values), strict=True))
