# %% right "A callback copies the statistics as bytes when training begins and compares when it ends; the images come as a tf.data set." name="trial1_callback_and_bytes"
import tensorflow as tf


class Watch(keras.callbacks.Callback):
    def __init__(self, norms):
        super().__init__()
        self.norms = norms
        self.moved = None

    def copies(self):
        return [
            (np.array(norm.moving_mean).tobytes(), np.array(norm.moving_variance).tobytes()) for norm in self.norms
        ]

    def on_train_begin(self, logs=None):
        self.before = self.copies()

    def on_train_end(self, logs=None):
        self.moved = sum(old != new for old, new in zip(self.before, self.copies()))


def statistics_moved(model, images, labels):
    norms, waiting = {}, [model.get_layer("base")]
    while waiting:
        layer = waiting.pop()
        if isinstance(layer, keras.layers.BatchNormalization):
            norms[id(layer)] = layer
        waiting += getattr(layer, "layers", [])
    watch = Watch(list(norms.values()))
    batches = tf.data.Dataset.from_tensor_slices((images, np.asarray(labels))).batch(32)
    model.fit(batches, epochs=1, callbacks=[watch], verbose=0)
    return int(watch.moved)
