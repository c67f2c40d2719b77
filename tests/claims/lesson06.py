"""Lesson 6: what the prose claims is what the notebook and the benchmark computed."""

from __future__ import annotations

import re

from claims.tables import number, table, tables
from course_utils import benchmark_results


def holds(run) -> None:
    printed, alts, pages = run.printed(), " ".join(run.alts()), " ".join(run.pages())
    # a skip connection passes by a cut inside a block
    assert "mobilenet_v2 cannot be cut before 'block_12_project'" in printed
    # what stage 2 changes: the five layers with weights, and no BatchNorm statistics
    strip = next(alt for alt in run.alts() if alt.startswith("What stage 2 changed"))
    assert re.search(r"BatchNorm statistics moved in none", strip)
    for layer in ("block_11", "block_13"):
        assert layer in strip or "moved in all" in strip
    stages(run, alts)
    # "With the high learning rate the accuracy falls to"
    low, high = (list(row.values()) for row in table(run, "epoch 1", "epoch 3").values())
    assert number(high[2]) + 10 < number(low[2])
    costs(run, alts)
    uses(run, pages)
    curves(alts)


def stages(run, alts: str) -> None:
    # "the validation loss falls below the plateau of the head alone"; "training accuracy rises above 90 %"
    curves = alts[alts.index("Stage 1, then stage 2") :]
    both = re.search(r"validation loss from .*?, best ([\d.]+) in epoch (\d+)", curves)
    alone = re.search(r"Stage 1, first seed.*?validation loss from .*?, best ([\d.]+) in epoch", alts)
    assert float(both.group(1)) < float(alone.group(1))
    assert int(both.group(2)) > int(re.search(r"Fine-tuning starts after epoch (\d+)", curves).group(1))
    assert float(re.search(r"training accuracy from [\d.]+ % to ([\d.]+) %", curves).group(1)) > 90
    # stage 1 has converged: inconclusive against logistic regression, and less than three points away from it
    found = tables(run, "minus logistic regression", "minus stage 1: head")
    gain = found[0]["stage 1: head"]["minus logistic regression"]
    assert gain.endswith("inconclusive") and abs(float(gain.split()[0])) < 3
    # stage 2 is better than both, by a few points
    tuned = found[1]["stage 2: fine-tuned"]
    for other in ("logistic regression", "stage 1: head"):
        assert tuned[f"minus {other}"].endswith(" better")
        assert 0 < float(tuned[f"minus {other}"].split()[0]) < 10
    # a high learning rate: "falls to that of the majority-class baseline, or below"
    high = table(run, "epoch 1", "epoch 3")["0.0100"]
    baseline = number(found[0]["majority-class baseline"]["accuracy %"])
    assert number(high["epoch 3"]) < baseline + 1


def costs(run, alts: str) -> None:
    # "about half of the parameters, and do about a quarter of the work"
    blocks = alts[alts.index("Share of multiply-adds") :]
    shares = [map(int, re.search(rf"block_{n} (\d+) % and (\d+) %", blocks).groups()) for n in (11, 12, 13)]
    work, size = map(sum, zip(*shares, strict=True))
    assert 20 <= work <= 30 and 40 <= size <= 55
    # training the whole base costs about twice as much; "almost 300,000 trainable parameters"
    passes = table(run, "trainable parameters", "work")
    assert 2.7 < number(passes["from stem"]["work"]) < 3.1 and 1.3 < number(passes["from block_11"]["work"]) < 1.6
    assert 280_000 < number(passes["from block_11"]["trainable parameters"]) < 300_000
    # "The cache saves about half of the work of each epoch"; the measured gain is of that order
    limit, seconds = table(run, "end to end", "from the cache", "times faster").values()
    assert 1.8 < number(limit["times faster"]) < 2.2
    assert 1.2 < number(seconds["times faster"]) < 3.5


def uses(run, pages: str) -> None:
    rows = table(run, "minus standalone", "trained")
    accuracy = {use: number(row["accuracy %"]) for use, row in rows.items()}
    verdicts = {use: row.get("verdict") for use, row in rows.items()}
    assert max(accuracy, key=accuracy.get) == "the classifier as it is"
    assert "The answer: classifier as it is" in pages
    assert verdicts["the classifier as it is"] == "inconclusive"
    assert verdicts["integrated extractor, with augmentation"] == "worse"
    last, whole = "initialisation, blocks 11 to 13 trained", "initialisation, all of it trained"
    assert verdicts[last] == "better" and 1 < number(rows[last]["minus standalone"]) < 3
    assert verdicts[whole] == "inconclusive"
    assert 1.8 < number(rows[whole]["trained"]) / number(rows[last]["trained"]) < 2.2
    # "far behind all others"
    scratch = "from scratch, a small network"
    assert all(
        accuracy[scratch] + 15 < value for use, value in accuracy.items() if use != scratch and "majority" not in use
    )


def verdict(interval) -> str:
    _, low, high = interval
    return "better" if low > 0 else "worse" if high < 0 else "inconclusive"


def curves(alts: str) -> None:
    results = benchmark_results.load("fine_tuning")
    points = {task: results[task]["points"] for task in ("scenes", "background", "fashion")}
    gains = {
        task: [point["tuned_minus"]["features of the whole base"] for point in found] for task, found in points.items()
    }
    # Objects: "better at each size, by two to three points"; Backgrounds: "inconclusive"
    assert all(verdict(gain) == "better" and 0.015 < gain[0] < 0.035 for gain in gains["scenes"])
    assert all(verdict(gain) == "inconclusive" for gain in gains["background"])
    assert (results["background"]["units"], results["background"]["unit"]) == (26, "photograph")
    # Clothes: "better with very few images. From 30 per class on, the two methods differ by less than a point"
    for point, gain in zip(points["fashion"], gains["fashion"], strict=True):
        assert (verdict(gain) == "better") if point["per_class"] < 30 else abs(gain[0]) < 0.01
    # "from 5 to 65 images per class adds more than 25 points"
    whole = {task: [p["accuracy"]["features of the whole base"][0] for p in found] for task, found in points.items()}
    shorter = {task: [p["accuracy"]["features up to block 8"][0] for p in found] for task, found in points.items()}
    assert [round(point["per_class"]) for point in points["scenes"]][:: len(points["scenes"]) - 1] == [5, 65]
    assert whole["scenes"][-1] - whole["scenes"][0] > 0.25
    # "the whole base is far better than the shorter one. On the other tasks the difference is smaller"
    distance = {task: whole[task][-1] - shorter[task][-1] for task in whole}
    assert distance["scenes"] > 0.2 and max(distance["background"], distance["fashion"]) < 0.1
    # the last figure draws all of it
    grid = alts[alts.index("Learning curves of three tasks") :]
    for title in ("Objects", "Backgrounds", "Clothes"):
        assert grid.count(f"{title}, ") == 3
