"""Compiles again with the first stage's optimizer, which belongs to other weights."""

REPLACES = "fine-tune"
MUST_FAIL = ("test-fine-tune",)
HINT = "compile with a new one"


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.optimizer.learning_rate = 1e-5
    model.compile(model.optimizer, loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]
