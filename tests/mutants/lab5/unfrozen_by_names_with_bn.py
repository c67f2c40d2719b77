"""Recognises BatchNorm by the letters bn, which not every base writes."""

REPLACES = "unfreeze-from"
MUST_FAIL = ("test-unfreeze-from",)
MARKS = 3.0


def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable, reached = True, False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and "bn" not in layer.name.lower()
    return model
