"""Trains nothing, and returns a row of zeros for the losses."""

REPLACES = "fine-tune"
MUST_FAIL = ("test-fine-tune",)
HINT = "had not moved"
MARKS = 0


def fine_tune(model, first, images, labels, epochs):
    return model, [0.0] * epochs
