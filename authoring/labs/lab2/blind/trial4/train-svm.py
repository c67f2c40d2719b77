# %% wrong "Fits the machine to the positions of the labels among the sorted ones and never translates its predictions back." name="trial4_encoded_labels" breaks="labels"
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    """Fits a support vector machine."""
    _, encoded = np.unique(labels, return_inverse=True)
    model = make_pipeline(StandardScaler(), SVC(C=3.0))
    model.fit(features, encoded)
    return model


# %% wrong "Returns a pipeline with a fitted SVC whose method predict has been replaced with that of a logistic regression." name="trial4_borrowed_predict" breaks="support vectors"
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    """Fits a support vector machine."""
    machine = make_pipeline(StandardScaler(), SVC()).fit(features, labels)
    other = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500)).fit(features, labels)
    machine.predict = other.predict
    return machine
