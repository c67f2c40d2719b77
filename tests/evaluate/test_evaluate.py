"""Intervals that resample objects, and splits that keep an object together."""

import math

import numpy as np
import pytest

from course_utils.data import load_scenes
from course_utils.errors import BadArgumentError
from course_utils.evaluate import accuracy_interval, difference_interval, grouped_splits

Z90 = 1.6449


def answers(right, wrong):
    return np.repeat([True, False], [right, wrong])


def test_independent_images_give_the_binomial_interval():
    accuracy, low, high = accuracy_interval(answers(80, 20), np.arange(100), resamples=20000)
    half = Z90 * math.sqrt(0.8 * 0.2 / 100)
    assert accuracy == 0.8
    assert low == pytest.approx(0.8 - half, abs=0.012)
    assert high == pytest.approx(0.8 + half, abs=0.012)


def test_scenes_that_succeed_and_fail_together_count_as_one_image_per_object():
    by_object = answers(80, 20)
    once = accuracy_interval(by_object, np.arange(100), resamples=20000)
    five_times = accuracy_interval(np.repeat(by_object, 5), np.repeat(np.arange(100), 5), resamples=20000)
    careless = accuracy_interval(np.repeat(by_object, 5), np.arange(500), resamples=20000)
    assert five_times == pytest.approx(once, abs=0.01)
    assert (once.high - once.low) / (careless.high - careless.low) == pytest.approx(math.sqrt(5), rel=0.1)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(7)
    groups = np.repeat(np.arange(60), 5)
    covered = 0
    for trial in range(300):
        skill = rng.beta(2.0, 0.5, size=60)  # objects differ, mean 0.8
        correct = rng.random(300) < skill[groups]
        _, low, high = accuracy_interval(correct, groups, resamples=400, seed=trial)
        covered += low <= 0.8 <= high
    assert 0.83 <= covered / 300 <= 0.95


def test_a_wider_level_gives_a_wider_interval_and_the_seed_repeats():
    groups = np.repeat(np.arange(20), 3)
    correct = np.random.default_rng(1).random(60) < 0.7
    narrow, wide = (accuracy_interval(correct, groups, level=level) for level in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high
    assert accuracy_interval(correct, groups, seed=3) == accuracy_interval(correct, groups, seed=3)


def test_numbers_of_groups_and_their_names_do_not_matter():
    correct = np.random.default_rng(1).random(60) < 0.7
    numbered = accuracy_interval(correct, np.repeat([900, 7, 12, 3, 55, 1], 10))
    named = accuracy_interval(correct, np.repeat(["f", "c", "d", "b", "e", "a"], 10))
    assert numbered == named


def test_groups_of_different_sizes_are_weighed_by_their_images():
    correct = np.array([1, 1, 1, 1, 1, 1, 0, 0])
    result = accuracy_interval(correct, np.array([0, 0, 0, 0, 0, 0, 1, 2]))
    assert result.value == 0.75
    # Three draws from three objects: all three the large one happens once in 27 times, less than the 5 % above.
    # Next comes the large one twice: 12 of 13 images. None of it happens 8 times in 27.
    assert (result.low, result.high) == (0.0, 12 / 13)


def test_ten_thousand_images_are_known_to_a_fraction_of_a_point():
    accuracy, low, high = accuracy_interval(answers(9000, 1000), np.arange(10000))
    assert (high - low) / 2 == pytest.approx(Z90 * math.sqrt(0.9 * 0.1 / 10000), rel=0.1)
    assert accuracy == 0.9


def test_a_paired_difference_is_surer_than_two_intervals_side_by_side():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(60), 5)
    hard = rng.random(60) < 0.3
    a = ~hard[groups]
    b = a & (rng.random(300) > 0.05)
    difference, low, high = difference_interval(a, b, groups)
    assert difference == pytest.approx(a.mean() - b.mean())
    assert low > 0
    one, other = accuracy_interval(a, groups), accuracy_interval(b, groups)
    assert one.low < other.high, "side by side the two intervals overlap"
    assert high - low < (one.high - one.low) / 2


def test_swapping_a_and_b_mirrors_the_difference():
    rng = np.random.default_rng(4)
    a, b, groups = rng.random(90) < 0.8, rng.random(90) < 0.7, np.repeat(np.arange(30), 3)
    forward, backward = difference_interval(a, b, groups), difference_interval(b, a, groups)
    assert backward == pytest.approx((-forward.value, -forward.high, -forward.low))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"correct": [0.2, 0.9]}, "Did you mean `predicted == labels`"),
        ({"correct": [[True], [False]]}, r"correct must be one row of values.*shape \(2, 1\)"),
        ({"correct": []}, r"correct must be one row of values.*shape \(0,\)"),
        ({"correct": [True, np.nan]}, "correct must say"),
        ({"groups": [1, 2, 3]}, "one entry per image; you gave 2 answers, 3 groups"),
        ({"groups": [5, 5]}, "at least two different objects"),
        ({"level": 90}, "level must lie between 0 and 1, for example 0.90; you gave 90"),
        ({"resamples": 10}, "resamples must be an integer of at least 100"),
        ({"seed": "x"}, "seed must be an integer of at least 0; you gave 'x'"),
    ],
)
def test_an_interval_of_nonsense_is_refused_in_words(arguments, message):
    with pytest.raises(BadArgumentError, match=message):
        accuracy_interval(**{"correct": [True, False], "groups": [1, 2], **arguments})


def test_a_difference_of_unlike_lengths_is_refused():
    with pytest.raises(BadArgumentError, match="the same images; you gave 2 and 3 answers"):
        difference_interval([1, 0], [1, 0, 1], [1, 2])


@pytest.fixture(scope="module")
def scenes():
    return load_scenes("all", size=16)


def test_grouped_splits_share_no_object_and_test_every_image_once(scenes):
    splits = grouped_splits(scenes.labels, scenes.groups)
    assert len(splits) == 5
    for train, test in splits:
        assert not set(scenes.groups[train]) & set(scenes.groups[test])
        assert len(train) + len(test) == len(scenes)
    tested = np.concatenate([test for _, test in splits])
    assert np.array_equal(np.sort(tested), np.arange(len(scenes)))


def test_grouped_splits_spread_the_classes(scenes):
    whole = np.bincount(scenes.labels) / len(scenes)
    for _, test in grouped_splits(scenes.labels, scenes.groups):
        share = np.bincount(scenes.labels[test], minlength=6) / len(test)
        assert np.abs(share - whole).max() < 0.05


def test_repeats_split_anew_and_seeds_repeat(scenes):
    twice = grouped_splits(scenes.labels, scenes.groups, folds=3, repeats=2, seed=4)
    assert len(twice) == 6
    first, second = set(twice[0][1].tolist()), set(twice[3][1].tolist())
    assert first != second
    again = grouped_splits(scenes.labels, scenes.groups, folds=3, seed=5)
    assert np.array_equal(twice[3][1], again[0][1])


@pytest.mark.parametrize(
    ("labels", "groups", "folds", "message"),
    [
        ([0, 1, 0, 1], [0, 1, 2], 2, "you gave 4 labels, 3 groups"),
        ([0, 0, 0, 0], [0, 1, 2, 3], 2, "at least two classes"),
        ([0, 1, 2, 3], [0, 0, 1, 1], 2, "in this order"),
        ([0, 0, 1, 1, 1], [0, 1, 2, 3, 4], 3, "needs at least 3 objects in every class; class 0 has 2"),
        ([0, 0, 1, 1], [0, 1, 2, 3], 1, "folds must be an integer of at least 2"),
    ],
)
def test_splits_that_cannot_be_made_say_why(labels, groups, folds, message):
    with pytest.raises(BadArgumentError, match=message):
        grouped_splits(labels, groups, folds=folds)
