"""Reads what the benchmarks measured, so that a lesson can show a long comparison without running it again."""

import json

from course_utils.errors import NotAvailableError
from course_utils.storage import ASSETS

CARRIED = ASSETS / "course" / "benchmarks" / "results"
"""In an installed package; a clone has no such folder."""

RESULTS = CARRIED if CARRIED.is_dir() else ASSETS.parents[1] / "benchmarks" / "results"


def load(name: str) -> dict:
    """Returns the contents of ``benchmarks/results/<name>.json``, which ``benchmarks/<name>.py`` wrote.

    The key ``"machine"`` says on what, with which versions and when it was measured.

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
