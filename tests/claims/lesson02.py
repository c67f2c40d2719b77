"""Lesson 2: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re


def holds(run) -> None:
    printed, alts = run.printed(), " ".join(run.alts())
    # "three usual mistakes": each is worse than right, and hidden in part when made everywhere
    once, everywhere = (
        re.search(title + r".*?right (\d+) %.*?not prepared (\d+) %.*?prepared twice (\d+) %", alts)
        for title in ("then fed like this", "The same mistake in training and test")
    )
    right, *wrong = map(int, once.groups())
    assert all(score < right - 10 for score in wrong)
    assert all(int(e) > w for e, w in zip(everywhere.groups()[1:], wrong, strict=True))
    assert int(re.search(r"the whole network: ([\d,]+)", printed).group(1).replace(",", "")) > 600_000_000
    # "The curve rises all the way": no step down, and most steps up beyond doubt
    assert printed.count("  better") >= 3
    assert "  worse" not in printed
    # "all pictures look alike and get the same name"; "most of them become one class"; "the loss is real"
    assert re.search(r"prepared twice, what it calls them: \{'\w+': 310\}", printed)
    most = re.search(r"not prepared, what it calls them: (\{.*?\})", printed).group(1)
    assert max(map(int, re.findall(r"\d+", most))) > 155
    assert float(re.search(r"swapping the colours costs .*?interval (-?[\d.]+)%", printed).group(1)) > 0
