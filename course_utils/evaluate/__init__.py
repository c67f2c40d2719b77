"""Evaluation: how sure an accuracy is, and splits that keep the images of an object together."""

from course_utils.evaluate.intervals import Interval, accuracy_interval, difference_interval
from course_utils.evaluate.splits import grouped_splits
