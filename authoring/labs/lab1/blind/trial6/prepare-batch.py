# %% wrong "Resizes to 256 by 256 and cuts out the middle 224 by 224, as in the usual ImageNet evaluation, so the margins are lost." name="trial6_resize_256_centre_224" breaks="whole photo"
def prepare_batch(photos, name):
    margin = (256 - 224) // 2
    squares = []
    for photo in photos:
        image = Image.fromarray(photo).convert("RGB").resize((256, 256))
        image = image.crop((margin, margin, margin + 224, margin + 224))
        squares.append(np.asarray(image))
    return preprocess(name, np.stack(squares))


# %% wrong "Turns red, green, blue round by hand for VGG16 although preprocess does so too, so the colours end up in the old order." name="trial6_bgr_swapped_twice" breaks="preprocessing"
def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    pixels = np.stack(squares)
    if name == "vgg16":
        # VGG16 was trained on blue, green, red
        pixels = np.ascontiguousarray(pixels[..., ::-1])
    return preprocess(name, pixels)


# %% wrong "Lays a photograph with four channels over a white background instead of dropping the fourth channel." name="trial6_alpha_over_white" breaks="grey and transparent"
def prepare_batch(photos, name):
    squares = []
    for photo in photos:
        image = Image.fromarray(photo).convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image).convert("RGB")
        squares.append(np.asarray(image.resize((224, 224))))
    return preprocess(name, np.stack(squares))


# %% right "Takes the nearest pixels by integer indexing alone, and lets an assignment broadcast the grey ones to three channels." name="trial6_nearest_by_indexing"
def prepare_batch(photos, name):
    side = 224
    centres = 2 * np.arange(side) + 1
    batch = np.empty((len(photos), side, side, 3), dtype=np.uint8)
    for number, photo in enumerate(photos):
        height, width = photo.shape[:2]
        rows = centres * height // (2 * side)
        columns = centres * width // (2 * side)
        pixels = np.atleast_3d(photo)[..., :3]
        batch[number] = pixels[np.ix_(rows, columns)]
    return preprocess(name, batch)
