"""Lesson 5: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re

from claims.lesson03 import copies_gain_nothing, interval, verdict


def holds(run) -> None:
    printed, alts, pages = run.printed(), " ".join(run.alts()), " ".join(run.pages())
    # the Rescaling layer is MobileNetV2's preparation
    assert float(re.search(r"difference from preprocess: (\S+)", printed).group(1)) < 1e-5
    # "A few thousand, as in mode A"; "a head that is many times larger"
    average, flat = (
        int(re.search(rf"{way} .*?([\d,]+) trainable", printed).group(1).replace(",", ""))
        for way in ("average", "flatten")
    )
    assert f"The answer: {average:,} parameters" in pages
    assert 1000 < average < 10_000 and flat > 10 * average
    # on in training, off in use
    off, on = (
        float(re.search(rf"training={state} +largest difference between four copies: ([\d.]+)", printed).group(1))
        for state in ("False", "True")
    )
    assert off == 0 and on > 0.1
    # "Practically all of it"
    assert float(re.search(r"the base is ([\d.]+)% of the work", printed).group(1)) > 99
    # "the same training, up to rounding"
    assert float(re.search(r"largest difference of a probability: (\S+)", printed).group(1)) < 0.02
    # seconds: mode B pays in every epoch, mode A once
    end_to_end = [
        float(n) for n in re.search(r"end to end, seconds after each epoch: ([\d. ]+)", printed).group(1).split()
    ]
    cached = [
        float(n) for n in re.search(r"cached features, and after each epoch: +([\d. ]+)", printed).group(1).split()
    ]
    assert cached[-1] < end_to_end[-1]
    # "undecided, and the whole interval lies within three points of zero"; "Flatten is worse"
    assert verdict(printed, "end to end against cached features")[-1] == "undecided"
    low, high = interval(printed, "end to end against cached features")
    assert -3 < low < 0 < high < 3
    assert verdict(printed, "cached features, Flatten against cached features") == ["worse"]
    copies_gain_nothing(printed, "cached features")
    # "and so does mode B against eight views": the interval ends close to zero, on whichever side
    assert -1.5 < interval(printed, "end to end against cached features, 8 copies")[0] < 1.5
    # "the break-even point grows with K"
    table = re.findall(r"^ ?(\d+) +[\d.]+ s +([\d.]+) epochs", printed, re.M)
    assert [int(views) for views, _ in table] == [1, 2, 4, 8]
    assert float(table[-1][1]) > 4 * float(table[0][1])
    # the figure it ends on: mode A and mode B cross early, and stay crossed
    crossing = float(re.search(r"costs of cached features and end to end are equal at ([\d.]+) epochs", alts).group(1))
    assert 0.5 < crossing < 4  # "within the first few epochs"
    # every run by itself says that views meet later
    least, most, least_views, most_views = (
        float(n) for pair in re.findall(r"they meet after ([\d.]+) to ([\d.]+) epochs", printed) for n in pair
    )
    assert 0 < least <= most < least_views <= most_views
    assert least - 0.3 <= crossing <= most + 0.3
    # "and meets mode B that much later: the second star"
    second = float(
        re.search(
            r"costs of cached features, 4 copies and end to end are equal at ([\d.]+) epochs",
            alts.split("begins to pay")[-1],
        ).group(1)
    )
    assert second > 3 * crossing
    once, views, epoch = (
        float(re.search(title + r" ([\d.]+) s", printed).group(1))
        for title in (r"extraction", r"of 4 views", r"an epoch end to end")
    )
    assert views > 3 * once > 3 * 0.5 * epoch
    # "how far these runs lie apart": the slowest against the quickest
    apart = re.search(r"slowest run took ([\d.]+) times .*?, and ([\d.]+) times", printed).groups()
    assert all(float(times) >= 1 for times in apart)
