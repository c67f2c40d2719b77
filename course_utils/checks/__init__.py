"""What the labs assert, written once: a notebook's visible cells, the hidden tests and self-study all call it.

``core`` is what a check is made of: it calls a student's function, collects what is found, and says it in a verdict.
``common`` serves several labs. Each lab has a folder, whose module ``exercises`` has one function per exercise. Imported in
a notebook, it also lets the kernel say in words what a ``NameError`` is (``core.missing``).
"""

from course_utils.checks.core import missing
from course_utils.checks.core.exercise_check import when_ready
from course_utils.checks.core.verdict import Verdict

missing.tell()

__all__ = ["Verdict", "when_ready"]
