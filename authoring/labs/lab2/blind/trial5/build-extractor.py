# %% wrong "Copies every layer from its configuration, so the copies start with random weights." name="trial5_layers_from_config" breaks="pretrained weights"
def build_extractor(size, cut):
    base = load_base("vgg16")
    images = keras.Input((size, size, 3))
    x = images
    for layer in base.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        # a copy for the new image size
        x = type(layer).from_config(layer.get_config())(x)
        if layer.name == cut:
            break
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(images, x)
