"""Progress bars and lines on standard output: nbgrader takes all points from a test cell that writes to stderr."""

from __future__ import annotations

import contextlib
import sys


def progress_bar(*, label: str, total: int | None, unit: str = "it", scale: bool = False):
    """Returns a tqdm bar on stdout to ``update`` by hand; work of under a second shows nothing.

    Args:
        label: what is being done, for example ``"vgg16"``.
        total: how many units in all, or None when unknown.
        unit: the name of one unit; ``"B"`` with ``scale=True`` counts bytes.
        scale: print 1.2M instead of 1200000.

    Returns:
        A context manager.
    """
    import tqdm

    settings = {"desc": label, "total": total, "unit": unit, "unit_scale": scale}
    return tqdm.tqdm(**settings, file=sys.stdout, delay=1.0, leave=False, dynamic_ncols=True)


def say(text: str) -> None:
    """Prints text; neither a terminal that cannot show a letter nor a reader that has left ends the run."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    with contextlib.suppress(OSError, ValueError):
        print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)
