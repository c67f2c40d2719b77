"""Builds the machine and never fits it."""

from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

REPLACES = "train-svm"
MUST_FAIL = ("test-train-svm",)
HINT = "Has it been fitted?"
MARKS = 0


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), SVC())
