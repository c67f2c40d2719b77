"""What ``exit()`` means where a notebook is graded or checked: the cell stops there, and the notebook goes on.

In a notebook, ``exit()`` and ``quit()`` ask the kernel to end, which it does a tenth of a second later. Whether the next
cells are run by then would be luck, and so would the marks. ``sys.exit()`` stops the cell alone. So all of them do.
"""

from __future__ import annotations

STOPPED_HERE = (
    "A cell stopped at exit(), quit() or SystemExit. The rest of that cell was not run; the cells after it were run."
)
"""Among the notes of a record."""
FIRST_LINE = f"__import__({__name__!r}, fromlist=['_']).keep_running(get_ipython())"
"""What such a kernel runs first."""
ARGUMENTS = (f"--InteractiveShellApp.exec_lines={FIRST_LINE}",)
"""A kernel's argument for it."""


def keep_running(shell) -> None:
    """Makes IPython's ``exit``, ``quit`` and ``ask_exit`` raise ``SystemExit``, and its ``exit_now`` do nothing.

    Args:
        shell: the ``InteractiveShell`` of this process. Requests to shut down that come from outside still end its kernel.
    """
    shell.ask_exit = _stop_here
    shell.unobserve_all("exit_now")


def _stop_here() -> None:
    raise SystemExit("The cell stops here. The cells after it are run.")


def stopped(outputs: list[dict]) -> bool:
    """Whether a cell's outputs, in nbformat's form, say that it ended so."""
    return any(output.get("ename") == "SystemExit" for output in outputs)
