"""A copy of the course, the server that `make lab` starts for it, and a real Chromium: what the browser tests share."""

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

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
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
    with serving("lab", course, tmp_path_factory) as address:
        yield address


@contextlib.contextmanager
def serving(name, course, tmp_path_factory):
    """The server that a command of the course, ``lab`` or ``teach``, starts in a copy of it; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("log") / "server.txt"
    # A home of its own: nobody's Jupyter settings, open tabs or running servers play a part.
    home = tmp_path_factory.mktemp("home")
    cache = os.environ.get("COURSE_CACHE") or subprocess.run(
        [sys.executable, "-c", "from course_utils.storage import cache_root; print(cache_root())"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(course), "HOME": str(home), "COURSE_CACHE": cache}
    command = [sys.executable, "-m", "course_utils", name, "--no-browser", f"--port={port}"]
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
def chromium():
    """A real Chromium that does nothing on its own."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    assert path, "No Chromium was found; install it (apt.txt names Debian's package)."
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", *quiet])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page(server, chromium):
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(60_000)
    return page


def run_notebook(page, server, path, sources):
    """Writes a notebook of these code cells into the course, opens it in JupyterLab and runs it; returns the page."""
    path.parent.mkdir(exist_ok=True)
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    page.goto(f"{server}/lab/tree/work/{path.name}?token={TOKEN}")
    page.get_by_text(re.compile(r"Python 3 \(ipykernel\) \| Idle")).first.wait_for()
    run_every_cell(page, path)
    return page


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


def nbgrader_menu(page):
    """The titles in nbgrader's menu; none where there is no such menu."""
    menu = page.get_by_role("menuitem", name="Nbgrader", exact=True)
    if not menu.count():
        return set()
    menu.click()
    page.wait_for_timeout(500)
    return {text for text in page.locator(".lm-Menu .lm-Menu-itemLabel").all_inner_texts() if text}


def saved_notebook(path) -> dict:
    """The notebook on disk. JupyterLab empties the file before it writes it, so a reader may come in between."""
    for _ in range(50):
        with contextlib.suppress(json.JSONDecodeError):
            return json.loads(path.read_text("utf-8"))
        time.sleep(0.1)
    pytest.fail(f"{path} is no notebook, even after five seconds: {path.read_bytes()[:200]!r}")


def run_every_cell(page, path, *, within=300):
    """Runs every cell of the notebook in sight from the menu, waits, saves; returns the code cells found on disk."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells")).first.click()
    for _ in range(within):
        time.sleep(1)
        page.keyboard.press("Control+s")
        cells = [cell for cell in saved_notebook(path)["cells"] if cell["cell_type"] == "code"]
        if all(cell["execution_count"] for cell in cells) and page.get_by_text(re.compile(r"\| Idle")).count():
            return cells
    pytest.fail(f"{path.name} did not finish in JupyterLab.")
