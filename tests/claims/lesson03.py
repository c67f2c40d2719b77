"""Lesson 3: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re

from claims.reading import bars
from claims.tables import number, table, tables


def holds(run) -> None:
    printed, pages = run.printed(), " ".join(run.pages())
    # "the same image gives the same features in every epoch"
    assert float(re.search(r"largest difference, second pass: (\S+)", printed).group(1)) < 1e-5
    # "the second call only read the file", and `extract` computes what `predict` computes
    calls = table(run, "seconds", "largest difference from predict")
    first, second = ([number(cell) for cell in calls[name].values()] for name in ("first call", "second call"))
    assert second[0] < first[0]
    assert max(first[1], second[1]) < 1e-4
    # saving and loading, without pickle
    assert printed.count("equal: True") == 2 and re.search(r"base: +MobileNetV2, ImageNet", printed)
    assert "this text was printed by loading a file" in printed
    assert "np.load: Object arrays cannot be loaded" in printed
    # the last layer: (1, 4096) by shape, pop() does nothing, a real (1, 1280)
    assert "VGG16: (1, 1000) and without its last layer: (1, 4096)" in printed
    removed = table(run, "shape", "sum")
    assert removed["classifier.layers.pop()"] == {"shape": "(1, 1000)", "sum": "1.0"}
    assert removed["keras.Model(input, tensor)"]["shape"] == "(1, 1280)"
    assert "The answer: (1, 1000): the probabilities, as before" in pages
    overfitting_and_its_fix(run)
    values_of_c(run)
    leakage(run, pages)
    intervals(run)
    heads_and_copies(run)
    what_helped(run)


def overfitting_and_its_fix(run) -> None:
    """ "reaches its lowest value early, and then rises"; the fix stops sooner, with weights that have a lower loss."""
    curves = next(alt for alt in run.alts() if alt.startswith("30 epochs without early stopping"))
    falls, rises = (
        [float(each) for each in re.search(which + r" loss [^;]*?from ([\d.]+) to ([\d.]+)", curves).groups()]
        for which in ("training", "validation")
    )
    assert falls[1] < 0.3 * falls[0]
    fits = table(run, "epochs", "weights from epoch", "validation loss")
    without, with_ = fits["without early stopping"], fits["with early stopping"]
    assert number(with_["weights from epoch"]) <= 15 and number(with_["epochs"]) < 30
    assert number(with_["validation loss"]) + 0.05 < number(without["validation loss"])
    assert abs(number(without["validation loss"]) - rises[1]) < 0.01


def values_of_c(run) -> None:
    """ "With too small a C the classifier underfits … From some value on, a larger C changes little." """
    rows = table(run, "0.001", "10")
    for name in ("logistic regression", "SVM"):
        scores = [number(cell) for cell in rows[name].values()]
        assert scores[0] + 3 < max(scores)
        assert abs(scores[-1] - scores[-2]) <= 5


def leakage(run, pages: str) -> None:
    """A random split shares nearly every object, and reports much more than a split by object."""
    rows = table(run, "objects in the test set", "of them also in training")
    objects, shared = (number(cell) for cell in rows["train_test_split"].values())
    assert shared > 0.8 * objects
    assert rows["GroupShuffleSplit"]["of them also in training"] == "0"
    shown, line = bars(" ".join(run.alts()), "The same classifier, the same features, three splits")
    by_image, by_object, ours = shown.values()
    assert by_image[0] > by_object[0] + 5 and by_image[1] > by_object[0]
    assert 64 <= by_object[0] <= 78 and abs(ours[0] - by_object[0]) <= 5
    assert line < by_object[1]
    claimed = re.search(r"The answer: ([\d.]+) %", pages)
    assert claimed and abs(float(claimed.group(1)) - by_image[0]) <= 1


def intervals(run) -> None:
    """By images too narrow; by objects what the helper computes."""
    rows = table(run, "from (%)", "to (%)", "width")
    images, objects, ours = ([number(cell) for cell in row.values()] for row in rows.values())
    assert images[2] < 0.85 * objects[2]
    assert max(abs(a - b) for a, b in zip(objects[:2], ours[:2], strict=True)) < 2
    # a difference: "`evaluate.difference_interval` computes the same"
    by_numpy = re.search(r"with NumPy: ([-+][\d.]+) to ([-+][\d.]+) points", run.printed()).groups()
    by_ours = next(found for found in tables(run, "its interval") if "SVM" in found)["SVM"]["its interval"].split(
        " to "
    )
    assert max(abs(float(a) - float(b)) for a, b in zip(by_numpy, by_ours, strict=True)) < 2


def heads_and_copies(run) -> None:
    """All heads far above the baseline, none better than logistic regression; copies: "a few points"."""
    found = tables(run, "accuracy (%)", "verdict")
    heads = next(rows for rows in found if "SVM" in rows)
    assert heads["majority-class baseline"]["verdict"] == "worse"
    accuracies = {name: number(row["accuracy (%)"]) for name, row in heads.items()}
    assert not any(row["verdict"] == "better" for row in heads.values())
    baseline = accuracies.pop("majority-class baseline")
    assert min(accuracies.values()) > baseline + 20
    assert max(accuracies.values()) - min(accuracies.values()) < 9
    copies = next(rows for rows in found if "and both copies" in rows)
    gains = [number(row["difference"]) for row in copies.values() if row["difference"]]
    assert len(gains) == 3 and max(map(abs, gains)) < 7


def what_helped(run) -> None:
    """ "The pretrained base is far ahead of both." """
    rows = next(rows for rows in tables(run, "accuracy (%)", "verdict") if "scratch" in rows)
    for name in ("scratch", "random base"):
        assert rows[name]["verdict"] == "worse" and number(rows[name]["difference"]) < -15
    shown, line = bars(" ".join(run.alts()), "From scratch, random base, pretrained base")
    assert max(shown["scratch"][2], shown["random base"][2]) < shown["pretrained base"][1]
    assert line < shown["pretrained base"][1]
    assert shown["random base"][1] <= line <= shown["random base"][2]
