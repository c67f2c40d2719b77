# %% wrong "Interleaves the two vectors for both: each channel's average is followed by its own maximum." name="trial6_both_interleaved" breaks="both"
def rebuild(name, input_shape, pooling):
    if pooling != "both":
        return load_base(name, input_shape=input_shape, pooling=pooling)
    base = load_base(name, input_shape=input_shape)
    average = keras.layers.Reshape((-1, 1))(keras.layers.GlobalAveragePooling2D()(base.output))
    maximum = keras.layers.Reshape((-1, 1))(keras.layers.GlobalMaxPooling2D()(base.output))
    pairs = keras.layers.Concatenate(axis=-1)([average, maximum])
    return keras.Model(base.inputs, keras.layers.Flatten()(pairs))


# %% wrong "Takes the first number of input_shape for the width, as Pillow does, so height and width change places." name="trial6_width_before_height" breaks="input size"
def rebuild(name, input_shape, pooling):
    width, height, channels = input_shape
    base = load_base(name, input_shape=(height, width, channels))
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    if pooling == "avg":
        output = average
    elif pooling == "max":
        output = maximum
    else:
        output = keras.layers.Concatenate()([average, maximum])
    return keras.Model(base.inputs, output)


# %% right "Pools with ordinary pooling layers whose window is as large as the last feature map, and flattens what is left." name="trial6_window_as_large_as_map"
def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    window = tuple(base.output_shape[1:3])
    kinds = {"avg": [keras.layers.AveragePooling2D], "max": [keras.layers.MaxPooling2D]}
    kinds["both"] = kinds["avg"] + kinds["max"]
    vectors = [keras.layers.Flatten()(kind(pool_size=window)(base.output)) for kind in kinds[pooling]]
    output = vectors[0] if len(vectors) == 1 else keras.layers.Concatenate()(vectors)
    return keras.Model(base.inputs, output)
