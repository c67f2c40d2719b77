"""A newcomer's path in a real JupyterLab and a real Chromium: the server that `make lab` starts, lesson 1, its quiz."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[1]
LESSON = "lessons/01_using_pretrained_networks.ipynb"
TOKEN = "a-token-for-this-test"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of what is in the repository, so that nobody's own work/ is touched."""
    copy = tmp_path_factory.mktemp("course") / "transfer learning"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def server(course, tmp_path_factory):
    """What `make lab ARGS=--no-browser` runs, without the opening of a browser window; its address is returned."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("log") / "server.txt"
    # A home of its own: nobody's Jupyter settings, open tabs or running servers play a part.
    home = tmp_path_factory.mktemp("home")
    cache = os.environ.get("COURSE_CACHE") or subprocess.run(
        [sys.executable, "-c", "from course_utils.store import cache_root; print(cache_root())"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(course), "HOME": str(home), "COURSE_CACHE": cache}
    command = [sys.executable, "-m", "course_utils", "lab", "--no-browser", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"]
    with open(log, "w") as output:
        process = subprocess.Popen(
            command, cwd=course, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        for _ in range(240):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={TOKEN}", timeout=5).close()
                break
            assert process.poll() is None, log.read_text()
            time.sleep(0.5)
        else:
            pytest.fail(f"The server did not answer within two minutes:\n{log.read_text()}")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


@pytest.fixture(scope="module")
def page(server):
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    assert chromium, "No Chromium was found; install it (apt.txt names Debian's package)."
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", *quiet])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(60_000)
        yield page
        browser.close()


@pytest.fixture(scope="module")
def lesson(page, server, course):
    """Lesson 1 opened from the file list, run with the menu, and saved; the executed notebook is returned."""
    page.goto(f"{server}/?token={TOKEN}")
    page.get_by_role("region", name="File Browser Section").get_by_text("lessons", exact=True).dblclick()
    page.get_by_text("01_using_pretrained_networks.ipynb").first.dblclick()
    page.get_by_role("heading", name="1 · Using pretrained networks").first.wait_for()
    page.get_by_text("Python 3 (ipykernel) | Idle").first.wait_for()  # in the status bar
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells")).first.click()
    executed = course / "work" / LESSON
    for _ in range(300):  # the browser saves; the test reads what a reader would find on disk
        time.sleep(1)
        page.keyboard.press("Control+s")
        cells = [c for c in json.loads(executed.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]
        if all(cell["execution_count"] for cell in cells) and cells[-1]["outputs"]:
            return cells
    pytest.fail("Lesson 1 did not finish in JupyterLab.")


def test_the_server_opens_at_the_students_own_folder_with_every_kernel(page, server):
    page.goto(f"{server}/?token={TOKEN}")
    page.get_by_title("Transfer learning (CPU)").first.wait_for()
    assert page.get_by_title("Transfer learning (GPU)").first.is_visible()
    files = page.get_by_role("region", name="File Browser Section")
    assert files.get_by_text("lessons", exact=True).is_visible()
    assert files.get_by_text("labs", exact=True).is_visible()
    assert files.get_by_text("course_utils", exact=True).count() == 0, "this is the repository, not work/"


def test_nothing_stands_between_a_newcomer_and_the_notebooks(page, server):
    page.goto(f"{server}/?token={TOKEN}")
    page.get_by_title("Transfer learning (CPU)").first.wait_for()
    page.wait_for_timeout(3000)  # the question about news used to appear a moment after the launcher
    assert page.get_by_text("official Jupyter news").count() == 0
    assert page.get_by_role("dialog").count() == 0


def test_lesson_one_runs_in_jupyterlab_and_classifies_real_photographs(lesson, page):
    outputs = [output for cell in lesson for output in cell["outputs"]]
    assert [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"] == []
    figures = ["".join(o["data"]["text/html"]) for o in outputs if "text/html" in o.get("data", {})]
    assert any('alt="Coffee. ' in figure and "espresso 9" in figure for figure in figures)


def test_the_figure_with_five_bars_is_seen_with_its_description(lesson, page):
    picture = scroll_to(page, page.locator('img[alt^="Coffee. "]'))
    assert picture.is_visible()
    assert picture.evaluate("image => image.naturalWidth") > 400


def test_the_quiz_answers_when_it_is_clicked(lesson, page):
    question = scroll_to(page, page.get_by_text("Its early and middle layers already turn pixels").first)
    question.click()
    page.get_by_role("button", name="Check answer 1").click()
    page.get_by_text("Learning those takes far more pictures").first.wait_for(state="visible")


def scroll_to(page, target):
    """JupyterLab draws only the cells that are in sight, so a reader has to scroll, and so does the test."""
    panel = page.locator(".jp-WindowedPanel-outer").first
    panel.evaluate("panel => panel.scrollTo(0, 0)")
    for _ in range(150):
        if target.count() and target.first.is_visible():
            target.first.scroll_into_view_if_needed()
            return target.first
        panel.hover()
        page.mouse.wheel(0, 500)
        page.wait_for_timeout(150)
    pytest.fail(f"{target} was not found anywhere in the notebook.")
