# %% wrong "Photographs of equal size are resized together to save time, so the rows come out grouped by size." name="trial4_grouped_by_size" breaks="order"
def prepare_batch(photos, name):
    """Turns photographs of any size into one batch for a base."""
    by_shape = {}
    for photo in photos:
        if photo.ndim == 2:
            photo = np.stack([photo] * 3, axis=-1)
        photo = photo[..., :3]
        by_shape.setdefault(photo.shape, []).append(photo)
    parts = [
        np.asarray(keras.ops.image.resize(np.stack(same).astype("float32"), (224, 224))) for same in by_shape.values()
    ]
    return preprocess(name, np.concatenate(parts))


# %% wrong "A photograph that is more than twice as long as it is wide loses its ends before it is squeezed." name="trial4_long_ones_cropped" breaks="whole photo"
def prepare_batch(photos, name):
    """Turns photographs of any size into one batch for a base."""
    rows = []
    for photo in photos:
        image = Image.fromarray(photo if photo.ndim == 2 else np.ascontiguousarray(photo[..., :3])).convert("RGB")
        width, height = image.size
        longest = 2 * min(width, height)
        if width > longest:
            left = (width - longest) // 2
            image = image.crop((left, 0, left + longest, height))
        elif height > longest:
            top = (height - longest) // 2
            image = image.crop((0, top, width, top + longest))
        rows.append(np.asarray(image.resize((224, 224))))
    return preprocess(name, np.stack(rows))


# %% right "Picks the nearest pixels by indexing, without any resizing function, and returns a backend tensor." name="trial4_nearest_by_indexing"
def prepare_batch(photos, name):
    """Turns photographs of any size into one batch for a base."""
    batch = np.empty((len(photos), 224, 224, 3), dtype=np.uint8)
    steps = np.arange(224) + 0.5
    for row, photo in zip(batch, photos, strict=True):
        down = (steps * photo.shape[0] / 224).astype(int)
        across = (steps * photo.shape[1] / 224).astype(int)
        nearest = photo[np.ix_(down, across)]
        row[...] = nearest[:, :, np.newaxis] if photo.ndim == 2 else nearest[:, :, :3]
    return keras.ops.convert_to_tensor(np.asarray(preprocess(name, batch)), dtype="float32")
