"""A newcomer's path in a real JupyterLab and a real Chromium: the server that `make lab` starts, lesson 1, its quiz."""

from __future__ import annotations

import re
import time

import pytest
from browsing import TOKEN, saved_notebook, scroll_to

pytestmark = pytest.mark.browser

LESSON = "lessons/01_using_pretrained_networks.ipynb"


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
        cells = [c for c in saved_notebook(executed)["cells"] if c["cell_type"] == "code"]
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
    assert any('alt="Coffee. ' in figure and "espresso 8" in figure for figure in figures)


def test_the_figure_with_five_bars_is_seen_with_its_description(lesson, page):
    image = scroll_to(page, page.locator('img[alt^="Coffee. "]'))
    assert image.is_visible()
    assert image.evaluate("image => image.naturalWidth") > 400


def test_the_quiz_answers_when_it_is_clicked(lesson, page):
    question = scroll_to(page, page.get_by_text("Its features come from a million images").first)
    question.click()
    page.get_by_role("button", name="Check answer 1").click()
    page.get_by_text("Early and middle layers are useful").first.wait_for(state="visible")
