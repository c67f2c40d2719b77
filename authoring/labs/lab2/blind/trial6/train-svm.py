# %% wrong "Uses a LinearSVC only to select columns; what predicts at the end of the pipeline is a logistic regression." name="trial6_svm_only_selects" breaks="support vectors"
def train_svm(features, labels):
    from sklearn.feature_selection import SelectFromModel
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import LinearSVC

    model = make_pipeline(
        StandardScaler(),
        SelectFromModel(LinearSVC(C=0.01, dual=False), threshold="0.5*mean"),
        LogisticRegression(C=0.01, max_iter=500),
    )
    return model.fit(features, labels)
