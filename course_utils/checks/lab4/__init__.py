"""What the notebook of lab 4, "Fine-tune on a GPU kernel", imports: its checks, the secret seed, and its scales."""

from course_utils.checks import secret_seed
from course_utils.checks.lab4.artefacts import SCALES, trained_tensors
from course_utils.checks.lab4.exercises import choose_and_report, split_at
from course_utils.checks.lab4.stages import fine_tune, head_first, unfreeze_from
