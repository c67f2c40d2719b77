# %% wrong "A slice of the layers that ends before the cut, so the features come from the layer in front of it." name="trial1_one_layer_short" breaks="cut"
def build_extractor(size, cut):
    base = load_base("vgg16", input_shape=(size, size, 3))
    names = [layer.name for layer in base.layers]
    kept = base.layers[1 : names.index(cut)]
    return keras.Sequential([keras.Input((size, size, 3)), *kept, keras.layers.GlobalAveragePooling2D()])


# %% right "A clone of the truncated base with its weights copied, nested in a Sequential model." name="trial1_clone_in_sequential"
def build_extractor(size, cut):
    base = load_base("vgg16", input_shape=(size, size, 3))
    trunk = keras.Model(base.inputs[0], base.get_layer(cut).output)
    twin = keras.models.clone_model(trunk)
    twin.set_weights(trunk.get_weights())
    twin.trainable = False
    return keras.Sequential([keras.Input((size, size, 3)), twin, keras.layers.GlobalAveragePooling2D()])
