# %% wrong "Fits a support vector regression on the numbers of the classes." name="svm_for_regression" breaks="predicts labels" says="Is it a classifier" marks=0
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), SVR()).fit(features, labels)


# %% wrong "Builds the machine and never fits it." name="svm_not_fitted" breaks="fitted" says="Has it been fitted?" marks=0
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), SVC())


# %% wrong "Numbers the labels anew and forgets to turn them back." name="svm_of_renumbered_labels" breaks="the labels as they are given" says="none of the labels it was given"
import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    numbers = np.unique(labels, return_inverse=True)[1]
    return make_pipeline(StandardScaler(), SVC()).fit(features, numbers)


# %% wrong "Learns the first class against the rest." name="svm_of_two_classes" breaks="right on unseen scenes"
import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC


def train_svm(features, labels):
    first, second = np.unique(labels)[:2]
    machine = make_pipeline(StandardScaler(), LinearSVC(C=0.01))
    return machine.fit(features, np.where(labels == first, first, second))


# %% wrong "Scales the features before fitting and returns the machine without the scaler." name="svm_scaled_outside" breaks="right on unseen scenes" says="whatever scales the features"
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    return SVC().fit(StandardScaler().fit_transform(features), labels)


# %% wrong "Returns predictions instead of the machine." name="svm_that_has_predicted" breaks="the fitted object, not its predictions" says="Return the fitted object itself" marks=0
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), SVC()).fit(features, labels).predict(features)


# %% right "A linear machine whose strength is chosen by cross-validation." name="svm_linear"
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.svm import LinearSVC


def train_svm(features, labels):
    steps = Pipeline([("scale", MinMaxScaler()), ("svm", LinearSVC())])
    return GridSearchCV(steps, {"svm__C": [0.01, 0.1, 1]}, cv=3).fit(features, labels)


# %% right "A radial kernel on bare features." name="svm_unscaled"
from sklearn.svm import SVC


def train_svm(features, labels):
    return SVC(C=10).fit(features, labels)
