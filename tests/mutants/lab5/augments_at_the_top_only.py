"""Does not look into models inside the model."""

REPLACES = "augments"
MUST_FAIL = ("test-augments",)
HINT = "in a model inside the model you answer False"
MARKS = 2.5


def augments(model, images):
    return any(type(layer).__name__.startswith("Random") for layer in model.layers)
