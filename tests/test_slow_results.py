"""The results of slow tests that are on file: whether they are of the tests that there are, and how they are written down."""

import subprocess
import sys

import slow_results

pytest_plugins = ["pytester"]


NOT_YET = (
    "tests/test_benchmarks.py::",
    "tests/test_lessons.py::test_runs_on_jax_too",
)
"""How the names begin of those that have not been run since there is this file."""


def test_slow_tests_are_on_file_and_passed():
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "--quiet", "-m", "slow", "-p", "no:cacheprovider", "tests"],
        cwd=slow_results.FILE.parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    there_are = {line for line in listed.stdout.splitlines() if "::" in line}
    found = slow_results.on_file()
    assert len(there_are) > 30
    assert set(found) <= there_are, "take out what there is no more"
    missing = {test for test in there_are - set(found) if not test.startswith(NOT_YET)}
    assert missing == set(), "make test-full runs them, or pytest -m slow --record-slow"
    assert [test for test, result in found.items() if not result["passed"]] == []


TESTS = """
import os
import pytest

@pytest.fixture
def breaks():
    yield
    assert False

@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_number(number):
    assert number == 1

@pytest.mark.slow
def test_whose_end_fails(breaks):
    pass

@pytest.mark.slow
@pytest.mark.skipif(True, reason="not here")
def test_elsewhere():
    pass

@pytest.mark.slow
def test_that_takes_its_process_along():
    if "CRASH" in os.environ:
        os._exit(1)

def test_quick():
    pass
"""


def test_passed_failed_and_crashed_are_written_down_and_what_was_skipped_or_is_not_slow_is_not(pytester, monkeypatch):
    pytester.makepyfile(test_some=TESTS)
    pytester.makeini("[pytest]\nmarkers = slow: long")
    monkeypatch.setenv("PYTHONPATH", str(slow_results.FILE.parent))
    file = pytester.path / "found.json"
    arguments = ("-p", "slow_results", "-n", "1", "--slow-results", file)
    pytester.runpytest_subprocess(*arguments)
    assert not file.exists()

    file.write_text('{"test_earlier.py::test_other": {"passed": true}}')
    expected = {"test_earlier.py::test_other": True, "test_some.py::test_that_takes_its_process_along": True}
    expected |= {f"test_some.py::test_number[{number}]": number == 1 for number in (1, 2)}
    expected |= {"test_some.py::test_whose_end_fails": False}
    pytester.runpytest_subprocess(*arguments, "--record-slow")
    assert {test: result["passed"] for test, result in slow_results.on_file(file).items()} == expected
    monkeypatch.setenv("CRASH", "1")
    pytester.runpytest_subprocess(*arguments, "--record-slow")
    expected["test_some.py::test_that_takes_its_process_along"] = False
    assert {test: result["passed"] for test, result in slow_results.on_file(file).items()} == expected
