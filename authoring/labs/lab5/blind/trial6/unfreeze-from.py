# %% wrong "Freezes all layers of the model first, the head among them, and then opens layers of the base only, so the head does not learn." name="trial6_head_left_frozen" breaks="unfrozen"
def unfreeze_from(model, first):
    """Unfreezes a base from one layer on, BatchNorm excepted."""
    base = model.get_layer("base")
    for layer in model.layers:
        layer.trainable = False
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    return model
