"""Fits a support vector regression on the numbers of the classes."""

from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

REPLACES = "train-svm"
MUST_FAIL = ("test-train-svm",)
HINT = "Is it a classifier"
MARKS = 0


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), SVR()).fit(features, labels)
