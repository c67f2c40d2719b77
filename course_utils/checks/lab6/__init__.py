"""Lab 6, "Your own images": one check per exercise, the same for students, hidden tests and self-study."""

from course_utils.checks.core.seeds import secret_seed
from course_utils.checks.lab6.exercises import judge, objects_of, split_by_object
from course_utils.checks.lab6.handed_in import hand_in
from course_utils.checks.lab6.models import FIRST, first_stage, second_stage

__all__ = [
    "FIRST",
    "first_stage",
    "hand_in",
    "judge",
    "objects_of",
    "second_stage",
    "secret_seed",
    "split_by_object",
]
