"""Reads what the benchmarks measured, so that a lesson can show a long comparison without running it again."""

from __future__ import annotations

import json
from pathlib import Path

from course_utils.errors import NotAvailableError

__all__ = ["load"]

RESULTS = Path(__file__).resolve().parent.parent / "benchmarks" / "results"


def load(name: str) -> dict:
    """Returns what one benchmark wrote.

    Args:
        name: the benchmark, such as ``"features"`` for ``benchmarks/features.py``.

    Returns:
        The contents of ``benchmarks/results/<name>.json``. Every one has the key ``"machine"``, which says on what, with
        which versions and when it was measured.

    Raises:
        NotAvailableError: there is no such result here.
    """
    path = RESULTS / f"{name}.json"
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        there = ", ".join(sorted(other.stem for other in RESULTS.glob("*.json"))) or "none"
        raise NotAvailableError(
            f"Expected what the benchmark {name!r} measured in {path}; found no such file (there are: {there}). "
            f"Run `make setup` in a whole clone of the course, or measure it: `python benchmarks/{name}.py`."
        ) from None
