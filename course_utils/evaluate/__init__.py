"""Evaluation: how sure an accuracy is, calibration, and splits that keep the images of an object together."""

from course_utils.evaluate.calibration import (
    apply_temperature,
    coverage_accuracy,
    expected_calibration_error,
    fit_temperature,
    reliability_bins,
)
from course_utils.evaluate.intervals import Interval, accuracy_interval, difference_interval
from course_utils.evaluate.splits import grouped_splits

__all__ = [
    "Interval",
    "accuracy_interval",
    "apply_temperature",
    "coverage_accuracy",
    "difference_interval",
    "expected_calibration_error",
    "fit_temperature",
    "grouped_splits",
    "reliability_bins",
]
