# %% wrong "Squeezes to 256 x 256 and keeps the central 224 x 224, as in the ImageNet recipe, so the margin is lost." name="trial5_central_crop_of_256" breaks="whole photo"
def prepare_batch(photos, name):
    margin = (256 - 224) // 2
    images = []
    for photo in photos:
        image = np.asarray(Image.fromarray(photo).convert("RGB").resize((256, 256)))
        images.append(image[margin : margin + 224, margin : margin + 224])
    return preprocess(name, np.stack(images))


# %% wrong "Lays transparent photographs on white paper with the fourth channel as mask instead of dropping it." name="trial5_transparent_on_white" breaks="grey and transparent"
def prepare_batch(photos, name):
    images = []
    for photo in photos:
        image = Image.fromarray(photo)
        if image.mode == "RGBA":
            paper = Image.new("RGB", image.size, "white")
            paper.paste(image, (0, 0), image.getchannel("A"))
            image = paper
        images.append(np.asarray(image.convert("RGB").resize((224, 224))))
    return preprocess(name, np.stack(images))


# %% right "Picks the nearest pixels and the channels in one go with np.ix_, without any function for resizing." name="trial5_nearest_by_index"
def prepare_batch(photos, name):
    centres = (np.arange(224) + 0.5) / 224
    batch = np.empty((len(photos), 224, 224, 3), dtype=np.uint8)
    for row, photo in enumerate(photos):
        channels = [0, 0, 0] if photo.ndim == 2 else [0, 1, 2]
        down = (centres * photo.shape[0]).astype(int)
        across = (centres * photo.shape[1]).astype(int)
        batch[row] = np.atleast_3d(photo)[np.ix_(down, across, channels)]
    return preprocess(name, batch)
