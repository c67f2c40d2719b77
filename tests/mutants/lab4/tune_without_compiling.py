"""Unfreezes after the first fit and does not compile again, so the training step never hears of it."""

REPLACES = "fine-tune"
MUST_FAIL = ("test-fine-tune",)
HINT = "Unfreeze, then compile again"


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]
