"""Lesson 1: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re

from claims.reading import percent_after


def holds(run) -> None:
    printed, alts = run.printed(), " ".join(run.alts())
    # "the classifier gains": the interval of the difference lies above zero
    low, high = map(float, re.search(r"90 % interval (-?[\d.]+)% to (-?[\d.]+)%", printed).groups())
    assert 0 < low < high
    # "Without the top only about a tenth is left"
    whole, base = re.search(r"vgg16 .* ([\d,]+) +([\d,]+) +\d+\n", printed).groups()
    assert 0.08 < int(base.replace(",", "")) / int(whole.replace(",", "")) < 0.13
    # "which part of a block holds nearly all": the pointwise layers
    assert percent_after(printed, "so") > 90
    # "counting words does no better than" tossing a coin, while the features do well
    if "pretrained sentence features" in printed:
        assert percent_after(printed, "counting words") < 65 < percent_after(printed, "pretrained sentence features")
    assert "espresso 9" in alts  # "sure and right"
    assert re.search(r"Not one of the 1000 classes\..*?bars: [a-z -]+ (\d+)", alts)
