"""Lesson 10's app in a real JupyterLab and a real Chromium: a photo is uploaded by mouse and by keyboard, and answered."""

from __future__ import annotations

import re

import nbformat
import pytest
from browsing import ROOT, run_notebook, scroll_to
from PIL import Image

pytestmark = pytest.mark.browser

# What the app's cells take from the cells before them; the network is one that looks at the colour alone.
BEFORE = """
import base64
import html
import io
import ipywidgets
import numpy as np
from PIL import Image, ImageOps
SIZE, class_names, input_name = (96, 96), ["bird", "vehicle"], "photo"
class Session:
    def run(self, _, feeds):
        red = feeds[input_name][..., 0].mean() / 255
        return [np.array([[red, 1 - red]], "float32")]
session = Session()
"""


@pytest.fixture(scope="module")
def app(page, server, course):
    """The lesson's own cells of the app, run in JupyterLab; the page is returned."""
    lesson = nbformat.read(ROOT / "lessons" / "10_from_a_folder_to_an_app.ipynb", as_version=4)
    code = [cell.source for cell in lesson.cells if cell.cell_type == "code"]
    reading = next(source for source in code if "def read_photo" in source)
    showing = next(source for source in code if "FileUpload(" in source)
    return run_notebook(page, server, course / "work" / "app.ipynb", (BEFORE, reading, showing))


@pytest.fixture
def button(app):
    return scroll_to(app, app.get_by_role("button", name="Choose a photo"))


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """A red photo, a blue one that is wider than high, and a file that is none."""
    folder = tmp_path_factory.mktemp("photos")
    Image.new("RGB", (300, 200), "red").save(folder / "red.jpg")
    Image.new("RGB", (900, 200), "blue").save(folder / "blue.png")
    (folder / "text.png").write_text("no photo")
    return folder


def test_a_photo_is_uploaded_with_the_mouse_and_answered(app, button, photos):
    with app.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files(photos / "red.jpg")
    app.get_by_text(re.compile(r"Answer: bird, (99|100)%")).wait_for()
    image = app.get_by_role("img", name="The photo that was chosen")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 200
    assert re.search(r"bird\s*(99|100)%", app.locator("tr").filter(has_text="bird").first.inner_text())


def test_a_photo_is_uploaded_with_the_keyboard_and_answered(app, button, photos):
    button.focus()
    with app.expect_file_chooser() as chooser:
        app.keyboard.press("Space")
    chooser.value.set_files(photos / "blue.png")
    app.get_by_text("Answer: vehicle, 100%").wait_for()


def test_a_file_that_is_no_photo_gets_a_message(app, button, photos):
    with app.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files(photos / "text.png")
    app.get_by_text("This is not an image. Choose another.").wait_for()
