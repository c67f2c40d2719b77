"""Sets a name that Keras does not know, which is no error."""

REPLACES = "unfreeze-from"
MUST_FAIL = ("test-unfreeze-from",)
HINT = "no weight of the base has moved"
MARKS = 0


def unfreeze_from(model, first):
    for layer in model.get_layer("base").layers:
        layer.is_trainable = layer.name >= first
    return model
