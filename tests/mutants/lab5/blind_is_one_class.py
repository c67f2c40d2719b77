"""Gives the accuracy of always naming the most frequent class."""

REPLACES = "blind-score"
MUST_FAIL = ("test-blind-score",)


def blind_score(one_hot):
    return one_hot.sum(axis=0).max() / len(one_hot)
