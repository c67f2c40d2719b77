# %% wrong "An SVC whose method predict has been replaced by that of a logistic regression." name="trial3_borrowed_predict" breaks="support vectors"
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def train_svm(features, labels):
    svm = SVC().fit(features, labels)
    logistic = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500)).fit(features, labels)
    svm.predict = logistic.predict
    return svm
