"""Progress bars and lines on standard output: nbgrader takes all points from a test cell that writes to stderr."""

import contextlib
import sys


def progress_bar(*, label: str, total: int | None, unit: str = "it", scale: bool = False, shown: bool = True):
    """Returns a tqdm bar on stdout, a context manager to ``update`` by hand; work of under a second shows nothing.

    ``total`` is how many units there are in all, or None when unknown; ``"B"`` with ``scale=True`` counts bytes.
    """
    import tqdm

    settings = {"desc": label, "total": total, "unit": unit, "unit_scale": scale, "disable": not shown}
    return tqdm.tqdm(**settings, file=sys.stdout, delay=1.0, leave=False, dynamic_ncols=True)


def say(text: str) -> None:
    """Prints text; neither a terminal that cannot show a letter nor a reader that has left ends the run."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    with contextlib.suppress(OSError, ValueError):
        print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)
