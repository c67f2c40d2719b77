# %% wrong "Tries the swapped channels for VGG16 only; for every other base they are called right." name="trial2_swap_for_vgg16_only" breaks="every base"
def preprocessing_mistake(pixels, batch, name):
    once = preprocess(name, pixels)
    made = {
        "right": once,
        "divided by 255": pixels / 255,
        "not preprocessed": pixels.astype("float32"),
        "preprocessed twice": preprocess(name, once),
    }
    if name == "vgg16":
        made["red and blue swapped"] = preprocess(name, pixels[..., ::-1])
    return min(made, key=lambda what: np.abs(np.asarray(made[what]) - batch).mean())
