# %% wrong "Takes the number of outputs from the largest label that occurs, so outputs are missing where the last classes do not occur." name="trial6_outputs_from_labels" breaks="classes"
def train_head(features, labels, classes):
    outputs = int(np.max(labels)) + 1
    model = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(outputs, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    model.fit(features, labels, epochs=50, batch_size=32, verbose=0)
    return model


# %% right "Fits scikit-learn's logistic regression and writes its coefficients, with the scaling folded in, into one Dense layer." name="trial6_logistic_into_dense"
def train_head(features, labels, classes):
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(np.asarray(features, dtype="float64"))
    fitted = LogisticRegression(C=0.01, max_iter=500)
    fitted.fit(scaler.transform(np.asarray(features, dtype="float64")), labels)
    slopes, offsets = fitted.coef_, fitted.intercept_
    if len(fitted.classes_) == 2:
        slopes, offsets = np.vstack([-slopes, slopes]) / 2, np.concatenate([-offsets, offsets]) / 2
    slopes = slopes / scaler.scale_
    offsets = offsets - slopes @ scaler.mean_

    kernel = np.zeros((features.shape[1], classes), dtype="float32")
    bias = np.full(classes, -100.0, dtype="float32")
    kernel[:, fitted.classes_] = slopes.T
    bias[fitted.classes_] = offsets

    model = keras.Sequential(
        [keras.Input((features.shape[1],)), keras.layers.Dense(classes, activation="softmax")]
    )
    model.layers[-1].set_weights([kernel, bias])
    return model
