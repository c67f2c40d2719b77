# %% wrong "Takes every layer that has a seed among its settings for augmentation, and a Dropout has one too." name="trial5_any_layer_with_a_seed" breaks="not augmenting"
def augments(model, images):
    return any("seed" in layer.get_config() for _, layer in inspect.leaf_layers(model))
