"""Lesson 10: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re


def holds(run) -> None:
    printed, alts, pages = run.printed(), run.alts(), " ".join(run.pages())
    card = next(
        output.data["text/markdown"]
        for cell in run.notebook.cells
        for output in cell.get("outputs", [])
        if "text/markdown" in output.get("data", {})
    )
    # "computes the same values"; "576 features"; "the same answers" after loading
    assert "as preprocess_input: True" in printed
    assert re.search(r"'train': \(\d+, 576\)", printed)
    assert float(re.search(r"largest difference after loading: (\S+)", printed).group(1)) < 1e-4
    # "nearly every validation object is in training too. The first bar is far too high"
    shared, total = map(int, re.search(r"(\d+) of (\d+) validation objects are in training", printed).groups())
    assert shared > 0.9 * total > 30
    leak = accuracies(alts, "one model on three splits")
    assert leak["validation_split=0.25"][1] > max(leak["validation folder"][0], leak["test folder"][0])
    # "about as accurate as logistic regression"; `class_weight`: "the difference is smaller than the uncertainty"
    models = accuracies(alts, "Test accuracy of four models")
    plain = models["logistic regression"]
    assert plain[1] <= models["head"][0] <= plain[2]
    assert models["head"][1] <= models["head, class_weight"][0] <= models["head"][2]
    assert min(row[0] for row in models.values()) > 40
    # stopped early, not at the last epoch
    epochs = [int(count) for count in re.findall(r"stopped after (\d+) epochs", printed)]
    assert len(epochs) == 2 and max(epochs) < 100
    # "the validation loss falls"
    begin, best = re.search(r"Validation loss goes from ([\d.]+) to ([\d.]+) at best", " ".join(alts)).groups()
    assert float(best) < float(begin)
    # "the interval lies above 0, so fine-tuning helped here"; the card gives the app's own comparison
    compared = re.compile(r"([+-][\d.]+) points \(([+-][\d.]+) to ([+-][\d.]+)\): (\w+)")
    for text in (printed, card):
        gain, low, high = map(float, compared.search(text).groups()[:3])
        verdict = compared.search(text).group(4)
        assert low < gain < high
        assert verdict == ("better" if low > 0 else "worse" if high < 0 else "inconclusive")
    assert compared.search(printed).group(4) == "better"
    assert models["fine-tuned"][0] > plain[0]
    # "The edge alone is not shown to be better than the majority class"
    edge = re.search(r"edge of the photo alone: (\d+) % \((\d+) to (\d+) %\)\nmajority class: (\d+) %", printed)
    assert int(edge.group(2)) <= int(edge.group(4))
    # "on the same pixels the exported model agrees with Keras"; "some answers change" with Pillow
    difference, changed = re.search(r"<th>the same pixels</th>\s*<td>(\S+)</td>\s*<td>(\d+)</td>", pages).groups()
    assert float(difference) < 1e-4 and int(changed) == 0
    assert int(re.search(r"<th>photos read with Pillow</th>\s*<td>\S+</td>\s*<td>(\d+)</td>", pages).group(1)) > 0
    # every number of the card is one that the notebook computed
    assert [line for line in card.splitlines() if line.startswith("###")] == [
        "### Model card", "### Intended use", "### Data", "### Model", "### Evaluation", "### Known shortcuts",
        "### Not for", "### Licences",
    ]  # fmt: skip
    accuracy = re.search(r"test photos: ([\d.]+)%", card).group(1)
    assert re.search(rf"photos read with Pillow</th>\s*<td>\S+</td>\s*<td>\d+</td>\s*<td>{accuracy}</td>", pages)
    assert 0 < float(re.search(r"calibration error: ([\d.]+) points", card).group(1)) < 50
    assert re.search(r"Validation: (\d+) photos of (\d+) objects", card)
    # the last figure: the app answers
    assert alts[-1].startswith("The app answers for three test photos.") and alts[-1].count("A photo of") == 3


def accuracies(alts: list[str], title: str) -> dict[str, tuple[int, int, int]]:
    """What the description of a figure of bars says: name → accuracy, low, high, in per cent."""
    alt = next(alt for alt in alts if title in alt).split(". ", 1)[1]
    found = re.findall(r"(?:^|\) ?\.? ?|\. )([\w=.,_ -]+?) (\d+) % \((\d+) to (\d+) %\)", alt)
    return {name.strip(): (int(value), int(low), int(high)) for name, value, low, high in found}
