"""Keeps what the tests that `make test` leaves out came to, in ``slow_results.json``: their last run is on file.

``make test-all`` and ``make test-jax`` pass ``--record-slow``. Every test is written down as soon as it is over, so a run
that was stopped has lost nothing, and ``--stale`` goes on with what is missing, failed, or older than the files that decide
it (`tiers.py`). A test that was skipped keeps what it had; one whose process crashed has failed. ``--sample`` adds the
sample of `.ci/run` to what `make test` runs. ``--list-stale``, which is `make stale`, runs nothing and prints what is not up
to date, of the answers to the labs too. `test_slow_results.py` holds file and tests together.
"""

from __future__ import annotations

import datetime
import json
import platform
import subprocess
from pathlib import Path

import pytest
import tiers

from authoring.checking import decides, results

FILE = Path(__file__).with_name("slow_results.json")
NOT_YET: tuple[str, ...] = (
    "tests/authoring/test_lessons.py::test_runs_on_jax_too",
    "tests/checks/test_lab4.py::",
)
"""How the names begin of those that have not been run since there is this file."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record-slow", action="store_true", help="write down what slow tests come to")
    parser.addoption("--slow-results", type=Path, default=FILE, help=f"where: by default {FILE.name}")
    parser.addoption(
        "--stale", action="store_true", help="of the slow tests only those with no result that still holds"
    )
    parser.addoption("--list-stale", action="store_true", help="run nothing; print which results are not up to date")
    parser.addoption("--sample", action="store_true", help="the quick tests, and the sample of the slow ones")


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    if not config.getoption("list_stale", False):
        return None
    print(summary())
    return 0


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("stale", False):
        config.option.markexpr = "slow and not network"
    elif config.getoption("sample", False):
        config.option.markexpr = "not network and (not slow or sample)"
    # Under xdist the reports of all processes reach the one that has no `workerinput`; it alone writes.
    if config.getoption("record_slow", False) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(config.getoption("slow_results")), "slow results")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks by what `tiers.py` says; before pytest chooses by marks."""
    for item in items:
        if tiers.left_out(item.nodeid):
            item.add_marker("slow")
        if tiers.in_sample(item.nodeid):
            item.add_marker("sample")
    if config.getoption("stale", False):
        found = on_file(config.getoption("slow_results"))
        up_to_date = [item for item in items if holds(item.nodeid, found)]
        config.hook.pytest_deselected(items=up_to_date)
        items[:] = [item for item in items if item not in set(up_to_date)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Where the sample was run, what is on file of the rest: just before pytest's closing line."""
    if config.getoption("sample", False):
        terminalreporter.section("results on file")
        terminalreporter.write_line(summary())


def on_file(file: Path = FILE) -> dict[str, dict]:
    """Returns test → ``passed``, ``seconds``, ``day``, ``system``, ``python``, the ``commit`` checked out, a hash of what it ``covers``."""
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def holds(test: str, found: dict[str, dict]) -> bool:
    """Whether a test has passed with the files that decide it as they are now."""
    result = found.get(test, {})
    return bool(result.get("passed")) and result.get("covers") == tiers.covers(test)


def stale(found: dict[str, dict]) -> list[str]:
    """A line for each test, or family of tests, whose result on file is older than what it covers."""
    families: dict[str, list[str]] = {}
    for test in found:
        families.setdefault(test.partition("[")[0], []).append(test)
    lines = []
    for family, tests in families.items():
        old = [test for test in tests if not holds(test, found)]
        if not old:
            continue
        days = sorted(found[test]["day"] for test in old)
        which = "" if len(old) > 9 else ", ".join(test.partition("[")[2].rstrip("]") for test in old)
        lines.append(
            f"{family}{f' [{which}]' if which else ''}: {len(old)} of {len(tests)}, last run {days[0]}"
            + (f" to {days[-1]}" if days[-1] != days[0] else "")
        )
    return lines


def commit(file: Path) -> str:
    """What is checked out, with ``+changes`` where more than the results differs from it; "unknown" without git."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=file.parent, capture_output=True, text=True).stdout.strip()

    try:
        changed = git("status", "--porcelain", "--", ":/", f":!{file.name}")
        return (git("rev-parse", "--short=12", "HEAD") or "unknown") + ("+changes" if changed else "")
    except OSError:
        return "unknown"


def write(file: Path, results: dict[str, dict]) -> None:
    """Writes all results, a line for each."""
    lines = (f"{json.dumps(test)}: {json.dumps(result)}" for test, result in sorted(results.items()))
    written = file.with_suffix(".part")
    written.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    written.replace(file)


class Recorder:
    """Collects the phases of each slow test and writes the test down when its last one is over."""

    def __init__(self, file: Path) -> None:
        """Nothing is written before a slow test has run."""
        self.file = file
        self.phases: dict[str, list[pytest.TestReport]] = {}
        self.commit = commit(file)
        decides.files()  # as they are before the first test; what is changed meanwhile makes a result stale

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if "slow" not in report.keywords:
            return
        self.phases.setdefault(report.nodeid, []).append(report)
        if report.when != "teardown":
            return
        phases = self.phases.pop(report.nodeid)
        if not any(phase.skipped for phase in phases):
            self.write(report.nodeid, all(phase.passed for phase in phases), sum(phase.duration for phase in phases))

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str) -> None:
        """xdist's word for a test whose process ended in it; whether that test is slow is known if it is on file."""
        if crashitem in on_file(self.file) or tiers.left_out(crashitem):
            self.write(crashitem, False, 0.0)

    def write(self, test: str, passed: bool, seconds: float) -> None:
        """Puts one test into the file, in place of what was there."""
        result = {
            "passed": passed,
            "seconds": round(seconds, 1),
            "day": datetime.date.today().isoformat(),
            "commit": self.commit,
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "covers": tiers.covers(test),
        }
        write(self.file, on_file(self.file) | {test: result})


def summary() -> str:
    """Which results on file are older than the files they cover, in lines."""
    lines = stale(on_file()) + [f"{start}: never run" for start in NOT_YET]
    lines += [f"make lab-check: {line}" for line in results.stale()]
    if not lines:
        return "Every result on file is of the code as it is."
    return "\n".join(["Older than the code they cover (`make test-all ARGS=--stale` runs these):", *lines])
