# %% wrong "Asks for the head's input in training mode, where a Dropout zeroes and scales the probabilities so that they no longer add up to 1." name="trial6_asks_in_training_mode" breaks="probabilities"
def stands_on_probabilities(model, batch):
    """Says whether a model's last layer receives probabilities."""
    before_head = keras.Model(model.inputs[0], model.layers[-1].input)
    received = np.asarray(before_head(batch, training=True))
    return bool(np.all(received >= 0) and np.allclose(received.sum(axis=-1), 1, atol=1e-4))
