"""Lesson 4: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re


def holds(run) -> None:
    printed, alts = run.printed(), run.alts()
    # "how many numbers are left to learn": 512 maps, 6 units
    assert "The answer: 3,078 parameters" in " ".join(run.pages())
    # "every box but the last is pale and plain", then "two boxes are hatched, the last block of the base and the head"
    frozen, opened = (
        next(alt for alt in alts if alt.startswith(title)) for title in ("The base frozen", "block5 and the head")
    )
    assert len(re.findall(r"block\d \(\S+ [kM] parameters, frozen\)", frozen)) == 5 and re.search(
        r"head \(\S+ k parameters, trainable\)", frozen
    ), frozen
    assert len(re.findall(r"block[1-4] \(\S+ [kM] parameters, frozen\)", opened)) == 4, opened
    assert re.search(r"block5 \(\S+ M parameters, trainable\).* head \(\S+ k parameters, trainable\)", opened), opened
    # "Two answers to one question": the base says 0, the model has the last convolution too, and fit obeys the model
    assert re.search(r"the base says 0\nthe whole model says +2,362,886", printed)
    assert re.search(r"moved: \['\w+/block5_conv3', 'head'\]", printed)
    # "On TensorFlow nothing happened at all": the second `trainable = False` is skipped; the loop is not
    pages = " ".join(run.pages())
    assert "2,362,886 parameters" in pages and "On TensorFlow, an attribute that is given the value it has" in pages
    assert "left to learn: 3,078" in printed
    # VGG16 at 300 x 300 with Flatten and two dense layers; most of it is its head
    whole, learned = re.search(r"all ([\d,]+) · to learn ([\d,]+)", printed).groups()
    assert whole == "57,193,290"
    assert int(learned.replace(",", "")) > 0.5 * 57_193_290
    # "training it more than doubles the work", while block5, half of the parameters, adds little
    work = {name: float(x) for name, x in re.findall(r"^(.+?) +[\d,]+ parameters, ([\d.]+) times", printed, flags=re.M)}
    assert work["block5 and head"] < work["the head only"] + 0.2
    assert 2 * work["the head only"] < work["block1 and head"] < work["everything"]
    # compile, freeze, first fit: obeyed
    assert "moved: ['head']" in printed
    # fit, then a change without compile: ignored, and noticed; with compile: obeyed; both ways round
    steps = re.findall(r"before: (.*)\n(?:fit stopped.*\n)?moved:  (\[.*\])", printed)
    block5 = "['block5_conv1', 'block5_conv2', 'block5_conv3', 'head']"
    stale = [text.startswith("Warning") for text, _ in steps]
    assert stale == [True, False, True, False]
    if "fit stopped" not in printed:
        assert [moved for _, moved in steps] == ["['head']", block5, block5, "['head']"]
    # a learning rate of zero and training=False: every BatchNorm drifts, nothing else; with its own switch, none
    drifting, kept = printed.split("with BatchNorm's own switch off:")
    drift = r"Trained weights moved in 0 of \d+ layers\.\nBatchNorm statistics moved in {} of (\d+) layers"
    moved, count = re.search(drift.format(r"(\d+)"), drifting).groups()
    assert moved == count
    assert re.search(drift.format("0"), kept)
    assert float(re.search(r"changed by up to ([\d.]+)", printed).group(1)) > 0
    # the strips: the recipe moves the unfrozen convolutions and the head, the careless training everything
    proof, careless = alts[-2:]
    assert "BatchNorm statistics moved in none" in proof
    assert "block_12_expand" in proof and "block_11" not in proof
    assert "BatchNorm statistics moved in all" in careless
    assert "Trained weights moved in all" in careless
