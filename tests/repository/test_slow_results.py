"""The results of slow tests that are on file: whether they are of the tests that there are, and how they are written down."""

import os
import platform
import subprocess
import sys

import pytest
import slow_results
import tiers

from authoring.checking import decides

pytest_plugins = ["pytester"]

REMEMBERED = (decides.files, decides._imported_by, decides.imports, decides.chosen, tiers.covers)


LIST = """
import sys, pytest
class Lister:
    def pytest_collection_finish(self, session):
        for item in session.items:
            marks = [name for name in ("slow", "sample") if item.get_closest_marker(name)]
            print("listed", "+".join(marks) or "quick", item.nodeid)
sys.exit(pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", "-m", "not network", "tests", "grader/tests"], plugins=[Lister()]))
"""


@pytest.fixture(scope="module")
def listed():
    """Every test that is not `network`, those of them that `make test` runs, and these with the sample."""
    done = subprocess.run([sys.executable, "-c", LIST], cwd=decides.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    marks = {line.split(" ", 2)[2]: line.split(" ", 2)[1] for line in done.stdout.splitlines() if line[:7] == "listed "}
    quick = {test for test, marked in marks.items() if "slow" not in marked}
    return set(marks), quick, quick | {test for test, marked in marks.items() if "sample" in marked}


def test_what_make_test_leaves_out_is_on_file_and_passed(listed):
    everything, quick, _ = listed
    there_are, found = everything - quick, slow_results.on_file()
    assert len(there_are) > 390
    assert set(found) <= there_are, "take out what there is no more"
    missing = {test for test in there_are - set(found) if not test.startswith(slow_results.NOT_YET)}
    assert missing == set(), "run: make test-all ARGS=--stale"
    assert [test for test, result in found.items() if not result["passed"]] == []


def test_what_has_been_run_is_not_said_to_have_never_been(listed):
    everything, quick, _ = listed
    missing = everything - quick - set(slow_results.on_file())
    assert [start for start in slow_results.NOT_YET if not any(test.startswith(start) for test in missing)] == []


def test_make_test_has_a_browser_a_cycle_a_sandbox_the_published_tables_and_an_answer_of_each_kind(listed):
    _, quick, _ = listed
    named = (
        "repository/test_browser",
        "grading/test_nbgrader_cycle",
        "models/test_published_tables",
        "authoring/test_lab_answers",
    )
    files = [f"tests/{file}.py::" for file in named]
    for file in (*files, "grader/tests/test_engine.py::", "grader/tests/test_sandbox.py::"):
        assert any(test.startswith(file) for test in quick), file
    assert quick >= tiers.QUICK


def test_every_name_of_a_tier_is_of_a_test_that_there_is_and_the_sample_has_reasons(listed):
    everything, quick, sampled = listed
    for start in (*tiers.SLOW, *tiers.SAMPLE):
        assert any(test.startswith(start) for test in everything), start
    assert sampled == quick | {test for test in everything if tiers.in_sample(test)}
    assert all(len(reason) > 20 for reason in tiers.SAMPLE.values())


def test_every_slow_test_covers_its_own_file_and_some_of_the_course(listed):
    everything, quick, _ = listed
    for test in everything - quick:
        files = tiers.covered(test)
        assert test.partition("::")[0] in files and "requirements.lock" in files, test
        assert sum(name.startswith(("course_utils/", "grader/src/")) for name in files) > 5, test


def test_a_test_of_one_lab_covers_that_lab_and_not_the_others():
    files = set(tiers.covered(f"{tiers.WORKED}[one-lab3]"))
    assert {"authoring/labs/lab3/notebook.py", "grader/src/nbgrader_isolated/wire/encode.py"} <= files
    assert any(name.startswith("course_utils/") and "lab3" in name for name in files)
    others = ("authoring/labs/lab1/", "authoring/labs/lab3/answers/", "grader/src/nbgrader_isolated/sandbox/bubblewrap")
    assert [name for name in files if name.startswith(others)] == []


def test_a_result_holds_until_a_file_that_it_covers_changes(tmp_path, monkeypatch):
    test = "tests/commands/test_doctor.py::test_some"
    (tmp_path / "course_utils").mkdir()
    (tmp_path / "course_utils" / "doctor.py").write_text("one")
    (tmp_path / "README.md").write_text("one")
    monkeypatch.setattr(decides, "ROOT", tmp_path)

    def holds(result):
        for remembered in REMEMBERED:
            remembered.cache_clear()
        return slow_results.holds(test, {test: result})

    try:
        assert not holds({"passed": True, "covers": ""})
        result = {"passed": True, "covers": tiers.covers(test), "day": "2026-01-02"}
        assert holds(result) and not holds(result | {"passed": False})
        (tmp_path / "README.md").write_text("two")
        (tmp_path / "course_utils" / "__pycache__").mkdir()
        (tmp_path / "course_utils" / "__pycache__" / "doctor.pyc").write_text("two")
        assert holds(result) and slow_results.stale({test: result}) == []
        (tmp_path / "course_utils" / "doctor.py").write_text("two")
        assert not holds(result)
        assert slow_results.stale({test: result}) == [f"{test}: 1 of 1, last run 2026-01-02"]
        (tmp_path / "course_utils" / "doctor.py").write_text("one")
        (tmp_path / "course_utils" / "more.py").write_text("one")
        assert not holds(result)
    finally:
        monkeypatch.undo()
        for remembered in REMEMBERED:
            remembered.cache_clear()


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
    pytester.makeini("[pytest]\nmarkers =\n  slow: long\n  sample: of those")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(slow_results.FILE.parent), str(decides.ROOT)]))
    file = pytester.path / "found.json"
    arguments = ("-p", "slow_results", "-n", "1", "--slow-results", file)
    pytester.runpytest_subprocess(*arguments)
    assert not file.exists()

    file.write_text('{"test_earlier.py::test_other": {"passed": true}}')
    expected = {"test_earlier.py::test_other": True, "test_some.py::test_that_takes_its_process_along": True}
    expected |= {f"test_some.py::test_number[{number}]": number == 1 for number in (1, 2)}
    expected |= {"test_some.py::test_whose_end_fails": False}
    pytester.runpytest_subprocess(*arguments, "--record-slow")
    assert slow_results.on_file(file)["test_some.py::test_number[1]"]["python"] == platform.python_version()
    assert {test: result["passed"] for test, result in slow_results.on_file(file).items()} == expected
    monkeypatch.setenv("CRASH", "1")
    pytester.runpytest_subprocess(*arguments, "--record-slow")
    expected["test_some.py::test_that_takes_its_process_along"] = False
    assert {test: result["passed"] for test, result in slow_results.on_file(file).items()} == expected

    # What failed, crashed or is older than its files runs again; what holds does not.
    monkeypatch.delenv("CRASH")
    pytester.runpytest_subprocess(*arguments, "--record-slow")
    done = pytester.runpytest_subprocess(*arguments, "--stale", "-v")
    done.assert_outcomes(failed=1, errors=1, passed=1, skipped=1)


def test_the_sample_is_run_with_the_quick_tests_and_what_is_on_file_is_said_before_the_closing_line(
    pytester, monkeypatch
):
    sampled = "@pytest.mark.sample\n@pytest.mark.slow\ndef test_sampled():\n    pass\n"
    pytester.makepyfile(test_some=f"{TESTS}\n{sampled}")
    pytester.makeini("[pytest]\nmarkers =\n  slow: long\n  sample: of those\naddopts = -m 'not slow'")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(slow_results.FILE.parent), str(decides.ROOT)]))
    done = pytester.runpytest_subprocess("-p", "slow_results", "--sample")
    done.assert_outcomes(passed=2, deselected=5)
    assert "results on file" in str(done.outlines) and "2 passed" in done.outlines[-1]
