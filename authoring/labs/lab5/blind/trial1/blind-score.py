# %% wrong "Divides by the number of rows instead of the number of classes, which agrees for a square table only." name="trial1_rows_for_classes" breaks="score"
def blind_score(one_hot):
    return 1 - 1 / len(one_hot)
