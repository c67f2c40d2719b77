"""Draws with the random module, scene by scene of each cut-out, and sorts."""

import random

REPLACES = "interval"


def accuracy_with_interval(probabilities, labels, groups, level):
    scenes = {}
    for row, label, group in zip(probabilities.tolist(), labels.tolist(), groups.tolist(), strict=True):
        scenes.setdefault(group, []).append(row.index(max(row)) == label)
    cutouts = list(scenes.values())
    everything = [right for cutout in cutouts for right in cutout]
    drawn = []
    for _ in range(1000):
        taken = [right for cutout in random.choices(cutouts, k=len(cutouts)) for right in cutout]
        drawn.append(sum(taken) / len(taken))
    drawn.sort()
    outside = int(1000 * (1 - level) / 2)
    return [sum(everything) / len(everything), drawn[outside], drawn[-outside - 1]]
