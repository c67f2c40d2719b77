"""Every widget in a real JupyterLab and a real Chromium: used with the mouse and with the keyboard, and seen to change."""

from __future__ import annotations

from time import monotonic

import pytest
from browsing import run_notebook, scroll_to

pytestmark = pytest.mark.browser

QUESTIONS = [
    {
        "question": "Which layers transfer furthest?",
        "options": ["the last ones", "the first ones"],
        "answer": 1,
        "why": ["They see the old task's objects.", "They see edges and colours."],
    },
    {
        "question": "When does `trainable` count?",
        "options": ["at once", "when the model is compiled and fitted anew"],
        "answer": 1,
        "why": ["The built step remembers the old flags.", "The step is built again."],
    },
]
# A network of VGG16's shape without its weights: what is tested here is whether images change, not which.
CELLS = [
    """
import keras
import numpy as np
from course_utils import data, widgets
vgg = keras.applications.VGG16(weights=None, include_top=False, input_shape=(48, 48, 3))
image = data.load_scenes("train", size=48).images[7]
""",
    "widgets.freeze_explorer(vgg, images=475)",
    "widgets.feature_map_browser(vgg, image, layers=['block1_conv1', 'block2_conv1', 'block3_conv1'])",
    "widgets.augmentation_viewer(keras.layers.RandomRotation(0.2, fill_mode='constant', seed=1), image, count=4)",
    "widgets.extraction_cost_calculator(images=475, epochs=20, base_seconds=0.02, head_seconds=0.001, copies=1)",
    f"widgets.quiz({QUESTIONS!r})",
    "asked = widgets.guess('How many parameters train?', unit='parameters')\nasked",
    "asked.reveal(1281)",
]


@pytest.fixture(scope="module")
def notebook(page, server, course):
    """One notebook with every widget, run in JupyterLab; its page is returned."""
    return run_notebook(page, server, course / "work" / "widgets.ipynb", CELLS)


@pytest.fixture
def widget(notebook):
    """Finds the live widget that holds a text or a control, scrolled into sight."""

    def find(words):
        return scroll_to(notebook, notebook.locator(".course-widget").filter(has_text=words))

    return find


class Image:
    """The image of a widget: its bytes and its description, and whether they become others."""

    def __init__(self, widget):
        self.image = widget.locator("img").first
        self.image.wait_for()
        self.before = self.image.get_attribute("src")

    def becomes(self, words="") -> bool:
        """Waits at most ten seconds for another image whose description holds these words; it must be one that draws."""
        end = monotonic() + 10
        while monotonic() < end:
            now, alt = self.image.get_attribute("src"), self.image.get_attribute("alt")
            if now != self.before and words in alt:
                self.before = now
                return self.image.evaluate("image => image.decode().then(() => image.naturalWidth > 100)")
            self.image.page.wait_for_timeout(100)
        return False


class Costs:
    """The table under the freeze explorer's boxes."""

    def __init__(self, explorer):
        self.rows = explorer.locator("tr")

    def now(self, name) -> str:
        return self.rows.filter(has_text=name).locator("td").first.inner_text()

    def become(self, name, expected) -> bool:
        """Waits at most ten seconds for a value."""
        end = monotonic() + 10
        while self.now(name) != expected and monotonic() < end:
            self.rows.page.wait_for_timeout(100)
        return self.now(name) == expected


def test_only_the_live_half_of_each_widget_is_seen(notebook, widget):
    explorer = widget("Which blocks are trained?")
    fallback = explorer.locator(
        "xpath=ancestor::*[contains(@class, 'jp-OutputArea ') or contains(@class, 'jp-Cell-outputArea')][1]"
    ).locator(".course-fallback")
    assert fallback.count() == 1 and not fallback.is_visible()


def test_freeze_explorer_with_the_mouse(widget):
    explorer = widget("Which blocks are trained?")
    costs = Costs(explorer)
    explorer.get_by_role("button", name="Freeze all blocks").click()
    assert costs.become("trainable parameters", "0")
    explorer.get_by_label("block5").click()
    assert costs.become("trainable parameters", "7,079,424")
    explorer.get_by_role("button", name="Train all blocks").click()
    assert costs.become("trainable parameters", "14,714,688")


def test_freeze_explorer_with_the_keyboard(notebook, widget):
    explorer = widget("Which blocks are trained?")
    costs = Costs(explorer)
    explorer.get_by_role("button", name="Freeze all blocks").focus()
    notebook.keyboard.press("Enter")
    assert costs.become("trainable parameters", "0")
    notebook.keyboard.press("Tab")  # the other button
    notebook.keyboard.press("Tab")  # the first block
    seconds = costs.now("seconds per epoch")
    notebook.keyboard.press("Space")
    assert costs.become("trainable parameters", "38,720")
    assert costs.now("seconds per epoch") != seconds


def test_feature_map_browser_with_the_mouse(widget):
    browser = widget("block2_conv1")
    image = Image(browser)
    browser.get_by_label("Layer").select_option("block2_conv1")
    assert image.becomes("block2_conv1, 24 by 24, channels 0 to 15 of 128")
    browser.get_by_label("Page").fill("3")
    browser.get_by_label("Page").press("Enter")
    assert image.becomes("channels 32 to 47 of 128")


def test_feature_map_browser_with_the_keyboard(notebook, widget):
    browser = widget("block2_conv1")
    image = Image(browser)
    browser.get_by_label("Layer").focus()
    notebook.keyboard.press("Home")
    notebook.keyboard.press("ArrowDown")
    notebook.keyboard.press("ArrowDown")
    assert image.becomes("block3_conv1")
    notebook.keyboard.press("Tab")
    notebook.keyboard.press("Control+a")
    notebook.keyboard.type("4")
    notebook.keyboard.press("ArrowUp")
    assert image.becomes("channels 64 to 79 of 256")


def test_augmentation_viewer_with_the_mouse(widget):
    viewer = widget("Draw again")
    image = Image(viewer)
    viewer.get_by_role("button", name="Draw again").click()
    assert image.becomes("4 augmented copies")
    viewer.get_by_label("Copies").fill("6")
    viewer.get_by_label("Copies").press("Enter")
    assert image.becomes("6 augmented copies")


def test_augmentation_viewer_with_the_keyboard(notebook, widget):
    viewer = widget("Draw again")
    image = Image(viewer)
    viewer.get_by_role("button", name="Draw again").focus()
    notebook.keyboard.press("Space")
    assert image.becomes("augmented copies")
    shown = int(viewer.get_by_label("Copies").input_value())
    notebook.keyboard.press("Tab")
    notebook.keyboard.press("ArrowDown")
    assert image.becomes(f"{shown - 1} augmented copies")


def test_extraction_cost_calculator_with_the_mouse(widget):
    calculator = widget("Cached copies per image")
    image = Image(calculator)
    calculator.get_by_label("Cached copies per image").fill("4")
    calculator.get_by_label("Training images").click()  # leaving a box is enough
    assert image.becomes("The costs of cached features, 4 copies and end to end are equal at 4.0 epochs")
    calculator.get_by_text("They cost the same at 4 epochs.").wait_for()


def test_extraction_cost_calculator_with_the_keyboard(notebook, widget):
    calculator = widget("Cached copies per image")
    image = Image(calculator)
    calculator.get_by_label("Training images").focus()
    notebook.keyboard.press("Tab")
    notebook.keyboard.press("Control+a")
    notebook.keyboard.type("50")
    notebook.keyboard.press("Tab")
    assert image.becomes("over 0 to 50 epochs")
    calculator.get_by_text("475 images, 50 epochs:").wait_for()


def test_quiz_with_the_mouse(widget):
    quiz = widget("Which layers transfer furthest?")
    quiz.get_by_role("button", name="Check answer 1").click()
    quiz.get_by_text("Choose an answer first.").wait_for()
    quiz.get_by_text("the last ones", exact=True).click()
    quiz.get_by_role("button", name="Check answer 1").click()
    quiz.get_by_text("They see the old task's objects.").wait_for()
    quiz.get_by_text("the first ones", exact=True).click()
    quiz.get_by_role("button", name="Check answer 1").click()
    quiz.get_by_text("They see edges and colours.").wait_for()
    quiz.get_by_text("1 of 2 right, 1 answered.").wait_for()


def test_quiz_with_the_keyboard_and_no_cell_is_moved_cut_or_added(notebook, widget):
    quiz = widget("Which layers transfer furthest?")
    quiz.get_by_role("button", name="Check answer 1").focus()
    notebook.keyboard.press("Tab")  # the first of the second question's answers
    notebook.keyboard.press("Space")
    notebook.keyboard.press("x")  # JupyterLab's command to cut a cell
    notebook.keyboard.press("ArrowDown")
    notebook.keyboard.press("Tab")
    why = quiz.get_by_text("The step is built again.")
    for _ in range(20):  # these keys are faster than the kernel; then the quiz asks for the button to be pressed again
        notebook.keyboard.press("Enter")
        notebook.wait_for_timeout(1000)
        if why.is_visible():
            break
    assert why.is_visible()
    assert notebook.locator(".jp-Notebook .jp-CodeCell").count() == len(CELLS)


def test_a_prediction_typed_is_noted_and_is_shown_with_the_result(notebook, widget):
    guess = widget("How many parameters train?")
    guess.get_by_label("Your prediction").click()
    notebook.keyboard.type("1000")
    notebook.keyboard.press("Tab")
    guess.get_by_text("Noted: 1000.").wait_for()
    scroll_to(notebook, notebook.locator(".jp-CodeCell").filter(has_text="asked.reveal")).click()
    notebook.keyboard.press("Control+Enter")
    scroll_to(notebook, notebook.get_by_text("You predicted 1,000 parameters; it is 1,281 parameters")).wait_for()


def test_every_control_of_every_widget_has_a_name(notebook, widget):
    """What a screen reader says at each control; a control without a name would be silence."""
    nameless = []
    for words in (
        "Which blocks are trained?",
        "block2_conv1",
        "Draw again",
        "Cached copies",
        "transfer furthest",
        "train?",
    ):
        nameless += widget(words).evaluate(
            """found => [...found.querySelectorAll('button, input, select')].filter(control =>
                 !(control.innerText || control.getAttribute('aria-label') ||
                   [...(control.labels || [])].some(label => label.innerText.trim()))).map(control => control.outerHTML)"""
        )
    assert nameless == []
