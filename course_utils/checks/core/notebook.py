"""What a notebook says where something is not there yet: an answer that a cell looks at, or a name that it needs."""

import contextlib
import sys
from collections.abc import Iterator

from course_utils.checks.core.messages import explain
from course_utils.progress_bar import say

SENTENCE = (
    "In words: no cell that has been run since the kernel started defines this name. After a restart everything has to be run "
    "again, from the top: Run > Run All Above Selected Cell. If you have just written the name, look at its spelling."
)


@contextlib.contextmanager
def when_ready(what: str) -> Iterator[None]:
    """Runs cells that look at a student's result; while there is none yet, says so in one line instead of a traceback.

    ``what`` has to be answered first, for example ``"exercise 1"``.
    """
    try:
        yield
    except Exception as error:
        reason = "" if isinstance(error, NotImplementedError) else f" (it raised {explain(error)})"
        say(f"○ Nothing to look at yet{reason}. Answer {what}, run its cell, then run this one again.")


def explain_name_errors() -> None:
    """Lets the kernel that this is imported in add ``SENTENCE`` to the traceback of a ``NameError``.

    Does nothing outside a notebook, and nothing where somebody has set a handler of IPython's already.
    """
    shells = sys.modules.get("IPython")
    shell = shells.get_ipython() if shells else None
    if shell is not None and not shell.custom_exceptions:
        shell.set_custom_exc((NameError,), _show)


def _show(shell, kind, error, trace, tb_offset=None) -> list[str]:
    """What IPython does with any other exception, and a sentence: the traceback is kept for ``%debug``, then shown."""
    shell._get_exc_info((kind, error, trace))
    lines = shell.InteractiveTB.structured_traceback(kind, error, trace, tb_offset=tb_offset)
    if _is_the_notebooks(shell, error, trace):
        lines.append(f"\n{SENTENCE}")
    shell._showtraceback(kind, error, lines)
    if shell.call_pdb:
        shell.debugger(force=True)
    return lines


def _is_the_notebooks(shell, error: NameError, trace) -> bool:
    """Whether a name of the notebook's own is missing: not a variable of a function, and not in a module it imports."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    at_home = trace is not None and trace.tb_frame.f_globals is shell.user_global_ns
    return at_home and str(error).startswith("name '")
