"""Lesson 3: what the prose claims is what the notebook computed."""

from __future__ import annotations

import re

from claims.reading import percent_after


def verdict(printed: str, pair: str) -> list[str]:
    """Every verdict on 'first against second', in the order in which the lesson printed them."""
    found = re.findall(re.escape(pair) + r": [-+][\d.]+% \([-+][\d.]+% to [-+][\d.]+%\)  (\w+)", printed)
    assert found, f"{pair!r} is not in what the lesson printed"
    return found


def interval(printed: str, pair: str) -> tuple[float, float]:
    """The last interval of 'first against second', in points."""
    low, high = re.findall(re.escape(pair) + r": [-+][\d.]+% \(([-+][\d.]+)% to ([-+][\d.]+)%\)", printed)[-1]
    return float(low), float(high)


def gain(printed: str, pair: str) -> float:
    """The last difference of 'first against second', in points."""
    found = re.findall(re.escape(pair) + r": ([-+][\d.]+)% \(", printed)
    assert found, f"{pair!r} is not in what the lesson printed"
    return float(found[-1])


def copies_gain_nothing(printed: str, head: str) -> None:
    """ "For 2 and 4 zero lies well inside"; for 8 the interval "ends so close to zero", on whichever side."""
    for copies in (2, 4):
        low, high = interval(printed, f"{head}, {copies} copies against {head}")
        assert low < -0.5 and 0.5 < high < 3
    low, high = interval(printed, f"{head}, 8 copies against {head}")
    assert -6 < low < -1.5 < high < 1.5


def base_counts_more(printed: str) -> None:
    """A head moves the score "by a few points", the base "several times as far", the leak further than any head or copy."""
    pairs = ("logistic regression against support vector machine", "logistic regression against small network",
             "support vector machine against small network")  # fmt: skip
    heads = [abs(gain(printed, pair)) for pair in pairs]
    copies = [abs(gain(printed, f"small network, {number} copies against small network")) for number in (2, 4, 8)]
    assert 1 < max(heads) < 7
    assert -gain(printed, "random base against pretrained base") > 3 * max(heads)
    assert gain(printed, "leaking split against split by cut-out") > max(heads + copies)


def holds(run) -> None:
    printed, alts = run.printed(), " ".join(run.alts())
    # "Same weights, same numbers in, same numbers out"
    assert float(re.search(r"the first and the second time: (\S+)", printed).group(1)) < 1e-5
    # "it only looked the result up"
    first, again = (float(re.search(rf"{when} +([\d.]+) s", printed).group(1)) for when in ("first time", "again"))
    assert again < first
    # "4096 numbers for one image", "so the network is what it was", a real (1, 1280) vector
    assert "without it          : (1, 4096)" in printed
    assert re.search(r"after pop\(\) +\(1, 1000\) · sum 1\.0", printed)
    assert re.search(r"ends before +\(1, 1280\)", printed)
    # saving and loading
    assert "same numbers: True" in printed
    assert "code from the file is running on your machine" in printed
    assert "cannot be trusted" in printed and "was not written by this course" in printed
    # "A few answers on the edge may tip over"
    changed, of = map(int, re.search(r"answers that differ: (\d+) of (\d+)", printed).groups())
    assert changed <= 0.05 * of
    # the split: the leaking one claims more, here and in the long run
    assert verdict(printed, "by scene against by cut-out") == ["better"]
    assert verdict(printed, "leaking split against split by cut-out") == ["better"]
    # the interval: too narrow by scenes, and by hand the same as the helper's
    widths = [int(width) for width in re.findall(r"(\d+) points wide", printed)]
    assert len(widths) == 2 and widths[0] < 0.8 * widths[1]
    by_hand, helper = (
        re.search(title + r".*?interval ([\d.]+)% to ([\d.]+)%", printed).groups()
        for title in ("drawing whole cut-outs", "evaluate.accuracy_interval")
    )
    assert all(abs(float(a) - float(b)) < 2 for a, b in zip(by_hand, helper, strict=True))
    # "with three times as many cut-outs"
    few, many = (
        int(re.search(words, printed).group(1))
        for words in (r"310 of (\d+) cut-outs", r"scenes of (\d+) cut-outs, each")
    )
    assert 2.5 < many / few < 3.5
    # what helped: in the short run and in the long run the pretrained numbers
    for way in ("scratch", "random base"):
        assert set(verdict(printed, f"{way} against pretrained base")) == {"worse"}
    # "from scratch does a little better"; "logistic regression did best with these settings"; copies do not help
    assert verdict(printed, "scratch against random base")[-1] == "better"
    for other in ("support vector machine", "small network"):
        assert verdict(printed, f"logistic regression against {other}")[-1] == "better"
    copies_gain_nothing(printed, "small network")
    base_counts_more(printed)
    # the figure it ends on
    final = re.search(
        r"From scratch, random base, pretrained base\. .*?scratch (\d+) %.*?random base (\d+) %.*?pretrained base (\d+) %",
        alts,
    )
    scratch, random_base, pretrained = map(int, final.groups())
    assert max(scratch, random_base) + 15 < pretrained
    majority = percent_after(alts[final.start() :], "A line at")
    assert majority < random_base
    assert (
        percent_after(alts, "From scratch, random base, pretrained base. Accuracies with confidence intervals: scratch")
        == scratch
    )
