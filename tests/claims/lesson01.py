"""Lesson 1: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re

from claims.reading import bars, five_likeliest, percent_after
from claims.tables import number, table


def holds(run) -> None:
    printed, alts = run.printed(), " ".join(run.alts())
    # "The first line is the most probable class", as label and percentage, and VGG16 with random weights
    assert float(re.search(r"^espresso \(([\d.]+)%\)$", printed, re.M).group(1)) > 80
    assert float(re.search(r"^VGG16, weights=None: .+ \(([\d.]+)%\)$", printed, re.M).group(1)) < 5
    # "classifies the coffee correctly, with a high probability. The other four classes look similar"
    coffee = five_likeliest(alts, "Coffee. An image")
    assert next(iter(coffee)) == "espresso" and coffee["espresso"] > 80
    assert set(coffee) == {"espresso", "cup", "coffee mug", "soup bowl", "consomme"}
    # "With random weights every class gets about 0.001"
    random = table(run, "WordNet", "class", "probability")
    assert all(0.0005 < number(row["probability"]) < 0.002 for row in random.values())
    # the astronaut: no class fits
    assert max(five_likeliest(alts, "Not one of the 1000 classes. An image").values()) < 40
    # "The baseline is right for about one image in three"; features are better at every C, pixels "hardly better"
    accuracy = table(run, "C=0.001", "C=0.01", "C=0.1")
    for column, baseline in accuracy["majority class"].items():
        assert 30 < number(baseline) < 36
        assert number(accuracy["pixels"][column]) < number(baseline) + 10
        assert number(accuracy["features"][column]) > number(accuracy["pixels"][column]) + 15
    # "with features it is right for most images. The interval of the gain lies far above zero"
    inputs, _ = bars(alts, "Logistic regression on two inputs")
    assert inputs["pretrained features"][1] > 50
    low, high = map(float, re.search(r"90 % interval (-?[\d.]+) to (-?[\d.]+)", printed).groups())
    assert 15 < low < high
    # "They are fewer: compare the shapes"
    pixels, features = map(int, re.search(r"pixels: \(\d+, (\d+)\) · features: \(\d+, (\d+)\)", printed).groups())
    assert features < pixels
    # "about three thousand parameters … One unfrozen block makes it millions"
    counts = {name: number(row["trainable parameters"]) for name, row in table(run, "trainable parameters").items()}
    assert counts["base frozen (use 3)"] == 3_078
    assert 1e6 < counts["last block unfrozen (use 4)"] < counts["nothing frozen"]
    # every family has its figures, and five have a speed; VGG16 "is simple, but large and slow"; VGG19: "three more"
    families = table(run, "input", "depth", "params (M)", "no top (M)", "file (MB)", "top-1 (%)", "ms/image")
    assert {"VGG16", "VGG19", "Xception", "ResNet50", "MobileNet", "ConvNeXtTiny", "EfficientNetV2B0"} <= set(families)
    assert all(50 < number(row["top-1 (%)"]) < 90 for row in families.values())
    speed = {name: number(row["ms/image"]) for name, row in families.items() if row["ms/image"] != "-"}
    assert len(speed) == 5 and max(speed, key=speed.get) == "VGG16"
    assert number(families["VGG19"]["depth"]) == number(families["VGG16"]["depth"]) + 3
    # "newer, and more accurate for their size"
    for new, old in (("EfficientNetV2B0", "MobileNet"), ("ConvNeXtTiny", "ResNet50")):
        assert number(families[new]["top-1 (%)"]) > number(families[old]["top-1 (%)"]) + 3
    # MobileNet's counts, as published
    whole = table(run, "parameters", "trainable", "not trainable")
    assert list(whole["with top"].values()) == ["4,253,864", "4,231,976", "21,888"]
    assert whole["without top"]["parameters"] == "3,228,864"
    summary = next(page for page in run.pages() if "MobileNet, with its top" in page)
    assert "conv_pw_13" in summary and "Total params: 4,253,864" in summary
    # "Chance gets half. Word counts fail"
    if "pretrained features:" in printed:
        assert percent_after(printed, "word counts:") < 65 < percent_after(printed, "pretrained features:")
    # the last figure: "One long bar … (the coffee). Several bars … (the cat). No long bar … (the astronaut)"
    astronaut, cat, coffee = (five_likeliest(alts, f"Image {place}") for place in (1, 2, 3))
    assert next(iter(coffee)) == "espresso" and coffee["espresso"] > 80
    assert set(list(cat)[:3]) == {"tabby", "tiger cat", "Egyptian cat"} and max(cat.values()) < 60
    assert max(astronaut.values()) < 40
