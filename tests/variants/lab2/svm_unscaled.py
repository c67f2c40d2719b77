"""A radial kernel on bare features."""

from sklearn.svm import SVC

REPLACES = "train-svm"


def train_svm(features, labels):
    return SVC(C=10).fit(features, labels)
