# %% wrong "Augments with a random crop that is resized back, and outside training this pair still rescales or crops every image." name="trial5_crop_and_resize" breaks="training only"
def with_augmentation(base, classes):
    height, width, channels = base.input_shape[1:]
    return keras.Sequential(
        [
            keras.Input((height, width, channels)),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.RandomCrop(7 * height // 8, 7 * width // 8),
            keras.layers.Resizing(height, width),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
