"""The ``teach`` command: as ``lab``, opened at the repository and with nbgrader's panels for instructors; `make teach` ends here."""

from functools import partial

from course_utils.commands import lab

main = partial(lab.main, teaching=True)
