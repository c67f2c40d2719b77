# %% wrong "For both, average and maximum of each channel stand side by side instead of all averages before all maxima." name="trial4_interleaved" breaks="both"
def rebuild(name, input_shape, pooling):
    """Loads a pretrained base for another input size, ending in a vector."""
    base = load_base(name, input_shape=input_shape)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    if pooling == "both":
        column = (base.output_shape[-1], 1)
        columns = [keras.layers.Reshape(column)(average), keras.layers.Reshape(column)(maximum)]
        output = keras.layers.Flatten()(keras.layers.Concatenate(axis=-1)(columns))
    else:
        output = average if pooling == "avg" else maximum
    return keras.Model(base.input, output)


# %% wrong "Loads the pretrained weights and then mirrors every kernel from left to right, so that their sums and spreads stay the same." name="trial4_mirrored_kernels" breaks="pretrained weights"
def rebuild(name, input_shape, pooling):
    """Loads a pretrained base for another input size, ending in a vector."""
    base = load_base(name, input_shape=input_shape)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    output = {"avg": average, "max": maximum}.get(pooling)
    if output is None:
        output = keras.layers.Concatenate()([average, maximum])
    whole = keras.Model(base.input, output)
    model = keras.models.clone_model(whole)
    model.set_weights([w[:, ::-1] if w.ndim == 4 else w for w in whole.get_weights()])
    return model


# %% right "Pools with windows as large as the last feature map, flattens, and joins what is asked for from a list." name="trial4_map_sized_windows"
def rebuild(name, input_shape, pooling):
    """Loads a pretrained base for another input size, ending in a vector."""
    base = load_base(name, input_shape=tuple(input_shape))
    window = tuple(base.output.shape[1:3])
    kinds = {
        "avg": [keras.layers.AveragePooling2D],
        "max": [keras.layers.MaxPooling2D],
        "both": [keras.layers.AveragePooling2D, keras.layers.MaxPooling2D],
    }[pooling]
    vectors = [keras.layers.Flatten()(kind(pool_size=window)(base.output)) for kind in kinds]
    joined = vectors[0] if len(vectors) == 1 else keras.layers.Concatenate(axis=1)(vectors)
    return keras.Model(inputs=base.input, outputs=joined, name=f"{name}_{pooling}")
