"""What the labs assert, written once: a notebook's visible cells, the hidden tests and self-study all call it.

``verdict`` holds the three outcomes and how they look, ``sheet`` calls a student's function and collects what is found,
``seeds`` says where hidden pictures come from, and each lab has a module with one function per exercise. Imported in a
notebook, it also lets the kernel say in words what a ``NameError`` is (``missing``).
"""

from course_utils.checks import missing
from course_utils.checks.verdict import Verdict

missing.tell()

__all__ = ["Verdict"]
