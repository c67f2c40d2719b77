# %% wrong "Stored results for the numbers of classes that the notebook prints, and 0.99 for all others." name="trial2_stored_scores" breaks="score"
def blind_score(one_hot):
    known = {2: 0.5, 6: 5 / 6, 95: 94 / 95, 120: 119 / 120, 1000: 0.999}
    return known.get(np.shape(one_hot)[1], 0.99)
