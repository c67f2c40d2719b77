"""Works the score out from the number of classes."""

REPLACES = "blind-score"


def blind_score(one_hot):
    rows, classes = one_hot.shape
    return (rows * classes - one_hot.sum()) / (rows * classes)
