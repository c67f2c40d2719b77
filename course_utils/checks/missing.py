"""A sentence under every ``NameError`` of a notebook: after a restart, or out of order, what a cell needs is not there yet."""

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
    lines = shell.InteractiveTB.structured_traceback(kind, error, trace, tb_offset=tb_offset)
    if not isinstance(error, UnboundLocalError):  # that one is about a path through a function
        lines.append(f"\n{SENTENCE}")
    shell._showtraceback(kind, error, lines)
    return lines
