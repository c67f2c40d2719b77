# %% wrong "Asks the layer before the head for its activation: a Softmax layer of its own, or a whole classifier as one layer, is overlooked." name="trial4_activation_of_the_layer_before" breaks="probabilities"
def stands_on_probabilities(model, batch):
    """Says whether a model's last layer receives probabilities."""
    position = -2
    while isinstance(model.layers[position], keras.layers.Dropout):
        position -= 1
    return getattr(model.layers[position], "activation", None) is keras.activations.softmax
