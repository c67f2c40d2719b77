# %% wrong "Uses the support vector machine only to choose features; a logistic regression predicts." name="trial5_svm_only_selects" breaks="support vectors"
def train_svm(features, labels):
    from sklearn.feature_selection import SelectFromModel
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import LinearSVC

    model = make_pipeline(
        StandardScaler(),
        SelectFromModel(LinearSVC(C=0.01, max_iter=5000)),
        LogisticRegression(C=0.01, max_iter=1000),
    )
    return model.fit(features, labels)
