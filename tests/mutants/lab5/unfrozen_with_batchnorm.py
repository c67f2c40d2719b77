"""Sets free everything from the layer on, BatchNorm too, and trusts training=False."""

REPLACES = "unfreeze-from"
MUST_FAIL = ("test-unfreeze-from",)
HINT = "BatchNorm has a switch of its own"
MARKS = 3.0


def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable = True
    names = [layer.name for layer in base.layers]
    for layer in base.layers[: names.index(first)]:
        layer.trainable = False
    return model
