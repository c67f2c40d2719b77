"""Lab 3, "One model, end to end": one check per exercise, the same for students, hidden tests and self-study."""

from course_utils.checks import secret_seed
from course_utils.checks.lab3.exercises import (
    build_model,
    cached_views,
    freeze_all,
    freeze_up_to,
    train,
    train_only,
    what_moved,
)
