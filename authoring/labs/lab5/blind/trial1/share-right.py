# %% wrong "Counts an image as right only if its largest probability is above 0.05." name="trial1_at_least_five_percent" breaks="below one half"
def share_right(probabilities, one_hot):
    right = probabilities.argmax(axis=1) == one_hot.argmax(axis=1)
    said = probabilities.max(axis=1) > 0.05
    return float(np.mean(right & said))
