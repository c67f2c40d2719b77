"""What the notebook of lab 2, "Extract once, train many", imports: checks, seed, thresholds, scenes per object."""

from course_utils.checks import secret_seed
from course_utils.checks.lab2.exercises import (
    accuracy_with_interval,
    build_extractor,
    extract_features,
    split_by_object,
    train_head,
    train_svm,
)
from course_utils.checks.lab2.heads import SCENES_PER_OBJECT, THRESHOLD, VISIBLE_THRESHOLD
from course_utils.checks.lab2.packed import keep_features
