"""Calibration: known answers, exact zeros and ones, an absent class, and intervals that resample objects."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from course_utils.errors import BadArgumentError
from course_utils.evaluate import (
    apply_temperature,
    coverage_accuracy,
    expected_calibration_error,
    fit_temperature,
    reliability_bins,
)

RNG = np.random.default_rng(0)
SCORES = RNG.normal(size=(4000, 3)) * 2
HONEST = softmax(SCORES, axis=1)
LABELS = np.array([RNG.choice(3, p=row) for row in HONEST])
"""Labels drawn from the probabilities themselves: a model that is as sure as it is right."""
GROUPS = np.arange(4000) // 5


def two(confidence):
    """Two-class probabilities with class 0 predicted at these confidences."""
    confidence = np.asarray(confidence, dtype=float)
    return np.stack([confidence, 1 - confidence], axis=1)


def test_bins_and_error_of_a_case_done_by_hand():
    probabilities, labels = two([0.6, 0.6, 0.9, 0.9, 0.9, 1.0]), np.array([0, 1, 0, 0, 1, 0])
    bins = reliability_bins(probabilities, labels, bins=5)
    assert [one.count for one in bins] == [2, 4]  # 0.6 begins the fourth part, and 1 belongs to the last
    assert bins[0][1:] == pytest.approx((0.6, 0.5)) and bins[1][1:] == pytest.approx((3.7 / 4, 0.75))
    error = expected_calibration_error(probabilities, labels, np.arange(6), bins=5)
    assert error.value == pytest.approx((2 * 0.1 + 4 * 0.175) / 6)
    assert 0 <= error.low <= error.value <= error.high <= 1


def test_a_calibrated_model_has_a_small_error_and_a_sharpened_one_a_large_one():
    honest = expected_calibration_error(HONEST, LABELS, GROUPS)
    sharp = expected_calibration_error(apply_temperature(HONEST, 1 / 3), LABELS, GROUPS)
    assert honest.value < 0.03 < 0.1 < sharp.low


def test_the_temperature_that_spoiled_the_probabilities_is_found_and_undoes_it():
    assert fit_temperature(HONEST, LABELS) == pytest.approx(1, abs=0.06)
    for spoiled in (1 / 3, 2.5):
        probabilities = apply_temperature(HONEST, spoiled)
        temperature = fit_temperature(probabilities, LABELS)
        assert temperature == pytest.approx(1 / spoiled, rel=0.06)
        repaired = apply_temperature(probabilities, temperature)
        np.testing.assert_array_equal(repaired.argmax(axis=1), HONEST.argmax(axis=1))
        assert expected_calibration_error(repaired, LABELS, GROUPS).value < 0.03


def test_a_temperature_is_a_division_of_the_scores():
    np.testing.assert_allclose(apply_temperature(HONEST, 2.0), softmax(SCORES / 2, axis=1), rtol=1e-9)
    np.testing.assert_allclose(apply_temperature(HONEST, 1), HONEST, rtol=1e-9)


def test_probabilities_of_exactly_0_and_1_are_no_trouble():
    probabilities = np.eye(3)[[0, 1, 2, 0, 0, 1]]
    labels = np.array([0, 1, 2, 0, 1, 2])  # two confident mistakes: infinite cross-entropy, were it taken literally
    temperature = fit_temperature(probabilities, labels)
    assert 1 < temperature <= 20
    softened = apply_temperature(probabilities, temperature)
    assert np.isfinite(softened).all() and softened.max() < 0.99
    assert expected_calibration_error(probabilities, labels, np.arange(6)).value == pytest.approx(1 / 3)
    assert reliability_bins(probabilities, labels) == [(6, 1.0, pytest.approx(2 / 3))]


def test_without_a_mistake_the_temperature_ends_at_its_bound():
    assert fit_temperature(two([0.6, 0.8, 0.7]), np.zeros(3, int)) == pytest.approx(0.05)
    assert fit_temperature(two([0.6, 0.8, 0.7]), np.ones(3, int)) == pytest.approx(20)


def test_an_absent_class_and_float32_rows_are_right():
    labels = np.where(LABELS == 2, 0, LABELS)
    assert 0.05 < fit_temperature(HONEST.astype("float32"), labels) < 20
    assert expected_calibration_error(HONEST.astype("float32"), labels, GROUPS).value > 0.05


def test_the_interval_resamples_objects_and_not_images():
    many = np.repeat(np.arange(400), 10)  # ten images of one object, all alike
    probabilities, labels = HONEST[:400].repeat(10, axis=0), LABELS[:400].repeat(10)
    by_object = expected_calibration_error(probabilities, labels, many)
    by_image = expected_calibration_error(probabilities, labels, np.arange(4000))
    assert by_object.value == by_image.value
    assert by_object.high - by_object.low > 2 * (by_image.high - by_image.low)


def test_coverage_is_done_by_hand_and_answers_equal_confidences_together():
    coverage, accuracy = coverage_accuracy(two([0.9, 0.7, 0.7, 0.6]), np.array([0, 1, 0, 1]))
    np.testing.assert_allclose(coverage, [0.25, 0.75, 1])
    np.testing.assert_allclose(accuracy, [1, 2 / 3, 0.5])
    coverage, accuracy = coverage_accuracy(np.eye(2)[[0, 0, 1]], np.array([0, 1, 1]))
    assert (coverage.tolist(), accuracy.tolist()) == ([1.0], [pytest.approx(2 / 3)])


@pytest.mark.parametrize(
    ("probabilities", "labels", "message"),
    [
        (SCORES[:4], LABELS[:4], "softmax"),
        (HONEST[:4] * 100, LABELS[:4], "sum 1"),
        (np.full((4, 3), np.nan), LABELS[:4], "sum 1"),
        (HONEST[:4], LABELS[:3], r"\(4, 3\) for 3 labels"),
        (HONEST[:4, 0], LABELS[:4], r"\(N, classes\)"),
        (HONEST[:4], np.array([0, 1, 2, 3]), "class numbers from 0 to 2"),
        (HONEST[:4], np.array([0.0, 1, 2, 1]), "class numbers"),
    ],
)
def test_what_is_not_calibrated_anyhow_is_refused(probabilities, labels, message):
    for ask in (reliability_bins, fit_temperature, coverage_accuracy):
        with pytest.raises(BadArgumentError, match=message):
            ask(probabilities, labels)


def test_bad_options_are_refused():
    with pytest.raises(BadArgumentError, match="bins must be an integer of at least 1"):
        reliability_bins(HONEST, LABELS, bins=0)
    with pytest.raises(BadArgumentError, match="at least two different objects"):
        expected_calibration_error(HONEST, LABELS, np.zeros(4000))
    for temperature in (0, -1, np.nan, [1.0], "hot"):
        with pytest.raises(BadArgumentError, match="temperature must be a number above 0"):
            apply_temperature(HONEST, temperature)
