"""Widgets that work with a keyboard, each with a static fallback for exports, paper and screen readers."""

from course_utils.widgets.freeze import freeze_explorer
from course_utils.widgets.guess import guess
from course_utils.widgets.modes import mode_cost_calculator, mode_costs
from course_utils.widgets.quiz import Question, quiz
from course_utils.widgets.viewers import augmentation_viewer, feature_map_browser

__all__ = [
    "Question",
    "augmentation_viewer",
    "feature_map_browser",
    "freeze_explorer",
    "guess",
    "mode_cost_calculator",
    "mode_costs",
    "quiz",
]
