"""SGD with momentum at a falling rate; losses as an array."""

import keras
import numpy as np

REPLACES = "fine-tune"


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    rate = keras.optimizers.schedules.CosineDecay(1e-4, decay_steps=100)
    model.compile(keras.optimizers.SGD(rate, momentum=0.9), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, batch_size=8, verbose=0)
    return [model, np.array(history.history["loss"])]
