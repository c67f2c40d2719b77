"""What every test relies on: the package's settings are in force before NumPy or TensorFlow is loaded.

And the order of tests: `make test` gives whole files to two processes, since a file's tests share what is costly to set up, so
the longest files go first; within a file, the tests of one lesson or one lab come one after the other.
"""

import os
import sys
from pathlib import Path

import hypothesis
import pytest

import course_utils  # noqa: F401

# nbgrader starts `alembic` by its name.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"

# For every change the same generated examples; anywhere else new ones are looked for.
hypothesis.settings.register_profile("every change", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("every change")

pytest_plugins = ["browsing", "slow_results"]  # the fixtures of the browser tests; what slow tests came to

BY_PARAMETER = {"test_lessons.py": "run", "test_labs.py": "name"}
LONGEST_FIRST = (
    "test_labs_engine",
    "test_labs",
    "test_lessons",
    "test_demo",
    "test_nbgrader_cycle",
)
LONGEST_FIRST += ("test_check_command", "test_browser", "test_grading")


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")  # Matplotlib warns at the 21st, and a warning fails the test that happens to draw it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def order(item: pytest.Item) -> tuple[int, str, str]:
        file = item.path.stem
        rank = next((i for i, start in enumerate(LONGEST_FIRST) if file.startswith(start)), len(LONGEST_FIRST))
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        one = parameters.get(BY_PARAMETER.get(item.path.name))
        return rank, file, str(getattr(one, "stem", one))

    items.sort(key=order)
