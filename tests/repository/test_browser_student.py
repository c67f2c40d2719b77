"""A student's path through lab 2 in a real JupyterLab: run, fill in, see *right*, validate, submit to the exchange."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from browsing import ROOT, TOKEN, nbgrader_menu, saved_notebook, scroll_to

sys.path.insert(0, str(ROOT / "tools"))

import sample_class

pytestmark = pytest.mark.browser

LAB = "lab2"
ANSWERS = sample_class.answers(ROOT / "solutions" / LAB / f"{LAB}.ipynb")


def mine(course):
    return course / "work/labs" / LAB / f"{LAB}.ipynb"


def checks_of(notebook):
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
        and cell["metadata"].get("nbgrader", {}).get("grade")
        and not cell["metadata"]["nbgrader"].get("solution")
    }


def verdicts(path) -> dict[str, str]:
    """What the checks in a saved notebook said: the first line of each."""
    said = {}
    for name, cell in checks_of(saved_notebook(path)).items():
        texts = ["".join(out["data"]["text/plain"]) for out in cell["outputs"] if out["output_type"] == "display_data"]
        said[name] = texts[-1].splitlines()[0] if texts else ""
    return said


def confirm(page):
    """Presses the button of JupyterLab's dialog that says yes."""
    page.locator(".jp-Dialog button.jp-mod-accept").click()


def run_all(page, path, *, within=300):
    """Restarts the kernel, runs every cell from the menu, waits, saves; returns what the checks said."""
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Restart Kernel and Run All Cells")).click()
    confirm(page)
    page.wait_for_timeout(2000)
    for _ in range(within):
        time.sleep(1)
        page.keyboard.press("Control+s")
        cells = [c for c in saved_notebook(path)["cells"] if c["cell_type"] == "code"]
        if cells[-1]["execution_count"] and page.get_by_text(re.compile(r"\| Idle")).count():
            page.wait_for_timeout(1500)
            page.keyboard.press("Control+s")
            page.wait_for_timeout(1500)
            return verdicts(path)
    pytest.fail(f"{path.name} did not finish in JupyterLab.")


@pytest.fixture(scope="module")
def course(course):
    """The copy after an instructor has generated and released the lab in it: there is an exchange when a student starts."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for command in ("generate_assignment", "release_assignment"):
        done = subprocess.run(
            ["nbgrader", command, LAB], cwd=course, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return course


@pytest.fixture(scope="module")
def opened(page, server, course):
    """Lab 2 opened from the file list, as `make lab` shows it."""
    page.goto(f"{server}/lab/tree/work/labs/{LAB}/{LAB}.ipynb?token={TOKEN}")
    page.get_by_role("heading", name=re.compile("^Lab 2")).first.wait_for()
    page.get_by_text(re.compile(r"Python 3 \(ipykernel\) \| Idle")).first.wait_for()
    return page


@pytest.fixture(scope="module")
def untouched(opened, course):
    return run_all(opened, mine(course))


@pytest.fixture(scope="module")
def answered(opened, untouched, course):
    """The answers go into the file, the browser takes it in again, and everything runs anew."""
    path = mine(course)
    filled = nbformat.reads(sample_class.fill_in(path, ANSWERS).decode(), as_version=4)
    for cell in filled.cells:
        if cell.cell_type == "code":  # what the first run left behind must not look like the second one's
            cell.outputs, cell.execution_count = [], None
    nbformat.write(filled, path)
    opened.get_by_role("menuitem", name="File", exact=True).click()
    opened.get_by_role("menuitem", name=re.compile("^Reload Notebook from Disk")).click()
    opened.wait_for_timeout(2000)
    if opened.locator(".jp-Dialog").count():  # asked only where something has not been saved
        confirm(opened)
        opened.wait_for_timeout(2000)
    return run_all(opened, path)


def test_an_untouched_lab_runs_and_says_not_attempted_everywhere(untouched):
    assert len(untouched) >= 4
    assert {line.split(":")[0] for line in untouched.values()} == {"○ Not attempted"}


def test_answered_in_full_every_check_says_right(answered):
    assert {line.split(":")[0] for line in answered.values()} == {"✔ Right"}


def test_the_verdict_is_seen_in_the_notebook(answered, opened):
    assert scroll_to(opened, opened.locator("strong", has_text="✔ Right").first).is_visible()


def test_the_validate_button_says_that_all_tests_pass(answered, opened):
    opened.get_by_role("button", name="Validate").first.click()
    opened.get_by_text("Success! Your notebook passes all the tests.").first.wait_for(timeout=300_000)
    confirm(opened)


def test_the_lab_is_submitted_from_the_assignment_list(answered, opened, course):
    assert nbgrader_menu(opened) == {"Assignment List"}, "the other panels are instructors'"
    opened.get_by_role("menuitem", name="Assignment List").click()
    downloaded = opened.locator("#fetched_assignments_list")
    downloaded.get_by_text(LAB, exact=True).first.wait_for()
    downloaded.get_by_role("button", name="Submit").first.click()
    inbound = course / "exchange/transfer-learning/inbound"
    for _ in range(60):
        if list(inbound.glob("*")):
            break
        time.sleep(1)
    (handed_in,) = inbound.glob("*")
    notebook = nbformat.read(handed_in / f"{LAB}.ipynb", as_version=4)
    assert all(cell["outputs"] for cell in checks_of(notebook).values())


def test_a_check_that_is_run_after_a_restart_says_in_words_what_to_do(answered, opened, course):
    opened.get_by_role("tab", name=f"{LAB}.ipynb").first.click()  # back from the list of assignments
    opened.get_by_role("menuitem", name="Kernel", exact=True).click()
    opened.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).click()
    confirm(opened)
    opened.get_by_text(re.compile(r"Python 3 \(ipykernel\) \| Idle")).first.wait_for()
    check = scroll_to(opened, opened.locator(".jp-CodeCell", has_text="lab2.build_extractor(build_extractor"))
    check.locator(".cm-content").click()
    opened.keyboard.press("Shift+Enter")
    words = opened.get_by_text("In words: no cell that has been run since the kernel started defines this name")
    words.first.wait_for(timeout=60_000)
    assert scroll_to(opened, words.first).is_visible()
