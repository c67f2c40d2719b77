# %% wrong "A layer of its own passes training=True on to the augmentation, so the images change in prediction too." name="trial2_augments_in_prediction" breaks="training only"
class Augment(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.flip = keras.layers.RandomFlip("horizontal")
        self.move = keras.layers.RandomTranslation(0.2, 0.2)

    def call(self, images, training=None):
        return self.move(self.flip(images, training=True), training=True)


def with_augmentation(base, classes):
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            Augment(),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% right "A functional model with an augmentation layer of its own that holds Keras's layers, and the softmax as a layer apart." name="trial2_own_layer_obeys_training"
class Disturb(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.parts = [
            keras.layers.RandomTranslation(0.2, 0.2, fill_mode="reflect"),
            keras.layers.RandomFlip("horizontal"),
        ]

    def call(self, images, training=False):
        if not training:
            return images
        for part in self.parts:
            images = part(images, training=True)
        return images

    def compute_output_shape(self, input_shape):
        return input_shape


def with_augmentation(base, classes):
    images = keras.Input(base.input_shape[1:])
    maps = base(Disturb()(images))
    vectors = keras.layers.GlobalAveragePooling2D()(maps)
    return keras.Model(images, keras.layers.Softmax()(keras.layers.Dense(classes)(vectors)))
