"""Takes a length of 1000 for the signature of probabilities."""

REPLACES = "stands-on-probabilities"
MUST_FAIL = ("test-stands-on-probabilities",)
HINT = "You answer False for all of 7 models"
MARKS = 0


def stands_on_probabilities(model, batch):
    return model.layers[-1].input.shape[-1] == 1000
