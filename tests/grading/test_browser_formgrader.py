"""The formgrader in a real Chromium: its Autograde button goes through the engine, and nothing of a student's acts in it."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from browsing import TOKEN
from nbgrader.api import Gradebook
from test_command import ENVIRONMENT, nbgrader
from test_engine import cell

pytestmark = pytest.mark.browser

HIDDEN = "hidden line 2209"
MARK = "document.documentElement.setAttribute('data-attacked', 'yes')"
SCRIPT = f"<script>{MARK}</script>"
IMAGE = f'<img src="nowhere" onerror="{MARK}">'
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="{MARK}">{SCRIPT}</svg>'
# No brackets and no spaces, so that Markdown takes it for an address; a browser decodes it before it runs it.
RUNS = f"javascript:{MARK.replace('(', '%28').replace(')', '%29').replace(' ', '')}"
LINKS = [
    f"[my figure]({RUNS})",
    f"[my figure](files/{RUNS})",
    f"[my figure][1]\n\n[1]: {RUNS}",
    f'<a href="{RUNS}">my figure</a>',
]
CONFIG = """
from nbgrader_isolated.plugin.configure import configure
configure(c)
c.CourseDirectory.root = COURSE
c.GradingEngine.cell_seconds = 120
"""
THOUGHTS = {
    "cell_type": "markdown",
    "id": "thoughts",
    "metadata": {
        "nbgrader": {"grade_id": "thoughts", "grade": True, "solution": True, "locked": False, "points": 3}
        | {"schema_version": 3, "task": False}
    },
    "source": "Your thoughts.",
}
LAB = [
    cell("def double(x):\n    return 2 * x", "answer", "double"),
    cell(
        f"assert double(2) == 4\n### BEGIN HIDDEN TESTS\nassert double(0.5) == 1, 'halves too'  # {HIDDEN}\n### END HIDDEN TESTS",
        "test",
        "test-double",
        2,
    ),
    cell("label = 'right'", "answer", "label"),
    cell("assert label == 'right', f'The label is {label}'", "test", "test-label", 4),
    THOUGHTS,
]


def notebook(cells: list[dict], **metadata: object) -> str:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": cells, "metadata": {**kernel, **metadata}, "nbformat": 4, "nbformat_minor": 5})


def attack() -> str:
    """A script in source, output, SVG, attachment, links, metadata and, through a variable, in the message of a check."""
    made = json.loads(json.dumps(LAB))
    made[0]["source"] = "def double(x):\n    return 4  # " + SCRIPT
    made[0]["metadata"]["tags"] = [SCRIPT, IMAGE]
    made[2]["source"] = (
        f"from IPython.display import HTML, SVG, Javascript, display\nprint({SCRIPT!r})\n"
        f"display(HTML({IMAGE + SCRIPT!r}), SVG({SVG!r}), Javascript({MARK!r}))\nlabel = {IMAGE + SCRIPT!r}"
    )
    said = ["Thoughts of mine.", f"{SCRIPT}{IMAGE}{SVG}", "![x](attachment:x.svg)", *LINKS]
    made[4]["source"] = "\n\n".join(said)
    made[4]["attachments"] = {"x.svg": {"image/svg+xml": base64.b64encode(SVG.encode()).decode()}}
    return notebook(made, title=f"</title>{SCRIPT}", authors=[{"name": SCRIPT}])


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of one small lab, without heavy imports, that two students have handed in."""
    course = tmp_path_factory.mktemp("formgrader") / "course"
    (course / "source" / "lab").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(f"c = get_config()\nCOURSE = {str(course)!r}\n{CONFIG}")
    (course / "source" / "lab" / "lab.ipynb").write_text(notebook(LAB))
    nbgrader("generate_assignment", "lab", cwd=course)
    for student in ("ada", "mallory"):
        shutil.copytree(course / "release" / "lab", course / "submitted" / student / "lab")
    (course / "submitted" / "ada" / "lab" / "lab.ipynb").write_text(notebook(LAB))
    (course / "submitted" / "mallory" / "lab" / "lab.ipynb").write_text(attack())
    return course


@pytest.fixture(scope="module")
def server(course, tmp_path_factory):
    """A Jupyter server at the course's root, as an instructor starts it; its address is returned."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "HOME")
    environment = {**ENVIRONMENT, **{name: str(home / name.lower()) for name in names}}
    with open(home / "log", "w") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-W", "ignore", "-m", "jupyter_server", "--no-browser", "--allow-root"),
                *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
                f"--IdentityProvider.token={TOKEN}",
            ],
            cwd=course,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={TOKEN}", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline, (home / "log").read_text()
                time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def press(page, student: str, button: str, said: str) -> str:
    """Presses one of the buttons in a student's row, waits until it has worked; returns the row's score."""
    row = page.locator("#main-table tr", has=page.locator(".student-id", has_text=student))
    row.locator(f".{button} a").click()
    told = page.locator(".modal-body").filter(has_text=f"for student '{student}'")
    told.wait_for(timeout=180_000)
    assert f"Successfully {said} 'lab'" in told.inner_text(), told.inner_text()
    page.reload()
    row.wait_for()
    return row.locator(".score").inner_text()


@pytest.fixture(scope="module")
def scores(page, server, course):
    """Both graded with the formgrader's button; the scores that the page then shows."""
    page.goto(f"{server}/login?next=%2Fformgrader%2Fmanage_submissions%2Flab")
    page.locator("#password_input").fill(TOKEN)
    page.locator("#login_submit").click()
    found = {student: press(page, student, "autograde", "autograded") for student in ("ada", "mallory")}
    press(page, "mallory", "generate-feedback", "generated feedback for")
    return found


def attacked(page) -> bool:
    page.wait_for_timeout(1000)  # an image that is not there says so a moment later
    return page.locator("html").get_attribute("data-attacked") is not None


@pytest.mark.parametrize("attack", [IMAGE, f'<a href="{RUNS}">my figure</a>'])
def test_the_attack_works_where_nothing_stands_against_it(attack, page, scores):
    page.goto("about:blank")
    page.set_content(f"<p>{attack}</p>")
    for link in page.locator("a").all():
        link.click()
    assert attacked(page)


def test_the_autograde_button_grades_through_the_engine(scores, course):
    assert scores == {"ada": "6 / 9", "mallory": "0 / 9"}
    for student, points in (("ada", [2, 4]), ("mallory", [0, 0])):
        record = json.loads((course / "evidence" / "lab" / student / "lab" / "record.json").read_text())
        assert [mark["points"] for mark in record["marks"]] == points
        assert (record["outcome"], record["sandboxed"]) == ("graded", True)


@pytest.mark.parametrize("where", ["feedback", "formgrader"])
def test_pages_show_the_checks_message_but_no_hidden_line_and_no_script_of_a_student_runs(
    where, page, server, scores, course
):
    if where == "feedback":  # as a student opens it: no server's rules on content protect anybody
        page.goto((course / "feedback" / "mallory" / "lab" / "lab.html").as_uri())
    else:
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            one = book.find_submission_notebook("lab", "lab", "mallory").id
        page.goto(f"{server}/formgrader/submissions/{one}/")
        page.get_by_text("Thoughts of mine.").first.wait_for()
    text = page.locator("body").inner_text()
    assert "Check: halves too" in text and "Check: The label is" in text and "Thoughts of mine." in text
    assert "return 4" in text  # cleaning took nothing of the answer
    assert HIDDEN not in page.content() and SCRIPT not in page.content()
    assert not attacked(page)
    address, links = page.url, page.locator("a", has_text="my figure")
    assert links.count() == len(LINKS)
    for link in links.all():
        link.click()
    assert not attacked(page) and page.url.partition("#")[0] == address
