"""Lesson 9: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re

from claims.reading import percent_after
from claims.tables import table

TESTS = ("usual", "independent", "reversed")


def holds(run) -> None:
    printed, alts = run.printed(), " ".join(run.alts())
    # "equally many objects", "the score is far above 50 %"
    assert "objects per class: 34" in printed
    assert percent_after(printed, "cross-validated accuracy") > 85
    # "both groups away from home do worse", "these groups are small"
    groups = table(run, "images")
    home = [groups[name] for name in ("bird on water_and_sky", "mammal on vegetation")]
    away = [groups[name] for name in ("bird on vegetation", "mammal on water_and_sky")]
    assert max(float(row["accuracy"]) for row in away) < min(float(row["accuracy"]) for row in home) - 0.2
    assert max(int(row["images"]) for row in away) < 0.25 * min(int(row["images"]) for row in home)
    assert all(float(row["high"]) - float(row["low"]) > 0.25 for row in away)
    # "A model that uses only the animal would predict the same class"; this one does not
    assert percent_after(printed, "changing only the background changes") > 30
    # the curve: agree at 0, usual rises, independent falls, reversed collapses; "At 25 % the tie does little harm"
    curve = {key: {name: numbers(row[name]) for name in TESTS} for key, row in table(run, "independent").items()}
    assert list(curve) == ["0%", "25%", "50%", "75%", "90%", "100%"]
    values = {name: [row[name][0] for row in curve.values()] for name in TESTS}
    assert max(curve["0%"][name][0] for name in TESTS) - min(curve["0%"][name][0] for name in TESTS) <= 4
    assert values["usual"][-1] - values["usual"][0] >= 6
    assert values["independent"][0] - values["independent"][-1] >= 15
    assert values["reversed"] == sorted(values["reversed"], reverse=True) and values["reversed"][-1] < 35
    assert abs(curve["25%"]["independent"][0] - curve["0%"]["independent"][0]) <= 3
    # calibration: T above 1; almost no error where it was fitted; it helps everywhere; most of the error remains at the end
    assert float(re.search(r"temperature fitted on validation: ([\d.]+)", printed).group(1)) > 1
    rows = [{k: float(v) for k, v in row.items()} for row in table(run, "ECE / T").values()]
    assert len(rows) == 4 and all(row["ECE / T"] < row["ECE"] for row in rows)
    assert rows[0]["ECE / T"] < 2.5 and rows[3]["ECE / T"] > 0.5 * rows[3]["ECE"] > 5
    drop = {name: rows[0][name] - rows[3][name] for name in ("accuracy", "confidence")}
    assert drop["accuracy"] > 2 * drop["confidence"]
    # abstaining: "about 95 % of the answers are correct"; "still answers most images, and more of these answers are wrong"
    rows = [{k: int(v) for k, v in row.items()} for row in table(run, "coverage").values()]
    assert rows[0]["accuracy"] >= 93 and rows[3]["coverage"] > 50 and rows[3]["accuracy"] < rows[0]["low"] - 5
    # repairs: every one gains on independent backgrounds, every one loses on usual ones
    repairs = table(run, "gain, independent")
    at = {name: {test: numbers(row[test])[0] for test in TESTS} for name, row in repairs.items()}
    for name in ("group weights", "balanced set only", "both", "pasting"):
        assert numbers(repairs[name]["gain, independent"])[1] > 0
        assert at[name]["usual"] < at["as collected"]["usual"]
    assert at["group weights"]["usual"] - at["group weights"]["reversed"] > 8
    assert abs(at["balanced set only"]["usual"] - at["balanced set only"]["reversed"]) <= 4
    assert at["balanced set only"]["usual"] < at["pasting"]["usual"]
    for name in ("both", "pasting"):
        assert abs(at[name]["independent"] - curve["0%"]["independent"][0]) <= 4
    # the last figure: "they stay close up to 90 %, and a gap remains at 100 %"
    last = re.search(r"group weights: from (\d+)% at strength 0 to (\d+)% at 100 %", alts)
    assert int(last.group(1)) - int(last.group(2)) >= 2


def numbers(text: str) -> list[float]:
    return [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", text)]
