# %% wrong "Always ends with the pooling layer of the block that cut is in, so block3_conv2 gives block3_pool." name="trial3_pool_of_block" breaks="cut"
def build_extractor(size, cut):
    base = load_base("vgg16", input_shape=(size, size, 3))
    block = cut.split("_")[0]
    end = base.get_layer(f"{block}_pool").output
    return keras.Model(base.input, keras.layers.GlobalAveragePooling2D()(end))


# %% right "Stacks VGG16's own layers up to the cut in a Sequential model." name="trial3_sequential_stack"
def build_extractor(size, cut):
    base = load_base("vgg16", input_shape=(size, size, 3))
    model = keras.Sequential([keras.Input((size, size, 3))], name="extractor")
    for layer in base.layers:
        if not isinstance(layer, keras.layers.InputLayer):
            model.add(layer)
        if layer.name == cut:
            break
    else:
        raise ValueError(f"VGG16 has no layer {cut!r}")
    model.add(keras.layers.GlobalAveragePooling2D())
    return model
