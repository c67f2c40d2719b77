"""What the labs assert, written once: a notebook's visible cells, the hidden tests and self-study all call it.

``core`` is what a check is made of; what it exports here is all that a course author needs, see ``exercise``.
``common`` serves several labs. Each lab has a folder. Imported in a notebook, it lets the kernel say what a
``NameError`` is.
"""

from course_utils.checks.core.exercise_check import ExerciseCheck, exercise, once
from course_utils.checks.core.messages import Incorrect, NotAttempted, describe, explain, few, in_short
from course_utils.checks.core.notebook import explain_name_errors, when_ready
from course_utils.checks.core.seeds import secret_seed
from course_utils.checks.core.values import as_array, as_number, as_tuple, check_close, check_shape, close, finite
from course_utils.checks.core.verdict import Verdict

explain_name_errors()
