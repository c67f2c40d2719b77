# %% wrong "Recognises BatchNorm by BN in a layer's name, which misses the layers that are called otherwise." name="trial2_unfreeze_bn_by_name" breaks="BatchNorm"
def unfreeze_from(base, first):
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and "BN" not in layer.name
    return base

# %% wrong "Sets everything rightly, then rounds the weights of the frozen layers to three decimals." name="trial2_unfreeze_rounds_the_frozen" breaks="weights kept"
def unfreeze_from(base, first):
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
        if not reached and layer.weights:
            layer.set_weights([np.round(values, 3) for values in layer.get_weights()])
    return base
