# %% wrong "Always ends at the pooling layer of the block that is asked for, which has as many channels as the block's convolutions." name="trial4_end_of_block" breaks="cut"
def build_extractor(size, cut):
    """Builds a feature extractor from VGG16."""
    base = load_base("vgg16", input_shape=(size, size, 3))
    last = base.get_layer(cut.split("_")[0] + "_pool")
    vector = keras.layers.GlobalAveragePooling2D()(last.output)
    return keras.Model(base.input, vector)
