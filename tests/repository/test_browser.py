"""A newcomer's path in a real JupyterLab and a real Chromium: the server that `make lab` starts, lesson 1, its quiz."""

from __future__ import annotations

import re
import time

import pytest
from browsing import TOKEN, nbgrader_menu, saved_notebook, scroll_to, serving

pytestmark = pytest.mark.browser

LESSON = "lessons/01_using_pretrained_networks.ipynb"


def front_page(page, server):
    """Opens JupyterLab as a newcomer does, and waits until it is at rest: it shows the first page once more at the end."""
    page.goto(f"{server}/?token={TOKEN}")
    page.get_by_role("heading", name="Start here").first.wait_for()
    page.wait_for_timeout(3000)  # the question about news used to come then, too


@pytest.fixture(scope="module")
def lesson(page, server, course):
    """Lesson 1 opened from the first page, run with the menu, and saved; the executed notebook is returned."""
    front_page(page, server)
    page.get_by_role("link", name="1 · Using pretrained networks").click()
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


def test_the_server_opens_at_the_first_page_rendered_in_the_students_own_folder(page, server):
    front_page(page, server)
    assert page.get_by_role("link", name="Lab 1: Meet a pretrained network").is_visible()
    files = page.get_by_role("region", name="File Browser Section")
    assert files.get_by_text("lessons", exact=True).is_visible()
    assert files.get_by_text("labs", exact=True).is_visible()
    assert files.get_by_text("course_utils", exact=True).count() == 0, "this is the repository, not work/"


def test_nothing_stands_between_a_newcomer_and_the_notebooks(page, server):
    front_page(page, server)
    assert page.get_by_text("official Jupyter news").count() == 0
    assert page.get_by_role("dialog").count() == 0
    assert nbgrader_menu(page) == set(), "no exchange, and not an instructor"
    assert page.get_by_role("menuitem", name="Nbgrader", exact=True).count() == 0


def test_the_first_page_leads_to_the_glossary_and_to_help(page, server):
    front_page(page, server)
    page.get_by_role("link", name="Glossary").click()
    page.get_by_role("heading", name="abstention").first.wait_for()
    page.get_by_role("link", name="feature map").first.click()
    term = page.locator("h2", has_text="feature map").first
    term.wait_for()
    page.wait_for_timeout(1000)
    assert term.bounding_box()["y"] < 300, "the page scrolls to the term"
    page.get_by_role("tab", name="START_HERE.md").first.click()
    page.get_by_role("link", name="When something does not work").click()
    page.get_by_role("heading", name="When something does not work").first.wait_for()


def test_a_new_launcher_has_every_kernel(page, server):
    front_page(page, server)
    page.get_by_role("button", name="New Launcher").first.click()
    page.get_by_title("Transfer learning (CPU)").first.wait_for()
    assert page.get_by_title("Transfer learning (GPU)").first.is_visible()


def test_teaching_opens_the_repository_with_every_panel(page, course, tmp_path_factory):
    with serving("teach", course, tmp_path_factory) as address:
        page.goto(f"{address}/?token={TOKEN}")
        files = page.get_by_role("region", name="File Browser Section")
        files.get_by_text("course_utils", exact=True).wait_for()
        assert files.get_by_text("solutions", exact=True).is_visible()
        assert {"Assignment List", "Course List", "Formgrader", "Create assignment"} <= nbgrader_menu(page)
        page.keyboard.press("Escape")
        page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
        page.get_by_role("menuitem", name="Formgrader", exact=True).click()
        page.frame_locator('iframe[src*="formgrader"]').get_by_text("Manage Assignments").first.wait_for()


def test_lesson_one_runs_in_jupyterlab_and_classifies_real_photographs(lesson, page):
    outputs = [output for cell in lesson for output in cell["outputs"]]
    assert [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"] == []
    figures = ["".join(o["data"]["text/html"]) for o in outputs if "text/html" in o.get("data", {})]
    assert any('alt="Coffee. ' in figure and "espresso 8" in figure for figure in figures)


def test_the_figure_with_five_bars_is_seen_with_its_description_below_the_button_that_validates(lesson, page):
    assert page.get_by_role("button", name="Validate").first.is_visible(), "students keep this one of nbgrader's"
    image = scroll_to(page, page.locator('img[alt^="Coffee. "]'))
    assert image.is_visible()
    assert image.evaluate("image => image.naturalWidth") > 400


def test_the_quiz_answers_when_it_is_clicked(lesson, page):
    question = scroll_to(page, page.get_by_text("Its features come from a million images").first)
    question.click()
    page.get_by_role("button", name="Check answer 1").click()
    page.get_by_text("Early and middle layers are useful").first.wait_for(state="visible")
