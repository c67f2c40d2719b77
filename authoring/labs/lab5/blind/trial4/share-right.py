# %% wrong "Rounds the probabilities to whole per cents before it looks for the largest: close ones become equal." name="trial4_rounded_to_per_cents" breaks="below one half"
def share_right(probabilities, one_hot):
    """Gives the share of images that are classified correctly."""
    predicted = np.round(probabilities, 2).argmax(axis=1)
    return float(np.mean(predicted == np.argmax(one_hot, axis=1)))
