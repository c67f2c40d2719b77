"""A linear machine whose strength is chosen by cross-validation."""

from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.svm import LinearSVC

REPLACES = "train-svm"


def train_svm(features, labels):
    steps = Pipeline([("scale", MinMaxScaler()), ("svm", LinearSVC())])
    return GridSearchCV(steps, {"svm__C": [0.01, 0.1, 1]}, cv=3).fit(features, labels)
