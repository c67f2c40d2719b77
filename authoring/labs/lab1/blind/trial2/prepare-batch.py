# %% wrong "Photographs of one shape are resized together, and the groups are joined in the order of their shapes." name="trial2_batch_grouped_by_shape" breaks="order"
def prepare_batch(photos, name):
    groups = []
    for shape in sorted({photo.shape for photo in photos}):
        stack = np.stack([photo for photo in photos if photo.shape == shape]).astype("float32")
        if stack.ndim == 3:
            stack = np.stack([stack] * 3, axis=-1)
        stack = stack[..., :3]
        small = keras.ops.image.resize(stack, (224, 224), data_format="channels_last")
        groups.append(keras.ops.convert_to_numpy(small))
    return np.asarray(preprocess(name, np.concatenate(groups)), dtype="float32")

# %% wrong "Squeezes ordinary proportions as a whole, but crops the middle square out of photographs that are long or high." name="trial2_batch_crops_extreme_proportions" breaks="whole photo"
def prepare_batch(photos, name):
    squares = []
    for photo in photos:
        image = Image.fromarray(photo).convert("RGB")
        width, height = image.size
        if max(width, height) > 1.6 * min(width, height):
            side = min(width, height)
            left, top = (width - side) // 2, (height - side) // 2
            image = image.crop((left, top, left + side, top + side))
        squares.append(np.asarray(image.resize((224, 224))))
    return np.asarray(preprocess(name, np.stack(squares)), dtype="float32")

# %% right "Picks the nearest pixels by indexing in NumPy into one array, and returns a tensor of Keras." name="trial2_batch_nearest_by_index"
def prepare_batch(photos, name):
    batch = np.empty((len(photos), 224, 224, 3), dtype="float32")
    middles = (np.arange(224) + 0.5) / 224
    for row, photo in zip(batch, photos, strict=True):
        rows = (middles * photo.shape[0]).astype(int)
        columns = (middles * photo.shape[1]).astype(int)
        near = photo[np.ix_(rows, columns)]
        row[...] = near[:, :, None] if near.ndim == 2 else near[:, :, :3]
    return keras.ops.convert_to_tensor(np.asarray(preprocess(name, batch)), dtype="float32")
