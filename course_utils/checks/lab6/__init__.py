"""What the notebook of lab 6, "Your own images", imports: its checks, the secret seed, and the first layer tuned."""

from course_utils.checks import secret_seed
from course_utils.checks.lab6.card import model_card
from course_utils.checks.lab6.exercises import evaluate_predictions, objects_of, split_by_object
from course_utils.checks.lab6.handed_in import hand_in
from course_utils.checks.lab6.stages import FIRST, first_stage, second_stage
