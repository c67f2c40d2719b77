"""What the labs assert, written once: a notebook's visible cells, the hidden tests and self-study all call it.

``verdict`` holds the three outcomes and how they look, ``sheet`` calls a student's function and collects what is found,
``seeds`` says where hidden pictures come from, and each lab has a module with one function per exercise.
"""

from course_utils.checks.verdict import Verdict

__all__ = ["Verdict"]
