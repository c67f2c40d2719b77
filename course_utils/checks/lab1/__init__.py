"""What the notebook of lab 1, "Meet a pretrained network", imports: its checks and the secret seed."""

from course_utils.checks import secret_seed
from course_utils.checks.lab1.exercises import parameters_by_block, penultimate, prepare_batch, rebuild, top_five
