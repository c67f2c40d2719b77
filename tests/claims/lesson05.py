"""Lesson 5: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re

from claims.tables import number, table


def holds(run) -> None:
    printed, pages, alts = run.printed(), " ".join(run.pages()), run.alts()
    # the Rescaling layer is preprocess_input; inside the model the head receives the cached features
    same = [float(number) for number in re.findall(r"largest difference: (\S+)", printed)]
    assert len(same) == 2 and max(same) < 1e-3
    # active in training, inactive in prediction
    off, on = (float(re.search(rf"training={mode}: difference ([\d.]+)", printed).group(1)) for mode in (False, True))
    assert off == 0 and on > 0.1
    # only the head: a kernel and a bias of 256 units, and of 6
    model = table(run, "parameters", "trainable")["end-to-end model"]
    assert number(model["trainable"]) == 149_254 < number(model["parameters"])
    # "The extraction and one epoch end to end are of the same order … An epoch of the head is far shorter"
    runs = table(run, "extraction", "head epoch", "end-to-end epoch")
    assert len(runs) == 2
    for seed in runs.values():
        assert 0.2 < number(seed["extraction"]) / number(seed["end-to-end epoch"]) < 5
        assert number(seed["head epoch"]) < 0.5 * number(seed["end-to-end epoch"])
    accuracies(run, printed, pages)
    break_even(run, printed, pages, alts)


def accuracies(run, printed, pages) -> None:
    rows = table(run, "accuracy %", "verdict")
    baseline = number(rows["majority-class baseline"]["accuracy %"])
    assert all(number(row["accuracy %"]) > baseline + 15 for name, row in rows.items() if "majority" not in name)
    # "differ by about a point, and the interval of the difference includes 0"
    end_to_end = rows["end to end"]
    assert end_to_end["verdict"] == "inconclusive" and abs(number(end_to_end["difference"])) < 3
    assert "The answer: inconclusive" in pages
    # "Logistic regression has the highest accuracy"; "With Flatten … several points lower. The printed interval lies below 0"
    accuracy = {name: number(row["accuracy %"]) for name, row in rows.items()}
    assert max(accuracy, key=accuracy.get) == "logistic regression"
    assert accuracy["the same, Flatten"] + 3 < accuracy["logistic regression"]
    low, high = re.search(r"Flatten instead of averages: .* interval ([-+][\d.]+) to ([-+][\d.]+)", printed).groups()
    assert float(low) < float(high) < 0


def break_even(run, printed, pages, alts) -> None:
    """One number, the same in text, calculator and figure, with its spread."""
    value, least, most = (
        float(each)
        for each in re.search(r"break-even: ([\d.]+) epochs \(single runs: ([\d.]+) to ([\d.]+)\)", printed).groups()
    )
    assert 0.3 < least <= value <= most < 5  # "within the first few epochs"
    assert abs(float(re.search(r"They cost the same at ([\d.]+) epoch", pages).group(1)) - value) < 0.06
    figure = alts[-1]
    assert f"The costs of cached features and end to end are equal at {value:.1f} epochs" in figure
