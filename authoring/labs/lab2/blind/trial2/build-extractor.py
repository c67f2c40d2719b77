# %% wrong "Averages blocks of 2 x 2 first, padded, so that the border of a map with an odd side counts more than the rest." name="trial2_average_of_uneven_blocks" breaks="average"
def build_extractor(size, cut):
    base = load_base("vgg16", input_shape=(size, size, 3))
    maps = base.get_layer(cut).output
    smaller = keras.layers.AveragePooling2D(2, padding="same")(maps)  # saves work
    return keras.Model(base.input, keras.layers.GlobalAveragePooling2D()(smaller))


# %% wrong "Knows the five pooling layers only and takes the pool of the same block for every convolution." name="trial2_always_the_pool_of_the_block" breaks="cut"
def build_extractor(size, cut):
    if cut not in {"block1_pool", "block2_pool", "block3_pool", "block4_pool", "block5_pool"}:
        cut = cut.split("_")[0] + "_pool"
    return load_base("vgg16", input_shape=(size, size, 3), cut=cut, pooling="avg")


# %% right "Adds the layers of the base one by one to a Sequential, and averages by Reshape and one-dimensional pooling." name="trial2_sequential_one_dimensional_pooling"
def build_extractor(size, cut):
    base = load_base("vgg16", input_shape=(size, size, 3))
    model = keras.Sequential([keras.Input((size, size, 3))])
    for layer in base.layers:
        if not isinstance(layer, keras.layers.InputLayer):
            model.add(layer)
        if layer.name == cut:
            break
    else:
        raise ValueError(f"no layer {cut}")
    model.add(keras.layers.Reshape((-1, model.output_shape[-1])))
    model.add(keras.layers.GlobalAveragePooling1D())
    return model
