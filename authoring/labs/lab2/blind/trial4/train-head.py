# %% wrong "The last layer has a sigmoid in place of a softmax: it trains well, but the numbers of a row do not add up to 1." name="trial4_sigmoid_head" breaks="probabilities"
def train_head(features, labels, classes):
    """Trains a Keras head."""
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.Dropout(0.4),
            keras.layers.Dense(classes, activation="sigmoid", kernel_regularizer=keras.regularizers.L2(1e-3)),
        ]
    )
    head.compile(optimizer=keras.optimizers.Adam(2e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=60, batch_size=32, verbose=0)
    return head


# %% right "Finds the weights with SciPy's L-BFGS and puts them, with the mean and variance of the features, into the layers of a functional model." name="trial4_lbfgs_head"
from scipy.optimize import minimize
from scipy.special import log_softmax


def train_head(features, labels, classes):
    """Trains a Keras head."""
    rows = np.asarray(features, dtype=np.float64)
    number, width = rows.shape
    mean, variance = rows.mean(axis=0), rows.var(axis=0)
    epsilon = float(0.01 * variance.mean() + 1e-9)
    scaled = (rows - mean) / np.sqrt(variance + epsilon)
    target = np.eye(classes)[np.asarray(labels)]
    strength = 100 / number

    def objective(flat):
        kernel, bias = flat[:-classes].reshape(width, classes), flat[-classes:]
        logs = log_softmax(scaled @ kernel + bias, axis=1)
        loss = -(target * logs).sum() / number + strength / 2 * (kernel**2).sum() + 5e-4 * (bias**2).sum()
        error = (np.exp(logs) - target) / number
        slope = np.concatenate([(scaled.T @ error + strength * kernel).ravel(), error.sum(axis=0) + 1e-3 * bias])
        return loss, slope

    start = np.zeros((width + 1) * classes)
    best = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x

    taken = keras.Input(shape=(width,))
    scaling = keras.layers.BatchNormalization(center=False, scale=False, epsilon=epsilon)
    last = keras.layers.Dense(classes, activation="softmax")
    head = keras.Model(taken, last(scaling(taken)))
    scaling.set_weights([mean, variance])
    last.set_weights([best[:-classes].reshape(width, classes), best[-classes:]])
    return head
