"""Lesson 6: what the prose claims is what the notebook and the benchmark computed."""

from __future__ import annotations

import re

from claims.reading import percent_after
from course_utils import benchmark_results


def holds(run) -> None:
    printed, alts = run.printed(), " ".join(run.alts())
    # stage 2 moves block5 and the head, and nothing else exists in the part that is trained
    assert "Trained weights moved in all 4" in alts
    # "the training images are known far better than the validation images"
    curves = alts[alts.index("Head first, then block5 as well") :]
    known, new = (
        float(re.search(rf"{what} accuracy from [\d.]+ % to ([\d.]+) %", curves).group(1))
        for what in ("training", "validation")
    )
    assert known > new + 5
    # without stage 1: the rate decides how far block5 moves, a random head hardly does
    far, low, high = (
        float(re.search(rf"{re.escape(title)} +block5 moved by ([\d.]+)% of its length", printed).group(1))
        for title in ("two stages, 0.001 then 0.0001", "all at once, 0.0001", "all at once, 0.001")
    )
    assert low < 2 * far
    assert 5 * low < high < 20 * low
    # "that the highest rate came out last is worth believing, by so wide a gap; a few points between the other two say nothing"
    two, same_rate, lost = map(int, re.findall(r"of its length · validation accuracy (\d+)%", printed))
    assert abs(two - same_rate) < 15 and lost < min(two, same_rate) - 10
    # "block5 holds about half of the parameters and a small share of the work"
    work, size = map(int, re.search(r"block5 (\d+) % and (\d+) %", alts).groups())
    assert work < 15 and 40 < size < 60
    # "Adding block4 costs several times what block5 did": work beyond a forward pass
    added = [float(w) - 1 for w in re.findall(r"trained from block[54] on: .* parameters, ([\d.]+) times", printed)]
    assert added[1] - added[0] > 2 * added[0]
    # a skip connection passes by a cut in the middle of a block
    assert "mobilenet_v2 cannot be cut before 'block_12_project'" in printed
    assert "learning: ['block_12_expand', 'block_12_depthwise', 'block_12_project', 'block_13_expand']" in printed
    holds_for_timing(printed)
    holds_for_uses(benchmark_results.load("fine_tuning")["uses"])
    holds_for_grid(benchmark_results.load("fine_tuning"), alts)


def holds_for_timing(printed: str) -> None:
    timed = benchmark_results.load("recipes")["vgg16_block5"]
    assert "tensorflow" in timed["machine"]["packages"]
    # "With XLA nearly all that the work allows is reached. Without it the saving is smaller"
    for key in ("", "_with_caching"):
        assert timed[f"speed_up{key}_xla"] >= 0.8 * timed[f"allowed{key}"]
        assert timed[f"speed_up{key}"] < timed[f"speed_up{key}_xla"]
    # "that is where XLA gains most"
    gains = [timed["epoch_s"][way] / timed["epoch_s"][f"{way}_xla"] for way in ("end_to_end", "cached")]
    assert 1 < gains[0] < gains[1]
    # "the same answers but for rounding": not worse than end to end within three points, with the whole interval
    same = benchmark_results.load("fine_tuning")["timing"]
    assert same["on"].startswith("tensorflow")
    assert same["cached_minus_end_to_end"][1] > -0.03
    assert same["same_answers"] > 0.97
    assert percent_after(printed, "same answer on") > 97
    # "With as many views as epochs nothing is saved"
    assert "10 views, 10 epochs: 1.0 times faster" in printed
    assert "epoch 6: view 3, loss" in printed


def holds_for_uses(uses: dict) -> None:
    assert uses["on"].startswith("tensorflow")
    assert uses["folds"] * uses["repeats"] >= 5
    rows = {row["use"]: row for row in uses["rows"]}
    verdicts = {use: verdict(row["against_standalone"]) for use, row in rows.items()}
    accuracy, seconds = ({use: row[key] for use, row in rows.items()} for key in ("accuracy", "seconds"))
    # "from scratch lies far behind"; "as it is … came out first", beyond doubt against the features
    assert verdicts["from scratch, a small network"] == "worse"
    assert accuracy["from scratch, a small network"][2] < min(
        low for use, (_, low, _) in accuracy.items() if "scratch" not in use
    )
    assert max(accuracy, key=lambda use: accuracy[use][0]) == "the classifier as it is"
    assert verdicts["the classifier as it is"] == "better"
    # "undecided for the last blocks, undecided with all of it in training, which takes several times as long"
    all_of_it, last_blocks = "initialisation, all of it trained", "initialisation, blocks 11 to 13 trained"
    assert verdicts[all_of_it] == verdicts[last_blocks] == "undecided"
    assert seconds[all_of_it] > 2.5 * seconds[last_blocks]
    # "the quickest to train"; the integrated extractor "came out behind here, and dearer"
    standalone, integrated = "standalone extractor", "integrated extractor, with augmentation"
    assert min((use for use, row in rows.items() if row["trained_parameters"]), key=seconds.get) == standalone
    assert verdicts[integrated] == "worse" and seconds[integrated] > 3 * seconds[standalone]


def holds_for_grid(results: dict, alts: str) -> None:
    verdicts = {}
    for task in ("scenes", "background", "fashion"):
        for size in ("small", "large"):
            cell = results[task]["sizes"][size]
            for way, difference in cell["against_whole_base"].items():
                verdicts[task, size, way] = verdict(difference)
            verdicts[task, size, "direct"] = verdict(cell["fine_tuned_against_block4"])
    # "What is on it. Cutting earlier gains nothing, and cutting far down loses a great deal"
    assert {verdicts["scenes", size, f"up to block{n}"] for size in ("small", "large") for n in (3, 4)} == {
        "undecided",
        "worse",
    }
    # "Fine-tuning is undecided with few images, and gains a little with many"
    assert verdicts["scenes", "small", "fine-tuned block5"] == "undecided"
    assert verdicts["scenes", "large", "fine-tuned block5"] == "better"
    assert results["scenes"]["sizes"]["large"]["against_whole_base"]["fine-tuned block5"][0] < 0.05
    # "Everything beats the features of the whole base" on the two dissimilar tasks
    for (task, _, way), found in verdicts.items():
        if task != "scenes" and way != "direct":
            assert found == "better"
    # "with few images the winner is a shorter base; with many, fine-tuning catches up"; clothes: the shorter base
    assert verdicts["background", "small", "direct"] == "worse"
    assert verdicts["background", "large", "direct"] == "undecided"
    assert verdicts["fashion", "small", "direct"] == verdicts["fashion", "large", "direct"] == "worse"
    # "letting layers learn becomes better, compared with leaving them out", from few to many images
    for task in ("scenes", "background", "fashion"):
        few, many = (results[task]["sizes"][size]["fine_tuned_against_block4"][0] for size in ("small", "large"))
        assert many > few
    # the last figure says what the grid decides
    grid = alts[alts.index("Size and similarity:") :]
    for words, count in (("extract, whole base", 1), ("fine-tune", 1), ("keep less of the base", 3), ("either", 1)):
        assert grid.count(f": {words}") == count


def verdict(difference) -> str:
    _, low, high = difference
    return "better" if low > 0 else "worse" if high < 0 else "undecided"
