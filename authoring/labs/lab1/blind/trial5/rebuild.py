# %% wrong "Alternates average and maximum channel by channel instead of all averages followed by all maxima." name="trial5_interleaved_both" breaks="both"
def rebuild(name, input_shape, pooling):
    if pooling != "both":
        return load_base(name, input_shape=input_shape, pooling=pooling)
    base = load_base(name, input_shape=input_shape)
    average = keras.layers.Reshape((-1, 1))(keras.layers.GlobalAveragePooling2D()(base.output))
    maximum = keras.layers.Reshape((-1, 1))(keras.layers.GlobalMaxPooling2D()(base.output))
    pairs = keras.layers.Concatenate(axis=-1)([average, maximum])
    return keras.Model(base.input, keras.layers.Flatten()(pairs))


# %% wrong "For the average alone, takes the output of the last convolution instead of the base's last feature map." name="trial5_average_of_last_convolution" breaks="average"
def rebuild(name, input_shape, pooling):
    if pooling == "max":
        return load_base(name, input_shape=input_shape, pooling="max")
    base = load_base(name, input_shape=input_shape)
    if pooling == "avg":
        convolution = [layer for layer in base.layers if isinstance(layer, keras.layers.Conv2D)][-1]
        return keras.Model(base.input, keras.layers.GlobalAveragePooling2D()(convolution.output))
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    return keras.Model(base.input, keras.layers.Concatenate()([average, maximum]))


# %% right "Pools with windows as large as the whole map, joins the channels of the 1 x 1 maps, and flattens last." name="trial5_window_as_large_as_map"
def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    window = tuple(base.output.shape[1:3])
    maps = []
    if pooling in ("avg", "both"):
        maps.append(keras.layers.AveragePooling2D(pool_size=window)(base.output))
    if pooling in ("max", "both"):
        maps.append(keras.layers.MaxPooling2D(pool_size=window)(base.output))
    joined = keras.layers.Concatenate(axis=-1)(maps) if len(maps) == 2 else maps[0]
    return keras.Model(base.input, keras.layers.Flatten()(joined))
