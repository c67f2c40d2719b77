"""Keeps what tests marked `slow` came to in ``slow_results.json``: they are too long for every change, so their last run is on file.

``make test-full`` and ``make test-jax`` pass ``--record-slow``. Every test is written down as soon as it is over, so a run
that was stopped has lost nothing. A test that was skipped keeps what it had; one whose process crashed has failed.
`test_slow_results.py` holds file and tests together.
"""

from __future__ import annotations

import datetime
import json
import subprocess
from pathlib import Path

import pytest

FILE = Path(__file__).with_name("slow_results.json")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record-slow", action="store_true", help="write down what slow tests come to")
    parser.addoption("--slow-results", type=Path, default=FILE, help=f"where: by default {FILE.name}")


def pytest_configure(config: pytest.Config) -> None:
    # Under xdist the reports of all processes reach the one that has no `workerinput`; it alone writes.
    if config.getoption("record_slow", False) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(config.getoption("slow_results")), "slow results")


def on_file(file: Path = FILE) -> dict[str, dict]:
    """Returns test → ``passed``, ``seconds``, ``day`` and the ``commit`` that was checked out."""
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def commit(file: Path) -> str:
    """What is checked out, with ``+changes`` where more than the results differs from it; "unknown" without git."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=file.parent, capture_output=True, text=True).stdout.strip()

    try:
        changed = git("status", "--porcelain", "--", ":/", f":!{file.name}")
        return (git("rev-parse", "--short=12", "HEAD") or "unknown") + ("+changes" if changed else "")
    except OSError:
        return "unknown"


class Recorder:
    """Collects the phases of each slow test and writes the test down when its last one is over."""

    def __init__(self, file: Path) -> None:
        """Nothing is written before a slow test has run."""
        self.file = file
        self.phases: dict[str, list[pytest.TestReport]] = {}
        self.commit = commit(file)

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
        if crashitem in on_file(self.file):
            self.write(crashitem, False, 0.0)

    def write(self, test: str, passed: bool, seconds: float) -> None:
        """Puts one test into the file, in place of what was there."""
        result = {
            "passed": passed,
            "seconds": round(seconds, 1),
            "day": datetime.date.today().isoformat(),
            "commit": self.commit,
        }
        found = on_file(self.file) | {test: result}
        written = self.file.with_suffix(".part")
        written.write_text(json.dumps(dict(sorted(found.items())), indent=1) + "\n", "utf-8")
        written.replace(self.file)
