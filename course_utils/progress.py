"""Progress bars on standard output: nbgrader takes all points from a test cell that writes to stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def progress(items: Iterable[Item], *, label: str, total: int | None = None, unit: str = "it") -> Iterator[Item]:
    """Passes ``items`` on while a bar shows how far it is; work of under a second shows nothing."""
    with bar(label=label, total=total if total is not None else _length(items), unit=unit) as shown:
        for item in items:
            yield item
            shown.update(1)


def bar(*, label: str, total: int | None, unit: str = "it", scale: bool = False):
    """Returns a tqdm bar on stdout to ``update`` by hand; use it as a context manager.

    Args:
        label: what is being done, for example ``"vgg16"``.
        total: how many units in all, or None when unknown.
        unit: the name of one unit; ``"B"`` with ``scale=True`` counts bytes.
        scale: print 1.2M instead of 1200000.
    """
    import tqdm

    return tqdm.tqdm(
        total=total,
        desc=label,
        unit=unit,
        unit_scale=scale,
        file=sys.stdout,
        delay=1.0,
        leave=False,
        dynamic_ncols=True,
    )


def _length(items: Iterable) -> int | None:
    try:
        return len(items)  # type: ignore[arg-type]
    except TypeError:
        return None
