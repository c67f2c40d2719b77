# %% wrong "Compares with all five batches, but the one that was preprocessed twice is made with VGG16's preprocessing whatever the base is." name="trial1_twice_is_vgg16s" breaks="every base"
def preprocessing_mistake(pixels, batch, name):
    right = preprocess(name, pixels)
    candidates = {
        "right": right,
        "divided by 255": pixels / 255,
        "not preprocessed": pixels.astype("float32"),
        "preprocessed twice": preprocess("vgg16", right),
        "red and blue swapped": preprocess(name, pixels[..., ::-1]),
    }
    apart = {what: np.abs(np.asarray(made) - batch).mean() for what, made in candidates.items()}
    return min(apart, key=apart.get)
