# %% wrong "Freezes scale and shift of the upper BatchNorm layers variable by variable and leaves the layers trainable, so their statistics go on moving." name="trial5_batchnorm_by_variable" breaks="BatchNorm"
def unfreeze_from(base, first):
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        if not reached:
            layer.trainable = False
        elif isinstance(layer, keras.layers.BatchNormalization):
            for variable in layer.trainable_variables:
                variable.trainable = False
    return base


# %% wrong "Gives the layers that it unfreezes new random weights, as if they were to be trained from scratch." name="trial5_unfrozen_layers_restarted" breaks="weights kept"
def unfreeze_from(base, first):
    base.trainable = True
    fresh = keras.models.clone_model(base)
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
        if layer.trainable and layer.weights:
            # what ImageNet taught these layers does not fit the new images
            layer.set_weights(fresh.get_layer(layer.name).get_weights())
    return base
