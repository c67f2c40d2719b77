"""Keeps what tests marked `slow` came to in ``slow_results.json``: they are too long for every change, so their last run is on file.

``make test-full`` and ``make test-jax`` pass ``--record-slow``. Every test is written down as soon as it is over, so a run
that was stopped has lost nothing; a test that was skipped is not written down. `test_slow_results.py` holds file and tests together.
"""

from __future__ import annotations

import datetime
import json
import subprocess
from pathlib import Path

import pytest

FILE = Path(__file__).with_name("slow_results.json")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record-slow", action="store_true", help=f"write results of slow tests into {FILE.name}")


def pytest_configure(config: pytest.Config) -> None:
    # Under xdist the reports of all processes reach the one that has no `workerinput`; it alone writes.
    if config.getoption("record_slow", False) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(FILE), "slow results")


def on_file(file: Path = FILE) -> dict[str, dict]:
    """Returns test → ``passed``, ``seconds``, ``day`` and the ``commit`` that was checked out."""
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


class Recorder:
    """Collects the phases of each slow test and writes the test down when its last one is over."""

    def __init__(self, file: Path) -> None:
        """Nothing is written before a slow test has run."""
        self.file = file
        self.phases: dict[str, list[pytest.TestReport]] = {}
        described = ["git", "describe", "--always", "--abbrev=12", "--dirty=+changes"]
        self.commit = subprocess.run(described, cwd=file.parent, capture_output=True, text=True).stdout.strip()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if "slow" not in report.keywords:
            return
        self.phases.setdefault(report.nodeid, []).append(report)
        if report.when != "teardown":
            return
        phases = self.phases.pop(report.nodeid)
        if any(phase.skipped for phase in phases):
            return
        found = on_file(self.file) | {
            report.nodeid: {
                "passed": all(phase.passed for phase in phases),
                "seconds": round(sum(phase.duration for phase in phases), 1),
                "day": datetime.date.today().isoformat(),
                "commit": self.commit or "unknown",
            }
        }
        written = self.file.with_suffix(".part")
        written.write_text(json.dumps(dict(sorted(found.items())), indent=1) + "\n", "utf-8")
        written.replace(self.file)
