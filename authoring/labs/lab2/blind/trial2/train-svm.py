# %% wrong "A class derived from SVC whose predict asks a logistic regression." name="trial2_logistic_in_svc_clothes" breaks="support vectors"
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


class Machine(SVC):
    def fit(self, X, y, sample_weight=None):
        super().fit(X, y, sample_weight)
        self.other_ = LogisticRegression(C=0.01, max_iter=500).fit(X, y)
        return self

    def predict(self, X):
        return self.other_.predict(X)


def train_svm(features, labels):
    return make_pipeline(StandardScaler(), Machine()).fit(features, labels)
