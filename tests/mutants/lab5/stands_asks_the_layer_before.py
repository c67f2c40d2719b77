"""Asks whether the layer before the last is a softmax, which a Dropout between them hides."""

REPLACES = "stands-on-probabilities"
MUST_FAIL = ("test-stands-on-probabilities",)
HINT = "with a Dropout between them you answer False"
MARKS = 2.5


def stands_on_probabilities(model, batch):
    activation = getattr(model.layers[-2], "activation", None)
    return activation is not None and activation.__name__ == "softmax"
