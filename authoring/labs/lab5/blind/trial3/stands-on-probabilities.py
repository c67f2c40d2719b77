# %% wrong "It looks at the sums alone, so features of both signs that happen to add up to 1 count as probabilities." name="trial3_sums_only" breaks="other inputs"
def stands_on_probabilities(model, batch):
    receives = keras.Model(model.inputs[0], model.layers[-1].input)
    values = receives.predict(batch, verbose=0)
    return bool(np.allclose(values.sum(axis=-1), 1, atol=1e-4))
