# %% wrong "Averages in squares of 2 x 2 before the global average, so in maps with an odd side the edge weighs more." name="trial1_mean_of_means" breaks="average"
def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    if pooling == "avg":
        smaller = keras.layers.AveragePooling2D(2, padding="same")(base.output)
        return keras.Model(base.input, keras.layers.GlobalAveragePooling2D()(smaller))
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    if pooling == "max":
        return keras.Model(base.input, maximum)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    return keras.Model(base.input, keras.layers.Concatenate()([average, maximum]))


# %% wrong "Loads the pretrained weights and then shuffles the numbers of the last convolution's kernel, whose mean and spread stay the same." name="trial1_shuffled_kernel" breaks="pretrained weights"
def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    last = [layer for layer in base.layers if any(len(weight.shape) == 4 for weight in layer.weights)][-1]
    weights = last.get_weights()
    kernel = weights[0]
    weights[0] = np.random.default_rng(0).permutation(kernel.ravel()).reshape(kernel.shape)
    last.set_weights(weights)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    if pooling == "avg":
        return keras.Model(base.input, average)
    if pooling == "max":
        return keras.Model(base.input, maximum)
    return keras.Model(base.input, keras.layers.Concatenate()([average, maximum]))


# %% right "Ordinary pooling layers whose window is the whole last map, flattened, in place of global pooling." name="trial1_window_of_the_map"
def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=tuple(input_shape))
    window = tuple(int(side) for side in base.output.shape[1:3])
    kinds = {
        "avg": [keras.layers.AveragePooling2D],
        "max": [keras.layers.MaxPooling2D],
        "both": [keras.layers.AveragePooling2D, keras.layers.MaxPooling2D],
    }[pooling]
    vectors = [keras.layers.Flatten()(kind(pool_size=window)(base.output)) for kind in kinds]
    output = vectors[0] if len(vectors) == 1 else keras.layers.Concatenate(axis=-1)(vectors)
    return keras.Model(inputs=base.inputs[0], outputs=output)
