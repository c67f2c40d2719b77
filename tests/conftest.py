"""What every test relies on: the package's settings are in force before NumPy or TensorFlow is loaded.

And how tests are shared out when several processes run them (`make test` starts two): a file's tests stay together,
because they share what is costly to set up; the tests of one lesson or one lab stay together too, and the longest go first.
"""

import pytest

import course_utils  # noqa: F401

pytest_plugins = ["browsing"]  # the fixtures of the browser tests

BY_PARAMETER = {"test_lessons.py": "run", "test_labs.py": "name"}
LONGEST_FIRST = ("test_demo", "test_nbgrader_cycle", "test_labs", "test_lessons", "test_grading", "test_browser")


def group_of(item: pytest.Item) -> str:
    """Names what an item must run beside: its file, and its lesson or lab where the file has several."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    one = parameters.get(BY_PARAMETER.get(item.path.name))
    return f"{item.path.stem} {getattr(one, 'stem', one)}" if one else item.path.stem


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def urgency(item: pytest.Item) -> tuple[int, str]:
        rank = next(
            (i for i, start in enumerate(LONGEST_FIRST) if item.path.stem.startswith(start)), len(LONGEST_FIRST)
        )
        return rank, group_of(item)

    for item in items:
        item.add_marker(pytest.mark.xdist_group(group_of(item)))
    items.sort(key=urgency)
