"""Widgets that work with a keyboard, each with a static fallback for exports, paper and screen readers.

The last line of a cell shows what these functions return.
"""

from course_utils.widgets.costs import extraction_cost_calculator
from course_utils.widgets.freeze import freeze_explorer
from course_utils.widgets.guess import guess
from course_utils.widgets.quiz import quiz
from course_utils.widgets.viewers import augmentation_viewer, feature_map_browser
