# %% wrong "Puts the maxima before the averages." name="trial3_maxima_first" breaks="both"
def rebuild(name, input_shape, pooling):
    if pooling != "both":
        return load_base(name, input_shape=input_shape, pooling=pooling)
    base = load_base(name, input_shape=input_shape)
    pooled = {
        "max": keras.layers.GlobalMaxPooling2D()(base.output),
        "avg": keras.layers.GlobalAveragePooling2D()(base.output),
    }
    return keras.Model(base.input, keras.layers.Concatenate()(list(pooled.values())))


# %% wrong "Keeps the kernels from ImageNet and sets every bias and every beta to 0." name="trial3_no_biases" breaks="pretrained weights"
def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    for layer in base.layers:
        for weight in layer.weights:
            if weight.name in ("bias", "beta"):
                weight.assign(np.zeros(weight.shape, dtype="float32"))
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    if pooling == "both":
        return keras.Model(base.input, keras.layers.Concatenate()([average, maximum]))
    return keras.Model(base.input, average if pooling == "avg" else maximum)


# %% right "Pools with windows as large as the last feature map and flattens what is left." name="trial3_window_as_large_as_map"
def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=tuple(input_shape))
    window = tuple(base.output.shape[1:3])
    kinds = {"avg": ["Average"], "max": ["Max"], "both": ["Average", "Max"]}[pooling]
    vectors = []
    for kind in kinds:
        pool = getattr(keras.layers, f"{kind}Pooling2D")(pool_size=window, strides=window)
        vectors.append(keras.layers.Flatten()(pool(base.output)))
    return keras.Model(base.inputs, vectors[0] if len(vectors) == 1 else keras.layers.concatenate(vectors))
