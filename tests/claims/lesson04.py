"""Lesson 4: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re

from claims.tables import TAG, number, table

BLOCK5 = "block5_conv1, block5_conv2, block5_conv3, head"


def holds(run) -> None:
    printed, alts, pages = run.printed(), run.alts(), " ".join(run.pages())
    # the summary: "Y for yes … a dash for a layer without weights"
    summary = next(text for text in (TAG.sub("", page) for page in run.pages()) if "vgg16 (Functional)" in text)
    marks = [
        re.search(rf"{layer} .*│ +(\S) +│", summary).group(1) for layer in ("vgg16", "global_average_pooling2d", "head")
    ]
    assert marks == ["Y", "-", "Y"]
    # the weights "and the 6 biases of the head"
    assert "before: 14,717,766 of 14,717,766" in printed
    assert "after:  3,078 of 14,717,766" in printed and 512 * 6 + 6 == 3078
    # "Pale boxes are frozen, the hatched box is trainable", then "two boxes are hatched"
    frozen, opened = (
        next(alt for alt in alts if alt.startswith(title)) for title in ("The base frozen", "block5 and the head")
    )
    assert len(re.findall(r"block\d \(\S+ [kM] parameters, frozen\)", frozen)) == 5, frozen
    assert re.search(r"head \(\S+ k parameters, trainable\)", frozen), frozen
    assert len(re.findall(r"block[1-4] \(\S+ [kM] parameters, frozen\)", opened)) == 4, opened
    assert re.search(r"block5 \(\S+ M parameters, trainable\).* head \(\S+ k parameters, trainable\)", opened), opened
    # "The two counts contradict each other", and `fit` reads the flag of each layer; fingerprints say the same
    counted = table(run, "trainable parameters")
    assert counted["counted on the base"]["trainable parameters"] == "0"
    assert number(counted["counted on the whole model"]["trainable parameters"]) == 3078 + 2_359_808
    assert "changed: ['block5_conv3', 'head']" in printed
    assert "changed, by fingerprints: ['block5_conv3', 'head']" in printed
    assert "The answer: the head and that layer" in pages
    # a value that the base has already is skipped on TensorFlow; the loop is not
    assert "after `vgg.trainable = False`:  7,082,502" in printed
    assert re.search(r"the loop over the layers: +3,078\n", printed)
    counts_at_300_pixels(run)
    work_of_blocks(run)
    orders_of_compile(run, pages)
    batchnorm(run, pages)
    # the strips: the recipe changes the unfrozen convolutions and the head, the careless training everything
    assert "changed: block_12_expand block_12_depthwise block_12_project block_13_expand head" in " ".join(
        printed.split()
    )
    proof, careless = alts[-2:]
    assert "BatchNorm statistics moved in none" in proof
    assert "block_12_expand" in proof and "block_11" not in proof
    assert "BatchNorm statistics moved in all" in careless
    assert "Trained weights moved in all" in careless


def counts_at_300_pixels(run) -> None:
    """VGG16 at 300 x 300: the published total, most of it in the head, and what each loop leaves trainable."""
    rows = {name: [number(cell) for cell in row.values()] for name, row in table(run, "trainable", "share (%)").items()}
    head = 9 * 9 * 512 * 1024 + 1024 + 1024 * 10 + 10
    assert rows["as built"][:2] == [57_193_290, 57_193_290]
    assert rows["base frozen"][0] == head == 57_193_290 - 14_714_688 > 0.5 * 57_193_290
    assert rows["block5 and head trainable"][0] == head + 7_079_424
    assert rows["loop over the whole model"][0] == 0
    assert rows["base frozen, averaged"][0] < head / 20
    folded = next(page for page in run.pages() if "VGG16 with this head" in page)
    assert "block1_conv1" in folded and "Total params: 57,193,290" in folded
    layers = table(run, "output shape", "parameters")
    assert layers["flatten"]["output shape"] == "(None, 41472)" and 9 * 9 * 512 == 41472


def work_of_blocks(run) -> None:
    """ "training it more than doubles the estimated work", while block5, half of the parameters, adds little."""
    rows = table(run, "work, forward pass = 1", "memory (MB)")
    work = {name: float(row["work, forward pass = 1"]) for name, row in rows.items()}
    assert work["block5 and head"] < work["head"] + 0.2
    assert 2 * work["head"] < work["block1 and head"] < work["everything"]


def orders_of_compile(run, pages: str) -> None:
    """Obeyed before the first `fit`, ignored after one until `compile`, in both directions; and noticed."""
    rows = table(run, "flags: trainable", "changed by fit").values()
    flags, changed = zip(*(row.values() for row in rows), strict=True)
    assert flags == ("head", BLOCK5, BLOCK5, "head", "head")
    if "Error" not in str(changed):  # TensorFlow continues silently
        assert changed == ("head", "head", BLOCK5, BLOCK5, "head")
        assert "The answer: the head only" in pages
    assert re.search(r"^Warning: .*compile", run.printed(), flags=re.M | re.S)


def batchnorm(run, pages: str) -> None:
    """At a learning rate of zero every BatchNorm changes with `training=False`, none with its own switch."""
    rows = table(run, "moving means changed", "BatchNorm layers")
    call, switch = ([number(cell) for cell in rows[name].values()] for name in ("training=False", "trainable=False"))
    assert call[0] == call[1] > 30 and call[2] > 0
    assert switch[0] == 0 and switch[2] == 0
    assert "The answer: all" in pages
