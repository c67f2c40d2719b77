"""What the notebook of lab 3, "One model, end to end", imports: its checks and the secret seed."""

from course_utils.checks import secret_seed
from course_utils.checks.lab3.augmented import augmented_copies
from course_utils.checks.lab3.exercises import (
    build_model,
    freeze_all,
    freeze_up_to,
    train,
    train_only,
    what_moved,
)
