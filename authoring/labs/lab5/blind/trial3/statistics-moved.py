# %% right "A callback photographs the statistics at the beginning of training and counts the differences at its end." name="trial3_callback_counts"
def statistics_moved(model, images, labels):
    norms = [one for one in model.get_layer("base").layers if isinstance(one, keras.layers.BatchNormalization)]

    class Watch(keras.callbacks.Callback):
        def look(self):
            return [
                (np.array(norm.moving_mean, copy=True), np.array(norm.moving_variance, copy=True)) for norm in norms
            ]

        def on_train_begin(self, logs=None):
            self.first = self.look()

        def on_train_end(self, logs=None):
            self.count = sum(
                not all(np.array_equal(old, new) for old, new in zip(olds, news))
                for olds, news in zip(self.first, self.look())
            )

    watch = Watch()
    model.fit(images, labels, epochs=1, verbose=0, callbacks=[watch])
    return int(watch.count)
