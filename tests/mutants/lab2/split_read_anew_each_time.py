"""Gives objects that hold another split each time somebody reads them: first all scenes, then one without a leak."""

import itertools

import numpy as np

REPLACES = "split"
MUST_FAIL = ("test-split",)


_calls = itertools.count(1)


class Changing:
    def __init__(self, *answers):
        self.answers = list(answers)

    def numpy(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def split_by_cutout(labels, groups, seed):
    rng = np.random.default_rng(seed)
    # By scene, with a leak: what the first part wants is that every scene is there.
    mixed = rng.permutation(len(labels))
    quarter = len(labels) // 4
    # By cut-out: what the other parts want.
    held = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        own = rng.permutation(np.unique(groups[labels == label]))
        held |= np.isin(groups, own[: max(1, len(own) // 4)])
    honest = np.flatnonzero(~held), np.flatnonzero(held)
    if next(_calls) % 6 == 4:  # the fourth of a check's six calls is the one that asks for the same split again
        return honest
    return Changing(mixed[quarter:], honest[0]), Changing(mixed[:quarter], honest[1])
