"""What students read in their page and in the labs: limits as the code has them, and an image told in words before it comes."""

from __future__ import annotations

import base64
import io
import os
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from authoring import build, rules
from authoring.checking.answers import LABS_FOLDER, labs
from course_utils.data import load_folder
from nbgrader_isolated.notebook.intake import INTAKE
from nbgrader_isolated.plugin.configuration import load
from nbgrader_isolated.validate import cells

ROOT = Path(__file__).resolve().parents[2]

LABS = labs()


@pytest.fixture(scope="module")
def page():
    return " ".join((ROOT / "docs" / "students.md").read_text(encoding="utf-8").split())


@pytest.fixture
def settings(monkeypatch):
    """How this course is graded."""
    for name in ("PATH", "TF_CPP_MIN_LOG_LEVEL"):  # the settings change them
        monkeypatch.setenv(name, os.environ.get(name, ""))
    return load(ROOT)[2].settings("lab6")


def size_of(path):
    with Image.open(path) as image:
        return image.size


def lab(name):
    return build.read_script(LABS_FOLDER / name / "notebook.py").cells


def text_of(name):
    return "\n".join(cell.source for cell in lab(name) if cell.cell_type == "markdown")


def test_students_are_told_the_limits_that_apply_when_they_are_graded(page, settings):
    times = settings.times
    told = re.findall(r"\| (one call|one cell|the whole notebook|memory)[^|]*\| ([\d.]+) (seconds|GB) \|", page)
    assert {what: (float(number), unit) for what, number, unit in told} == {
        "one call": (times.question, "seconds"),
        "one cell": (times.cell, "seconds"),
        "the whole notebook": (times.notebook, "seconds"),
        "memory": (settings.student.memory / 2**30, "GB"),
    }


def test_lab_6_says_how_long_its_training_and_how_large_its_folder_may_be(settings):
    said = " ".join(text_of("lab6").split())
    assert f"`hand_in` may take {settings.times.question:g} seconds" in said
    megabytes = int(re.search(r"together at most (\d+) MB", said).group(1))
    assert megabytes * 1e6 <= min(INTAKE.total, 1000 * load(ROOT)[1].max_dir_size)


def test_what_the_page_quotes_is_what_a_student_sees(page):
    for sentence in (cells.ANSWER_MISSING, cells.TWICE, cells.RENAMED):
        clause = re.split(r"[.;]", sentence)[0]
        assert re.search(".".join(map(re.escape, re.split(r"\{\w+(?:!r)?\}", clause))), page), sentence


@pytest.mark.parametrize("name", LABS)
def test_a_lab_says_where_a_name_error_comes_from_and_that_solutions_may_not_be_there(name):
    said = " ".join(text_of(name).split())
    assert (
        "A `NameError` from a check? The answer cell above it has not been run yet, or the set-up cell has not." in said
    )
    assert f"`solutions/{name}/{name}.ipynb`" in said
    assert "hands out may come without it" in said


@pytest.mark.parametrize("name", LABS)
def test_an_image_that_an_answer_makes_is_told_in_words_before_it_comes(name):
    before, images = "", 0
    for cell in lab(name):
        if cell.cell_type == "markdown":
            before = cell.source
        elif rules.role(cell) == "plain" and "when_ready(" in cell.source and "plots." in cell.source:
            images += 1
            assert "**What you should see:**" in before, cell.source[:200]
    assert images


@pytest.mark.parametrize("name", LABS)
def test_a_promised_image_can_be_unfolded_with_its_description(name):
    released = nbformat.read(ROOT / "labs" / name / f"{name}.ipynb", as_version=4)
    promises = [cell for cell in released.cells if cell.cell_type == "markdown" and rules.PROMISE in cell.source]
    for number, cell in enumerate(promises, start=1):
        shown = re.search(r"<details>\n<summary>The image .*?!\[(.+)\]\(attachment:(.+?)\)", cell.source, re.S)
        assert shown and len(shown[1]) > 40, cell.source[:200]
        assert shown[2] == f"{name}-{number}.png"
        image = Image.open(io.BytesIO(base64.b64decode(cell.attachments[shown[2]]["image/png"])))
        assert image.width >= 300 and len(image.getcolors(1 << 20)) > 4


@pytest.mark.parametrize("name", LABS)
def test_every_exercise_has_something_to_unfold_besides_its_traps(name):
    hints = 0
    for cell in lab(name):
        if cell.cell_type == "markdown":
            hints = hints * (not re.search(r"^##+ ", cell.source, flags=re.M)) + len(
                re.findall(r"<summary>A(?!n? trap)", cell.source)
            )
        elif rules.role(cell) == "test":
            assert hints, rules.grade_id(cell)


def test_the_lines_that_scale_photographs_do_so_in_place_upright_and_without_the_camera_s_notes(tmp_path, monkeypatch):
    (lines,) = re.findall(r"```python\n(.*?)```", text_of("lab6"), flags=re.DOTALL)
    left = np.zeros((800, 1600, 3), np.uint8)
    left[:, :800] = 255
    sideways = Image.Exif()
    sideways[0x0112] = 6  # to be turned by a quarter
    sideways[0x0132] = "2026:05:01 10:00:00"
    for name, options in {"mug/blue-1.JPG": {"exif": sideways}, "glass/tall-1.jpeg": {}}.items():
        path = tmp_path / "my_images" / name
        path.parent.mkdir(parents=True)
        Image.fromarray(left).save(path, "JPEG", **options)
    Image.fromarray(left).resize((400, 200)).save(tmp_path / "my_images/glass/tall-2.jpg")
    monkeypatch.chdir(tmp_path)
    exec(lines, {"Path": Path})
    with Image.open(tmp_path / "my_images/mug/blue-1.JPG") as turned:
        assert turned.size == (500, 1000)
        assert not turned.getexif()
        assert np.asarray(turned)[250].mean() > 200 > 50 > np.asarray(turned)[750].mean(), "what was left is on top"
    sizes = {path.name: size_of(path) for path in (tmp_path / "my_images/glass").iterdir()}
    assert sizes == {"tall-1.jpeg": (1000, 500), "tall-2.jpg": (400, 200)}, "a small image is not made larger"
    assert len(load_folder("my_images", size=96, quiet=True)) == 3
