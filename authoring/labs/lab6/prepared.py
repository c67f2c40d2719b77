"""What exercise 6 of lab 6 leaves behind, so that the check of the model card need not train: a model that has learned nothing."""

keras.utils.set_random_seed(0)  # noqa: F821
_layers = keras.layers  # noqa: F821
_train, _held_out = grouped_splits(photos.labels, np.arange(len(paths)) // 4, folds=4, seed=0)[0]  # noqa: F821
result = {
    "model": keras.Sequential(  # noqa: F821
        [keras.Input((96, 96, 3)), _layers.Rescaling(1 / 255), _layers.GlobalAveragePooling2D(), _layers.Dense(3, "softmax")]  # noqa: F821
    ),
    "images": photos.images,  # noqa: F821
    "labels": photos.labels,  # noqa: F821
    "groups": np.arange(len(paths)) // 4,  # noqa: F821
    "train": _train,
    "held_out": _held_out,
}
