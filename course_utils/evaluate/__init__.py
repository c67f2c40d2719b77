"""Evaluation: how sure an accuracy is, and splits that keep the images of an object together."""

from course_utils.evaluate.statistics import Interval, accuracy_interval, difference_interval, grouped_splits

__all__ = [
    "Interval",
    "accuracy_interval",
    "difference_interval",
    "grouped_splits",
]
