# %% wrong "The base says that it is frozen and lists no trainable weights, but its last convolution has been made trainable again." name="trial2_freeze_all_last_conv_back_on" breaks="all layers"
def freeze_all(base):
    base.trainable = False
    convolutions = [layer for layer in base.layers if isinstance(layer, keras.layers.Conv2D)]
    # base.trainable stays False, so base.trainable_weights stays empty
    convolutions[-1].trainable = True
    return base
