# %% wrong "Sets the flags rightly and then passes all weights through half precision, so most of them change a little." name="trial4_weights_through_half_precision" breaks="weights kept"
def unfreeze_from(model, first):
    """Unfreezes a base from one layer on, BatchNorm excepted."""
    base = model.get_layer("base")
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    model.set_weights(
        [w.astype("float16").astype("float32") if w.dtype == np.float32 else w for w in model.get_weights()]
    )
    return model
