"""The results of slow tests that are on file: whether they are of the tests that there are, and how they are written down."""

import subprocess
import sys

import slow_results

pytest_plugins = ["pytester"]


def test_what_is_on_file_is_of_slow_tests_that_there_are_and_they_passed():
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
    assert found and set(found) <= there_are, "take out what there is no more; make test-full runs what is missing"
    assert [test for test, result in found.items() if not result["passed"]] == []


def test_passed_and_failed_are_written_down_and_what_was_skipped_or_is_not_slow_is_not(pytester, monkeypatch):
    monkeypatch.setattr(slow_results, "FILE", pytester.path / "found.json")
    pytester.makepyfile(
        """
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

        def test_quick():
            pass
        """
    )
    pytester.makeini("[pytest]\nmarkers = slow: long")
    before = {"test_earlier.py::test_other": {"passed": True}}
    slow_results.FILE.write_text(slow_results.json.dumps(before))
    pytester.inline_run("--record-slow", plugins=[slow_results])
    name = next(iter(pytester.path.glob("test_*.py"))).name
    found = {test: result["passed"] for test, result in slow_results.on_file(slow_results.FILE).items()}
    assert found == {
        "test_earlier.py::test_other": True,
        f"{name}::test_number[1]": True,
        f"{name}::test_number[2]": False,
        f"{name}::test_whose_end_fails": False,
    }
    slow_results.FILE.unlink()
    pytester.inline_run(plugins=[slow_results])
    assert not slow_results.FILE.exists()
