"""Lesson 2: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re
from itertools import pairwise

from claims.reading import bars
from claims.tables import TAG, number, table, tables


def holds(run) -> None:
    printed, alts, pages = run.printed(), " ".join(run.alts()), " ".join(run.pages())
    # VGG16 as published; "The layer fc1 holds most of the parameters"
    assert "with the top: 138,357,544 parameters" in printed
    assert "without:      14,714,688 parameters" in printed
    top = table(run, "output", "parameters")
    assert number(top["fc1"]["parameters"]) > 138_357_544 / 2
    # "Without the top, the number of parameters is the same at every size … With the top … more than four times"
    assert "output: (None, 15, 20, 512) and (None, 15, 20, 512)" in printed
    assert "parameters without the top: 14,714,688" in printed
    grown = int(re.search(r"parameters with the top: ([\d,]+)", printed).group(1).replace(",", ""))
    assert grown > 4 * 138_357_544
    # MobileNet's top "has the same parameters for every image"
    assert re.findall(r"MobileNet with its top, .*: ([\d,]+) parameters", printed) == ["4,253,864"] * 2
    # pooling and classes
    pooling = next(found for found in tables(run, "output") if "pooling=None" in found)
    pooled = [row["output"] for row in pooling.values()]
    assert pooled == ["(None, None, None, 1024)", "(None, 1024)", "(None, 1024)", "(None, 50176)"]
    assert "classes=10: (None, 10)" in printed
    loaded = table(run, "input", "output", "layers", "parameters")
    assert loaded["inception_v3"]["input"] == "(None, 299, 299, 3)"
    assert loaded["resnet50"]["parameters"] == "25,636,712"
    assert all(name in pages for name in ("VGG16, layer by layer", "InceptionV3, layer by layer", "conv5_block3_out"))
    # one pixel: blue first, about -1 to 1, or unchanged
    pixel = {name: [number(value) for value in row.values()] for name, row in table(run, "first", "second").items()}
    for name in ("VGG16", "ResNet50"):
        assert pixel[name][0] < -100 and pixel[name][2] > 100
    for name in ("InceptionV3", "MobileNetV2", "EfficientNet-Lite0"):
        assert pixel[name][0] >= 0.99 and max(map(abs, pixel[name])) <= 1.01
    assert pixel["EfficientNetV2"] == pixel["ConvNeXt"] == [255, 128, 0]
    assert "['InputLayer', 'Rescaling', 'Normalization', 'Conv2D']" in printed
    # "For every family it returns the same values as the family's own function"
    records = table(run, "smallest", "largest", "equal")
    assert set(records) == set(pixel) - {"EfficientNet-Lite0"} and all(
        row["equal"] == "True" for row in records.values()
    )
    # the summary of the five lines: "the whole base is one of" its rows
    summary = TAG.sub("", pages)
    assert "vgg16 (Functional)" in summary and "Total params: 14,717,766" in summary
    # "Skipping and doubling bring the model below the majority-class baseline … Swapping costs least"
    used, baseline = bars(alts, "Trained on correct features, used with a mistake")
    assert max(used["skipped"][0], used["doubled"][0]) < baseline
    assert baseline + 20 < used["swapped"][0] <= used["correct"][0]
    low, high = map(float, re.search(r"doubled: .* from (-?[\d.]+) to (-?[\d.]+)$", printed, re.M).groups())
    assert high - low < 0.05
    # "part of the lost accuracy returns. All three mistakes still end worse than correct preprocessing"
    mistakes = table(run, "in use only (%)", "always (%)", "verdict")
    for name, row in mistakes.items():
        assert row["verdict"] == "worse" and number(row["high"]) < 0
        if name != "swapped":
            assert number(row["always (%)"]) > number(row["in use only (%)"]) + 10
    assert len(mistakes) == 3
    # "The features are the same up to rounding"; load_base "returns the same"
    assert float(re.search(r"from preprocess_input: ([\d.]+)", printed).group(1)) < 0.001
    assert len(set(re.findall(r"(?:up to block3_pool|by load_base): +(.*)", printed))) == 1
    # feature maps get smaller, there are more of them, more are zero everywhere
    up = [
        tuple(map(int, re.search(rf"{layer}: (\d+) feature maps of (\d+) . \d+, (\d+)% all zero", alts).groups()))
        for layer in ("block1_conv2", "block3_conv3", "block5_conv3")
    ]
    assert all(a[0] < b[0] and a[1] > b[1] and a[2] <= b[2] for a, b in pairwise(up)) and up[0][2] < up[-1][2]
    # "accuracy rises up to the last cut. The first cut does not beat the baseline"; "Some intervals … overlap"
    by_cut, baseline = bars(alts, "Accuracy by cut layer, MobileNetV2")
    assert by_cut["block 1"][1] <= baseline
    assert max(by_cut, key=lambda name: by_cut[name][0]) == "block 13"
    assert any(a[2] >= b[1] for a, b in pairwise(by_cut.values()))
    changes = next(t for t in tables(run, "change (points)", "verdict") if "block 9 → block 13" in t).values()
    assert all(number(row["change (points)"]) > -1 and row["verdict"] != "worse" for row in changes)
    assert sum(row["verdict"] == "better" for row in changes) >= 2
