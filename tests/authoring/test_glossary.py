"""The page of terms: in order, short, linked from every notebook, and each of its links leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from authoring import build, costs

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "lessons" / costs.GLOSSARY
NOTEBOOKS = sorted([*ROOT.glob("lessons/*.ipynb"), *ROOT.glob("labs/*/*.ipynb")])


@pytest.fixture(scope="module")
def entries():
    """Each term with its definition."""
    parts = re.split(r"^## (.+)\n", PAGE.read_text("utf-8"), flags=re.M)
    return dict(zip(parts[1::2], (text.strip() for text in parts[2::2]), strict=True))


def test_terms_are_in_alphabetical_order_and_each_names_the_lesson_that_teaches_it(entries):
    assert len(entries) > 100
    assert list(entries) == sorted(entries, key=str.casefold)
    for term, text in entries.items():
        assert re.search(r"[.] (\[Lesson [1-9]\d?\]\(\d\d_\w+\.ipynb\)|Lesson [1-9]\d?)$", text), term


def test_a_definition_is_at_most_three_sentences_of_at_most_25_words(entries):
    for term, text in entries.items():
        sentences = re.split(r"(?<=[.;])\s", re.sub(r" \[?Lesson \d.*$", "", text))
        assert 1 <= len(sentences) <= 3, term
        assert max(len(sentence.split()) for sentence in sentences) <= 25, term


def test_links_of_the_page_lead_to_its_terms_and_to_lessons(entries):
    anchors = {term.replace(" ", "-") for term in entries}
    links = re.findall(r"\]\(([^)]*)\)", PAGE.read_text("utf-8"))
    assert len(links) > 80
    for link in links:
        assert link[1:] in anchors if link[0] == "#" else (ROOT / "lessons" / link).is_file(), link


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_links_to_the_page_as_seen_from_where_it_lies(path):
    head = nbformat.read(path, as_version=4).cells[0].source
    (link,) = re.findall(r"\[\*\*Glossary\*\*\]\(([^)]*)\)", head)
    assert (path.parent / link).resolve() == PAGE


def test_a_lesson_that_is_not_written_yet_is_named_without_a_link(tmp_path):
    (tmp_path / "authoring/lessons").mkdir(parents=True)
    (tmp_path / "authoring/lessons/02_second.py").write_text("# %% [markdown]\n# # A title\n")
    (tmp_path / "authoring/glossary.md").write_text("## a\nOne. {{lesson 2}}\n\n## b\nTwo. {{lesson 9}}\n")
    page = "## a\n\nOne. [Lesson 2](02_second.ipynb)\n\n## b\n\nTwo. Lesson 9\n"
    assert costs.glossary(tmp_path) == page
    assert build.build(tmp_path)[Path("lessons/GLOSSARY.md")].decode() == page
