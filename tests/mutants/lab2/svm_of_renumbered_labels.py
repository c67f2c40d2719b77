"""Numbers the labels anew and forgets to turn them back."""

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

REPLACES = "train-svm"
MUST_FAIL = ("test-train-svm",)
HINT = "none of the labels it was given"


def train_svm(features, labels):
    numbers = np.unique(labels, return_inverse=True)[1]
    return make_pipeline(StandardScaler(), SVC()).fit(features, numbers)
