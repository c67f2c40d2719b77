# %% wrong "It compares the sorted numbers of the batches, so for a base that treats all channels alike a swap of red and blue looks right." name="trial3_sorted_values" breaks="every base"
def preprocessing_mistake(pixels, batch, name):
    candidates = {
        "right": preprocess(name, pixels),
        "divided by 255": pixels / 255,
        "not preprocessed": pixels.astype("float32"),
        "preprocessed twice": preprocess(name, preprocess(name, pixels)),
        "red and blue swapped": preprocess(name, pixels[..., ::-1]),
    }
    values = np.sort(np.asarray(batch, "float64").ravel())
    distances = {}
    for what, candidate in candidates.items():
        other = np.sort(np.asarray(candidate, "float64").ravel())
        distances[what] = round(float(np.abs(values - other).mean()), 4)
    return min(distances, key=distances.get)


# %% right "It makes the candidates lazily from a table of functions and takes the one with the least squared error, in double precision." name="trial3_table_of_functions"
def preprocessing_mistake(pixels, batch, name):
    def right(images):
        return np.array(preprocess(name, images), dtype="float32")

    makers = (
        ("not preprocessed", lambda images: images),
        ("divided by 255", lambda images: np.true_divide(images, 255)),
        ("preprocessed twice", lambda images: right(right(images))),
        ("red and blue swapped", lambda images: right(np.flip(images, axis=-1).copy())),
        ("right", right),
    )
    target = np.asarray(batch, dtype="float64")

    def error(maker):
        made = np.asarray(maker[1](np.array(pixels)), dtype="float64")
        return float(np.einsum("nhwc,nhwc->", made - target, made - target))

    return min(makers, key=error)[0]
