"""Scales the features before fitting and returns the machine without the scaler."""

from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

REPLACES = "train-svm"
MUST_FAIL = ("test-train-svm",)
HINT = "whatever scales the features"


def train_svm(features, labels):
    return SVC().fit(StandardScaler().fit_transform(features), labels)
