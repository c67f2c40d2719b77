"""Lesson 1: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re

from claims.reading import five_likeliest, percent_after


def holds(run) -> None:
    printed, alts = run.printed(), " ".join(run.alts())
    # "the classifier gains": the interval of the difference lies above zero
    low, high = map(float, re.search(r"gains .*90 % interval (-?[\d.]+)% to (-?[\d.]+)%", printed).groups())
    assert 0 < low < high
    # "In all ten deals the features win, and by a lot"; "how far the ten gains lie apart"
    ahead, least, most = map(int, re.search(r"ahead in (\d+) of 10, by (-?\d+)% to (-?\d+)%", printed).groups())
    assert ahead == 10 and least >= 15 and most > least + 5
    low, high = map(float, re.search(r"all together: .*90 % interval (-?[\d.]+)% to (-?[\d.]+)%", printed).groups())
    assert 0 < low < high
    # "Without the top only about a tenth is left"
    whole, base = re.search(r"vgg16 .* ([\d,]+) +([\d,]+) +\d+\n", printed).groups()
    assert 0.08 < int(base.replace(",", "")) / int(whole.replace(",", "")) < 0.13
    # "which part of a block holds nearly all": the pointwise layers
    assert percent_after(printed, "so") > 90
    # "counting words does no better than" tossing a coin, while the features do well
    if "pretrained sentence features" in printed:
        assert percent_after(printed, "counting words") < 65 < percent_after(printed, "pretrained sentence features")
    # "sure (the coffee); torn between good neighbours (three kinds of cat); lost, with no long bar at all (the astronaut)"
    coffee, cat, astronaut = (five_likeliest(alts, f"Photograph {number}") for number in (1, 2, 6))
    assert next(iter(coffee)) == "espresso" and coffee["espresso"] > 80
    # "One long bar and four stumps … a cup, a mug, a bowl and a clear soup": the same four
    assert set(coffee) == {"espresso", "cup", "coffee mug", "soup bowl", "consomme"}
    assert max(share for name, share in coffee.items() if name != "espresso") < 5
    assert set(list(cat)[:3]) == {"tabby", "tiger cat", "Egyptian cat"} and max(cat.values()) < 50
    assert max(astronaut.values()) < 30
    # "something like a helmet", and "there is no bobsled in the image": the same photograph by itself, in section 4
    alone = five_likeliest(alts, "Not one of the 1000 classes. A photograph")
    assert max(alone.values()) < 30
    assert "bobsled" in alone and any("helmet" in name for name in alone)
