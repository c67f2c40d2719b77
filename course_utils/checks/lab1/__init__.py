"""Lab 1, "Meet a pretrained network": one check per exercise, the same for students, hidden tests and self-study."""

from course_utils.checks import secret_seed
from course_utils.checks.lab1.exercises import parameters_by_block, penultimate, prepare_batch, rebuild, top_five
