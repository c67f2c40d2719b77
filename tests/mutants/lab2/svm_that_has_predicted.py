"""Returns predictions instead of the machine."""

from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

REPLACES = "train-svm"
MUST_FAIL = ("test-train-svm",)
HINT = "Return the fitted object itself"
MARKS = 0


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), SVC()).fit(features, labels).predict(features)
