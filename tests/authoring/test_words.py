"""The words and the length of lessons: what is never right fails the build, and what only looks like it passes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import nbformat
import pytest

from authoring import build, words

ROOT = Path(__file__).resolve().parents[2]
LESSONS = {key: path for key, path in build.texts(ROOT).items() if key.startswith("lesson")}
INNOCENT = (
    "We recommend it, amend it, and keep it secure; besides, the procedure is obscure.",
    "In training mode a layer moves its averages; a model in inference mode, by contrast, does not.",
    "Call `picture = mend(cut_out)`, or\n```python\njudge(picture)  # by heart\n```\n",
    "The paper “A Picture Is Judged by Heart” is one, [the page](https://example.org/picture/mode-A) another.",
    "<img src='picture.png' alt='A cat'> A cat. The whole number line, and a thousand images.",
    "The data set has 3 classes, and the whole network is trainable.",
)


def notebook(*sources):
    """A notebook of text cells, and of code cells where a source begins with ``%``."""
    new = nbformat.v4
    cells = [new.new_code_cell(s[1:]) if s[0] == "%" else new.new_markdown_cell(s) for s in sources]
    return new.new_notebook(cells=cells)


@pytest.mark.parametrize(("pattern", "instead", "example"), words.PHRASES, ids=lambda text: text[:20])
def test_each_phrase_fails_with_its_cell_and_with_what_the_field_says(pattern, instead, example):
    (found,) = words.phrase_faults(notebook("# A title", example))
    assert found.startswith("cell 2 says ") and found.endswith(f"the field says: {instead}")
    assert words.phrase_faults(notebook("%x = 1", f"%print({example!r})")) == [found]
    assert words.phrases(instead) == [], "what the field says must not fail itself"


@pytest.mark.parametrize("text", INNOCENT)
def test_what_only_looks_like_such_a_phrase_passes(text):
    assert words.phrase_faults(notebook(text)) == []


def test_comments_and_texts_in_code_are_read_and_names_are_not():
    code = "%picture = load('pictures')  # a mend is due\nprint(f'{picture} of a\\npicture')"
    found = words.phrase_faults(notebook(code))
    assert sorted(fault.split("'")[1] for fault in found) == ["mend", "picture"]


def test_a_lesson_that_is_too_long_fails_and_one_at_the_limit_passes():
    most = "word " * words.MOST_WORDS
    assert words.length_faults(notebook(most)) == []
    folded = "<details>\n<summary>More</summary>\n\nword word\n\n</details>\n\n| a | table |\n|---|---|\n"
    assert words.length_faults(notebook(most, folded)) == []
    (found,) = words.length_faults(notebook(most, "more"))
    assert found.startswith(f"has {words.MOST_WORDS + 1} words of prose")
    assert words.length_faults(notebook(*["a"] * words.MOST_CELLS)) == []
    (found,) = words.length_faults(notebook(*["a"] * (words.MOST_CELLS + 1)))
    assert found.startswith(f"has {words.MOST_CELLS + 1} cells")
    line = "%x = '" + "a" * (words.MOST_COLUMNS - 6) + "'"
    assert words.length_faults(notebook(line)) == []
    (found,) = words.length_faults(notebook("# A title", f"%\n{line[1:]}0"))
    assert found.startswith(f"cell 2 line 2 has {words.MOST_COLUMNS + 1} columns")


def test_a_link_to_a_term_that_the_glossary_lacks_fails():
    links = "[a](GLOSSARY.md#feature-map) [b](GLOSSARY.md) [c](../../lessons/GLOSSARY.md#Grad-CAM)"
    assert words.link_faults(notebook(links)) == []
    (found,) = words.link_faults(notebook("# A title", "[a](GLOSSARY.md#grad-cam)"))
    assert found.startswith("cell 2 links to GLOSSARY.md#grad-cam;")


def small_course(folder, text):
    (folder / "authoring/lessons").mkdir(parents=True)
    (folder / "authoring/lessons/01_one.py").write_text(text, encoding="utf-8")
    return folder


TEXT = "# %% [markdown]\n# # A title\n#\n# A picture.\n"


def test_the_build_refuses_such_a_lesson(tmp_path):
    root = small_course(tmp_path, TEXT)
    with pytest.raises(build.BuildError, match=r"^01_one\.py: cell 1 says 'picture'; the field says: image, or photo$"):
        build.build(root)


def test_the_page_for_authors_states_these_limits():
    page = (ROOT / "authoring/README.md").read_text("utf-8")
    assert f"more than {words.MOST_WORDS:,} words of prose" in page
    assert f"more than {words.MOST_CELLS} cells, or a line of code of more than {words.MOST_COLUMNS} columns" in page


def test_the_phrases_are_looked_for_in_labs_too():
    assert words.faults(notebook("A picture."), lab=True)


def test_ruff_formats_lessons_at_the_same_width():
    settings = tomllib.loads((ROOT / "authoring/lessons/ruff.toml").read_text("utf-8"))
    assert settings["line-length"] == words.MOST_COLUMNS
