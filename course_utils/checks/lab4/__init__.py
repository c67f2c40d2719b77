"""Lab 4, "Fine-tune on a GPU kernel": one check per exercise, the same for students, hidden tests and self-study."""

from course_utils.checks.core.seeds import secret_seed
from course_utils.checks.lab4.artefacts import SCALES
from course_utils.checks.lab4.exercises import choose_and_report, split_at, trained_tensors
from course_utils.checks.lab4.stages import fine_tune, head_first, unfreeze_from

__all__ = [
    "SCALES",
    "choose_and_report",
    "fine_tune",
    "head_first",
    "secret_seed",
    "split_at",
    "trained_tensors",
    "unfreeze_from",
]
