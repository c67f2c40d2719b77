# %% wrong "It divides by the number of rows where it should be the number of classes, which is the same for a square array only." name="trial3_rows_for_columns" breaks="score"
def blind_score(one_hot):
    return float(1 - 1 / len(one_hot))
