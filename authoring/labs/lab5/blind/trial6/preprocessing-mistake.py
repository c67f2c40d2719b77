# %% wrong "Makes the swapped candidate by reversing the channels after the preprocessing, so a swapped VGG16 batch passes as right." name="trial6_swap_after_preprocessing" breaks="colours"
def preprocessing_mistake(pixels, batch, name):
    """Says what was done to images on their way into a base."""
    right = np.asarray(preprocess(name, pixels))
    mistakes = {
        "divided by 255": pixels.astype("float32") / 255,
        "not preprocessed": pixels.astype("float32"),
        "preprocessed twice": np.asarray(preprocess(name, right.copy())),
        "red and blue swapped": right[..., ::-1],
    }
    if np.allclose(batch, right, atol=1e-3):
        return "right"
    for mistake, candidate in mistakes.items():
        if np.allclose(batch, candidate, atol=1e-3):
            return mistake
    return "right"
