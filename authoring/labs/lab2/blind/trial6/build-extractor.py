# %% wrong "Builds VGG16 for the wanted size with weights=None, so that all weights are random." name="trial6_weights_none" breaks="pretrained weights"
def build_extractor(size, cut):
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(size, size, 3))
    pooled = keras.layers.GlobalAveragePooling2D()(base.get_layer(cut).output)
    model = keras.Model(base.input, pooled)
    model.trainable = False
    return model
