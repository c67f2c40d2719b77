"""Works with positions, and freezes again what must stay."""

REPLACES = "unfreeze-from"


def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable = True
    start = next(place for place, layer in enumerate(base.layers) if layer.name == first)
    for layer in base.layers[:start]:
        layer.trainable = False
    for layer in base.layers:
        if type(layer).__name__ == "BatchNormalization":
            layer.trainable = False
    return model
