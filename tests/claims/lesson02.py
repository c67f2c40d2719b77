"""Lesson 2: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re
from itertools import pairwise

from claims.reading import bars

CUPS = {"espresso", "cup", "coffee_mug"}


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
    # "Two bars end below the dashed line"; swapped colours: "the bars overlap", and they "hurt least"
    fed, line = bars(alts, "Head trained on right features, then fed like this")
    assert {name for name, (value, _, _) in fed.items() if value < line} == {"not prepared", "prepared twice"}
    assert max(fed.keys() - {"right"}, key=lambda name: fed[name][0]) == "red/blue swapped"
    assert fed["red/blue swapped"][2] >= fed["right"][1]
    # "Better, in all three cases (the first column)"; the second: "clearly worse" twice, and "for swapped colours these scenes cannot tell"
    for title, second in {"not prepared": "worse", "prepared twice": "worse", "red/blue swapped": "undecided"}.items():
        ends = re.search(rf"^{title} .*?\((\S+)% to (\S+)%\).*?\((\S+)% to (\S+)%\)$", printed, re.M).groups()
        low, _, *still = map(float, ends)
        assert low > 0
        assert second == ("worse" if still[1] < 0 else "better" if still[0] > 0 else "undecided")
    # the photograph: "a cup keeps its shape" with swapped colours; the other two mistakes lose it
    called = dict(
        re.findall(r"^(as it should be|not prepared|prepared twice|red and blue swapped) +→ (\S+) \(", printed, re.M)
    )
    assert called.pop("as it should be") == "espresso"
    assert [title for title, name in called.items() if name in CUPS] == ["red and blue swapped"] and len(called) == 3
    # "One layer, fc1, holds most of the network"
    whole, fc1 = (
        int(re.search(words, printed, re.M).group(1).replace(",", ""))
        for words in (r"^with its top +([\d,]+)$", r"^fc1 +output \(None, 4096\) +([\d,]+)$")
    )
    assert fc1 > whole / 2
    assert int(re.search(r"the whole network: ([\d,]+)", printed).group(1).replace(",", "")) > 600_000_000
    # "the same parameters at both sizes, with the top as well; only the map is larger"
    sizes = re.findall(r"without its top ([\d,]+) parameters, with it ([\d,]+)$", printed, re.M)
    assert len(sizes) == 2 and sizes[0] == sizes[1] and sizes[0][0] != sizes[0][1]
    assert float(re.search(r"has ([\d.]+) times as many positions", printed).group(1)) > 1
    # "the maps get smaller, there are more of them, more of them stay silent"
    way_up = [
        tuple(map(int, re.search(rf"{layer}: (\d+) . \d+, (\d+) maps, (\d+)% silent", alts).groups()))
        for layer in ("block1_conv2", "block3_conv3", "block5_conv3")
    ]
    assert all(
        lower[0] > upper[0] and lower[1] < upper[1] and lower[2] <= upper[2] for lower, upper in pairwise(way_up)
    )
    assert way_up[0][2] < way_up[-1][2]
    # "The curve rises all the way": no step down, and most steps up beyond doubt
    assert printed.count("  better") >= 3
    assert "  worse" not in printed
    # "Look at two neighbours whose intervals touch or overlap"
    by_cut, _ = bars(alts, "Accuracy by cut layer, MobileNetV2 on our scenes")
    assert any(before[2] >= after[1] for before, after in pairwise(by_cut.values()))
    # "a head has a name or two for all of them"; "most of them become one class"; "the loss is real"
    assert re.search(
        r"prepared twice, what the scenes are called: .*\n +one head uses 1 to [12] different names", printed
    )
    most = re.search(r"not prepared, what the scenes are called: (\{.*?\})", printed).group(1)
    assert max(map(int, re.findall(r"(\d+)%", most))) > 50
    assert float(re.search(r"swapping the colours costs .*?interval (-?[\d.]+)%", printed).group(1)) > 0
