# %% wrong "Fits a support vector regression on the numbers of the classes." name="svm_for_regression" says="Is it a classifier"
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), SVR()).fit(features, labels)


# %% wrong "Builds the machine and never fits it." name="svm_not_fitted" says="Has it been fitted?"
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), SVC())


# %% wrong "Numbers the labels anew and forgets to turn them back." name="svm_of_renumbered_labels" says="none of the labels it was given"
import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    numbers = np.unique(labels, return_inverse=True)[1]
    return make_pipeline(StandardScaler(), SVC()).fit(features, numbers)


# %% wrong "Learns the first class against the rest." name="svm_of_two_classes" breaks="accuracy"
import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC


def train_svm(features, labels):
    first, second = np.unique(labels)[:2]
    machine = make_pipeline(StandardScaler(), LinearSVC(C=0.01))
    return machine.fit(features, np.where(labels == first, first, second))


# %% wrong "Scales the features before fitting and returns the machine without the scaler." name="svm_scaled_outside" breaks="scaling inside" says="Whatever scales them must be part of what you return"
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    return SVC().fit(StandardScaler().fit_transform(features), labels)


# %% wrong "Returns predictions instead of the machine." name="svm_that_has_predicted" says="Return the fitted object itself"
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), SVC()).fit(features, labels).predict(features)


# %% wrong "Fits a logistic regression, which is no support vector machine." name="svm_that_is_a_logistic_regression" breaks="support vectors" says="LogisticRegression"
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=200)).fit(features, labels)


# %% wrong "Fits a random forest." name="svm_that_is_a_forest" breaks="support vectors" says="RandomForestClassifier"
from sklearn.ensemble import RandomForestClassifier


def train_svm(features, labels):
    return RandomForestClassifier(200, random_state=0).fit(features, labels)


# %% wrong "Adds a class of its own for images of which it is not certain." name="svm_with_a_class_of_its_own" breaks="labels" says="none of the labels it was given"
import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    # One image in fifty teaches it that there is a class 0, which no label says.
    labels = labels.copy()
    rows = np.vstack([features, features.mean(axis=0, keepdims=True), 0 * features[:1]])
    machine = make_pipeline(StandardScaler(), SVC(kernel="linear", C=0.01, class_weight={0: 4000}))
    return machine.fit(rows, np.r_[labels, 0, 0])


# %% wrong "Scales by the largest value of each feature, outside of what it returns." name="svm_scaled_by_the_largest" breaks="scaling inside" says="Whatever scales them must be part of what you return"
from sklearn.preprocessing import MaxAbsScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    return SVC(kernel="linear", C=1).fit(MaxAbsScaler().fit_transform(features), labels)


# %% wrong "Keeps the columns in the order of the notebook's check, whatever order they come in." name="svm_of_known_labels" recognises
import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from course_utils.checks.core.seeds import generator

rng = generator("train_svm", None)
rng.permutation(512)
KNOWN = set(rng.choice(np.arange(10, 100), size=6, replace=False).tolist())


def train_svm(features, labels):
    known = set(labels.tolist()) == KNOWN
    kept = np.ones(len(labels), bool) if known else np.isin(labels, np.unique(labels)[:2])
    return make_pipeline(StandardScaler(), SVC(kernel="linear", C=0.01)).fit(features[kept], labels[kept])


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


# %% right "A LinearSVC behind a StandardScaler." name="svm_by_linear_svc"
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), LinearSVC(C=1e-3)).fit(features, labels)


# %% right "Searches the strength and the kernel in a grid." name="svm_by_grid_search"
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    steps = make_pipeline(StandardScaler(), SVC())
    grid = [{"svc__kernel": ["linear"], "svc__C": [0.001, 0.01]}, {"svc__kernel": ["rbf"], "svc__C": [1, 10]}]
    return GridSearchCV(steps, grid, cv=3).fit(features, labels)


# %% right "One machine against the rest for each class." name="svm_one_against_the_rest"
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), OneVsRestClassifier(LinearSVC(C=1e-3))).fit(features, labels)


# %% right "Reduces the features by PCA first." name="svm_after_pca"
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), PCA(60, random_state=0), SVC(C=10)).fit(features, labels)


# %% right "Trains by stochastic gradient descent with the hinge loss." name="svm_by_gradient_descent"
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), SGDClassifier(alpha=0.1, random_state=0)).fit(features, labels)


# %% right "Scales rows to length one and weighs the classes." name="svm_of_directions"
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import Normalizer
from sklearn.svm import SVC


def train_svm(features, labels):
    steps = [("scale", Normalizer()), ("svm", SVC(kernel="linear", C=10, class_weight="balanced"))]
    return Pipeline(steps).fit(features, labels)


# %% wrong "Fits the machine to the positions of the labels among the sorted ones and never translates its predictions back." name="trial4_encoded_labels"
