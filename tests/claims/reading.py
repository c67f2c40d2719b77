"""Reads figures from what a notebook printed."""

from __future__ import annotations

import re


def percent_after(text: str, words: str) -> float:
    found = re.search(re.escape(words) + r"\D*?(-?\+?\d+(?:\.\d+)?) ?%", text)
    assert found, f"{words!r} is not in what the lesson printed"
    return float(found.group(1))
