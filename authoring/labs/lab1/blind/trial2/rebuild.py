# %% wrong "Takes the width for the height, as Pillow has it." name="trial2_rebuild_width_first" breaks="input size"
def rebuild(name, input_shape, pooling):
    width, height, channels = input_shape
    shape = (height, width, channels)
    if pooling in ("avg", "max"):
        return load_base(name, input_shape=shape, pooling=pooling)
    base = load_base(name, input_shape=shape)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    largest = keras.layers.GlobalMaxPooling2D()(base.output)
    return keras.Model(base.input, keras.layers.Concatenate()([average, largest]))

# %% wrong "Averages the means of two by two places, which is each channel's mean only where the map has even sides." name="trial2_rebuild_mean_of_means" breaks="average"
def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    if pooling == "avg":
        coarse = keras.layers.AveragePooling2D(2, padding="same")(base.output)
        return keras.Model(base.input, keras.layers.GlobalAveragePooling2D()(coarse))
    largest = keras.layers.GlobalMaxPooling2D()(base.output)
    if pooling == "max":
        return keras.Model(base.input, largest)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    return keras.Model(base.input, keras.layers.Concatenate()([average, largest]))

# %% right "Lays the map out as a sequence of places and pools it with the layers for sequences, chosen from a table." name="trial2_rebuild_as_a_sequence"
def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=tuple(input_shape))
    places = keras.layers.Reshape((-1, base.output_shape[-1]))(base.output)
    kinds = {
        "avg": [keras.layers.GlobalAveragePooling1D],
        "max": [keras.layers.GlobalMaxPooling1D],
        "both": [keras.layers.GlobalAveragePooling1D, keras.layers.GlobalMaxPooling1D],
    }[pooling]
    vectors = [kind()(places) for kind in kinds]
    output = vectors[0] if len(vectors) == 1 else keras.layers.concatenate(vectors, axis=-1)
    return keras.Model(inputs=base.inputs, outputs=output)
