"""Reads figures from what a notebook printed."""

from __future__ import annotations

import re


def percent_after(text: str, words: str) -> float:
    found = re.search(re.escape(words) + r"\D*?(-?\+?\d+(?:\.\d+)?) ?%", text)
    assert found, f"{words!r} is not in what the lesson printed"
    return float(found.group(1))


def bars(alts: str, title: str) -> tuple[dict[str, tuple[int, int, int]], int]:
    """What the alt text of an `accuracy_bars` says: per bar (accuracy, low, high), and where its line lies, in per cent."""
    found = re.search(re.escape(title) + r"\. Accuracies with intervals: (.*?)\. A line at (\d+) %", alts)
    assert found, f"no figure of the lesson is called {title!r}"
    each = re.findall(r"(?:^|, | and )([^,()]+?) (\d+) % \((\d+) to (\d+) %\)", found.group(1))
    return {name: (int(value), int(low), int(high)) for name, value, low, high in each}, int(found.group(2))


def five_likeliest(alts: str, which: str) -> dict[str, float]:
    """What the alt text of a `top_five` says of one image: five names with their per cents, the likeliest first."""
    found = re.search(re.escape(which) + r" and 5 bars: (.*? %)\.", alts)
    assert found, f"no figure of the lesson shows {which!r} beside five bars"
    named = {name: float(share) for name, share in re.findall(r"(?:^|, )(.+?) (?:&lt; )?([\d.]+) %", found.group(1))}
    assert len(named) == 5
    return named
