"""Lesson 7: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re
from itertools import pairwise

from claims.reading import percent_after


def holds(run) -> None:
    printed, alts = run.printed(), " ".join(run.alts())
    # "an accuracy" of about three in four, well above always naming the most frequent class
    assert percent_after(printed, "rule of thumb:") > 65
    # "most rows here have fewer" than twenty cut-outs
    things = [int(n) for n in re.findall(r"scenes of +(\d+) things", printed)]
    assert len(things) == 6 and sum(n < 20 for n in things) > 3
    # "a white owl, a sea lion, a carrot": they are on show, and "the same thing comes twice"
    shown = re.search(r"on show: (.*)", printed).group(1).split(", ")
    assert {"owl", "sea_lion", "carrot"} <= set(shown) and len(set(shown)) < len(shown)
    # "more things that are always right, more that hardly ever are", and fewer in between
    bars = {int(k): (int(o), float(e)) for k, o, e in re.findall(r"(\d) right: (\d+) \(expected ([\d.]+)\)", alts)}
    assert all(bars[k][0] > bars[k][1] for k in (0, 1, 5)) and all(bars[k][0] < bars[k][1] for k in (3, 4))
    # the question, "if each mistake had fallen on a scene at random": about 1 thing expected, and there are more
    found, expected = re.search(r"at most once in five: (\d+) things; expected at random: ([\d.]+)", printed).groups()
    assert 0.5 < float(expected) < 1.5 < int(found)
    # the heat map from the file is the one by gradient
    assert float(re.search(r"between the two heat maps: ([\d.]+)", printed).group(1)) < 0.01
    # "what the features hold most of is what lies behind": the map's neighbours share the background most often
    of_class, of_thing, of_background = (percent_after(printed, f"same {w}") for w in ("class", "thing", "background"))
    assert of_background > of_class > of_thing
    # and so it does beyond what two scenes at random would: that is what the revealed answer says
    chance = dict(re.findall(r"same (\w+) .*?at random: (\d+)%", printed))
    beyond = {w: percent_after(printed, f"same {w}") - int(chance[w]) for w in ("class", "thing", "background")}
    assert max(beyond, key=beyond.get) == "background"
    # "these scenes weigh as much as": far fewer independent images
    scenes, worth = map(int, re.search(r"these (\d+) scenes weigh as much as about (\d+)", printed).groups())
    assert worth < 0.6 * scenes
    # "the other way keeps its promise, or nearly", the rule of thumb does not
    assert percent_after(printed, "rule of thumb      catches the truth") < 80
    assert percent_after(printed, "things resampled   catches the truth") > 82
    # "the leak": beyond doubt
    assert float(re.search(r"the leak is worth .*?interval (-?[\d.]+)%", printed).group(1)) > 0
    # "the winner is good and lucky; a candidate picked blindly reports just what it is"
    best, blind = (
        [float(x) for x in re.search(words + r".*?reports ([\d.]+)%, is ([\d.]+)%", printed).groups()]
        for words in ("best of 40", "one picked blindly")
    )
    assert best[0] - best[1] > 2 > abs(blind[0] - blind[1])
    assert best[1] >= blind[1] - 1
    # "the fool's accuracy is excellent; the other two columns are not impressed"
    fool = [float(x) for x in re.search(r"always says no +([\d.]+)% +([\d.]+)% +([\d.]+)%", printed).groups()]
    assert fool[0] > 90 and fool[1] == 50 and fool[2] < 50
    assert "element by element: 0.9917    119/120 = 0.9917" in printed
    assert float(re.search(r"image by image: ([\d.]+)", printed).group(1)) < 0.02
    # "from top to bottom the score sinks, and the interval grows"
    final = re.search(r"One model, five judges\. (.*)", alts).group(1)
    rows = [tuple(map(int, row)) for row in re.findall(r"(\d+) % \((\d+) to (\d+) %\)", final)]
    assert len(rows) == 5
    assert all(above[0] >= below[0] for above, below in pairwise(rows))
    widths = [high - low for _, low, high in rows]
    assert widths[0] < widths[1] <= widths[2] < widths[3] <= widths[4]
