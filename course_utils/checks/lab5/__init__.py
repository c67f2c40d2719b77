"""What the notebook of lab 5, "Bug museum", imports: its checks and the secret seed."""

from course_utils.checks import secret_seed
from course_utils.checks.lab5.exercises import (
    blind_score,
    honest_split,
    leaks,
    preprocessing_mistake,
    share_right,
    stands_on_probabilities,
    swap_head,
    vgg16_features,
)
from course_utils.checks.lab5.layers import augments, statistics_moved, unfreeze_from, with_augmentation
from course_utils.checks.lab5.training import how_far, moved_layers, train_in_two_stages, training_plan
