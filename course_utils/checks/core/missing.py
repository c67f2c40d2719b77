"""A sentence under a ``NameError`` in a notebook: after a restart, or out of order, what a cell needs is not there yet."""

from __future__ import annotations

import sys

SENTENCE = (
    "In words: no cell that has been run since the kernel started defines this name. After a restart everything has to be run "
    "again, from the top: Run > Run All Above Selected Cell. If you have just written the name, look at its spelling."
)


def tell() -> None:
    """Lets the kernel that this is imported in add ``SENTENCE`` to the traceback of a ``NameError``.

    Does nothing outside a notebook, and nothing where somebody has set a handler of IPython's already.
    """
    shells = sys.modules.get("IPython")
    shell = shells.get_ipython() if shells else None
    if shell is not None and not shell.custom_exceptions:
        shell.set_custom_exc((NameError,), _told)


def _told(shell, kind, error, trace, tb_offset=None) -> list[str]:
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
