"""Lesson 7: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re
from itertools import pairwise

from claims.reading import bars, percent_after
from claims.tables import number, table


def holds(run) -> None:
    printed, alts = run.printed(), " ".join(run.alts())
    revealed = " ".join(run.pages())
    # the model is well above the majority-class baseline
    assert percent_after(printed, "accuracy") > percent_after(printed, "majority-class baseline") + 20
    # scikit-learn's matrix holds the same accuracy
    matrix = table(run, "bird", "flower", "mammal")
    correct = sum(number(row[name]) for name, row in matrix.items())
    shown = 100 * correct / sum(number(cell) for row in matrix.values() for cell in row.values())
    assert len(matrix) == 6 and abs(shown - percent_after(printed, "accuracy")) < 0.06
    # "most rows here have fewer" than twenty objects
    objects = [int(row["objects"]) for row in table(run, "objects", "accuracy").values()]
    assert len(objects) == 6 and sum(n < 20 for n in objects) > 3
    # "the same object appears several times"
    shown = re.search(r"objects shown: (.*)", printed).group(1).split(", ")
    assert len(set(shown)) < len(shown)
    # "holds most of the wrong labels": four at least of six, and far more than by chance
    found = int(re.search(r"(\d+) of 6 wrong labels", printed).group(1))
    assert found >= 4 and float(re.search(r"by chance it would be ([\d.]+)", printed).group(1)) < 1
    assert alts.count("(planted)") == found < 12
    # the helper and the lines of Keras agree (other backends do not run those lines)
    same = re.search(r"largest difference to the helper: ([\d.]+)", printed)
    assert same is None or float(same.group(1)) < 0.01
    # the islands: what the revealed answer and the text below the figures say
    rows = table(run, "nearest neighbour")
    beyond = {name: number(row["nearest neighbour"]) - number(row["by chance"]) for name, row in rows.items()}
    assert max(beyond, key=beyond.get) == "photograph" and beyond["photograph"] > 1.5 * beyond["class"] > 0
    assert "The answer: the photograph" in revealed
    # "the rule of thumb is too narrow", "the bootstrap over objects comes close to its 90 %"
    rows = table(run, "accuracy", "low", "high")
    width = {name: number(row["high"]) - number(row["low"]) for name, row in rows.items() if "over" in name}
    assert width["bootstrap, over objects"] > 1.2 * width["rule of thumb, over images"]
    assert percent_after(printed, "rule of thumb: contains the truth") < 80
    assert percent_after(printed, "bootstrap over objects: contains the truth") > 83
    # "Both leaks raise the accuracy: neither interval includes 0"
    leaks = table(run, "leak low")
    assert all(number(leaks[kind]["leak low"]) > 0 for kind in ("by image", "by object"))
    assert number(leaks["by image"]["leak"]) > number(leaks["by object"]["leak"])
    # the question says "about two thirds"
    assert 62 <= number(leaks["by object and photograph"]["accuracy"]) <= 71
    # "always no" guesses; with class weights more flowers found, more false alarms; accuracy changes little, balanced rises
    rows = {name: {k: number(v) for k, v in row.items()} for name, row in table(run, "balanced", "macro F1").items()}
    assert rows["always no"]["balanced"] == 50 and rows["always no"]["accuracy"] > 80
    changes = re.findall(r"change it by ([-+][\d.]+) points \(([-+][\d.]+) to ([-+][\d.]+)\)", printed)
    (_, low, _), (_, _, high) = [tuple(map(float, change)) for change in changes]
    assert low > 0 > high
    weighted, plain = rows["class weights"], rows["no weights"]
    assert abs(weighted["accuracy"] - plain["accuracy"]) < 3 < weighted["balanced"] - plain["balanced"]
    # "From top to bottom the value falls and the interval grows"
    final, _ = bars(alts, "One classifier, four evaluations")
    values, widths = zip(*((value, high - low) for value, low, high in final.values()), strict=True)
    assert len(values) == 4 and all(above >= below for above, below in pairwise(values)) and values[0] > values[-1] + 10
    assert all(above <= below for above, below in pairwise(widths)) and widths[-1] > widths[0]
