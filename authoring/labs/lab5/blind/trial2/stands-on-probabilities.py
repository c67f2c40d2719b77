# %% wrong "Takes all numbers between 0 and 1 for probabilities and never adds them up." name="trial2_between_0_and_1_is_enough" breaks="other inputs"
def stands_on_probabilities(model, batch):
    before = keras.Model(model.inputs[0], model.layers[-1].input)
    received = before.predict(batch, verbose=0)
    return bool(received.min() >= 0 and received.max() <= 1)
