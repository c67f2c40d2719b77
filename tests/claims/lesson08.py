"""Lesson 8: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re

from claims.reading import bars


def holds(run) -> None:
    printed, alts, pages = run.printed(), " ".join(run.alts()), " ".join(run.pages())
    # "there are four formats"
    assert {"json", "onnx", "h5", "pkl"} == set(re.findall(r"<td>\w+\.([a-z]\w*)</td>", pages))
    # "thirteen convolutions with 14,714,688 parameters", and a head far larger than one of averaged feature maps
    assert "base: 13 convolutions, 14,714,688 parameters" in printed
    head, averaged = (
        int(re.search(words + r": ([\d,]+)", printed).group(1).replace(",", ""))
        for words in ("head", "one dense layer")
    )
    assert head > 500 * averaged
    # "nearly all parameters of the head" are those of the first dense layer
    assert int(re.search(r"\(25088, 64\)</td>\s*<td>(\d+)</td>", pages).group(1)) > 0.95 * head
    # "the units fall into two groups"
    constant, units = map(int, re.search(r"(\d+) of (\d+) units near the line", printed).groups())
    assert units == 64 and 0.2 * units < constant < 0.6 * units
    # "all 26 agree", and a first step "changes most of them"
    assert "26 of 26 values agree to the last bit" in printed
    still = [float(share) for share in re.findall(r"block5_conv\d: ([\d.]+)% of the weights unchanged", printed)]
    assert len(still) == 3 and still[0] < 10 and max(still) < 50
    # "the package divides by 255", and nothing comes before the first convolution
    assert "['Transpose', 'Conv', 'Relu']" in printed and "/ 255.0" in printed
    # "lies below zero: the published form is worse", yet "far above the majority-class baseline"
    low, high = re.search(r"interval: ([+-][\d.]+) to ([+-][\d.]+) points: worse", printed).groups()
    assert float(low) < float(high) < 0
    accuracies, line = bars(alts, "features, by preprocessing")
    assert accuracies["as published"][1] > line + 10
    assert accuracies["correct"][0] > accuracies["as published"][0]
    # "160 pixels", its own `preprocess_input`, dropout, a low learning rate, hundreds of steps
    assert "resize((160, 160))" in printed and "preprocess_input" in printed
    assert re.search(r"<th>dropout</th>\s*<td>Dropout</td>", pages)
    rate, steps = re.search(r"learning rate ([\d.e-]+), (\d+) steps", printed).groups()
    assert float(rate) < 1e-4 and int(steps) > 100
    # "the border runs through block 13, between a convolution and its own BatchNorm", thirty layers from the end
    assert re.search(
        r"<th>block_13_project</th>\s*<td>Conv2D</td>\s*<td>False</td>\s*</tr>\s*<tr>\s*"
        r"<th>block_13_project_BN</th>\s*<td>BatchNormalization</td>\s*<td>True</td>",
        pages,
    )
    assert "124 layers frozen, then 30 trainable" in printed and "mixed anywhere: False" in printed
    # "both sources agree"; BatchNorm was left trainable
    assert re.search(r"(\d+) variables are flagged trainable\n\1 variables are in Adam's state; equal: True", printed)
    assert int(re.search(r"BatchNorm layers left trainable: (\d+)", printed).group(1)) > 0
    # "The base was trained to recognise all these breeds", and the images come out of ImageNet
    assert "ImageNetDogs" in printed
    assert any("The answer: 19 breeds" in page for page in run.pages())
    # "neither package reports an accuracy": one has no line, the other's lines hold no number
    assert "(no line)" in pages and "for training and evaluation" in pages
    lines = re.findall(r"<td[^>]*>([^<]*(?:accuracy|evaluation)[^<]*)</td>", pages)
    assert lines and not any(re.search(r"\d", line) for line in lines)
    # "TensorFlow 2.15" and a file of Keras 3
    assert "tensorflow==2.15.0 · its file: Keras 3." in printed
    # "We found neither in the packages"
    assert len(re.findall(r"<td>no</td>", pages)) == 2
    # the two strips: base unchanged and head trained; everything from block_13_project_BN on
    assert "Brain scans on VGG16" in alts and "Trained weights moved in 6 of 19: dense_1 to dense_3_1" in alts
    assert re.search(
        r"Dog breeds on MobileNetV2.*Trained weights moved in \d+ of 105: block_13_project_BN to dense", alts
    )
