"""nbgrader's own tests, from its distribution, in a course that is configured for this grader.

`docs/nbgrader-tests.md` says how many of each file pass, and why the others do not. What comes out otherwise fails here: another
test that fails, and one that is listed and passes.
"""

from __future__ import annotations

import getpass
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import nbgrader
import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "nbgrader-tests.md").read_text("utf-8")
APPS = Path(nbgrader.__file__).parent / "tests" / "apps"
CONFIGURED = """
from nbgrader_isolated.plugin.configure import configure

c = get_config()
configure(c)
c.ExchangeFactory.collect = "nbgrader_isolated.plugin.collect.Collect"
c.ExchangeFactory.release_assignment = "nbgrader_isolated.plugin.exchange.ReleaseAssignment"
"""


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading of the page, without its first two lines."""
    part = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


NUMBERS = {cells[0].strip("`"): [int(number) for number in cells[1:]] for cells in rows("How many pass")}
DIFFER = [tuple(cell.strip("`") for cell in cells[:2]) for cells in rows("What differs")]


def outcomes(file: str, tmp_path: Path) -> dict[str, str]:
    """Runs a file of nbgrader's tests; returns what each came to: passed, failed, or skipped by nbgrader itself."""
    (tmp_path / "jupyter").mkdir()
    (tmp_path / "jupyter" / "nbgrader_config.py").write_text(CONFIGURED)
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(tmp_path), "--tb=short"]
    command += ["-p", "no:cacheprovider", "-p", "no:xdist", f"--junitxml={report}", str(APPS / file)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "JUPYTER"))}
    environment |= {"JUPYTER_CONFIG_DIR": str(tmp_path / "jupyter"), "HOME": str(tmp_path), "USER": getpass.getuser()}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert report.exists(), done.stdout[-3000:] + done.stderr[-3000:]
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = {child.tag for child in case}
        found[case.get("name")] = (
            "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        )
    print(done.stdout[-20_000:])  # pytest shows it where the numbers are others
    return found


@pytest.mark.parametrize("file", NUMBERS)
def test_what_nbgraders_own_tests_come_to_is_what_the_page_says(file, tmp_path):
    found = outcomes(file, tmp_path)
    assert {name for name, outcome in found.items() if outcome == "failed"} == {
        test for of, test in DIFFER if of == file
    }
    counted = [list(found.values()).count(outcome) for outcome in ("passed", "failed", "skipped")]
    assert counted == NUMBERS[file]


def test_the_page_leaves_out_no_file_and_every_difference_is_one_of_nbgraders_tests():
    wanted = re.compile(
        r"test_nbgrader_(autograde|generate_feedback|\w*collect|export|\w*feedback|formgrade)\.py|test_api\.py"
    )
    assert {path.name for path in APPS.glob("test_*.py") if wanted.fullmatch(path.name)} == {*NUMBERS}
    for file, test in DIFFER:
        assert f"def {test.partition('[')[0]}(" in (APPS / file).read_text("utf-8"), test
    for file, (_, differ, _) in NUMBERS.items():
        assert [of for of, _ in DIFFER].count(file) == differ, file
    assert NUMBERS["test_nbgrader_autograde.py"][1] <= 6
