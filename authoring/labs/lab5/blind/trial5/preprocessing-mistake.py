# %% wrong "Makes its swapped batch by reversing the channels after the preprocessing, so for VGG16 a swapped batch matches nothing and is called right." name="trial5_swap_after_preprocessing" breaks="colours"
def preprocessing_mistake(pixels, batch, name):
    right = np.array(preprocess(name, pixels))
    candidates = {
        "divided by 255": pixels / 255,
        "not preprocessed": pixels,
        "preprocessed twice": preprocess(name, right.copy()),
        "red and blue swapped": right[..., ::-1],
    }
    for mistake, candidate in candidates.items():
        if np.allclose(batch, candidate, atol=1e-3):
            return mistake
    return "right"
