"""The first page and the documents: short, every link leads somewhere, every page is listed, and the example prints what it shows."""

from __future__ import annotations

import ast
import html
import json
import re
import sys
from pathlib import Path

import pytest

from authoring import costs, words

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import gallery  # noqa: E402
import readme_example  # noqa: E402

README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "lessons" / costs.GLOSSARY]
START = "course_utils/assets/jupyterlab/START_HERE.md"
LISTED = [path.relative_to(ROOT).as_posix() for path in PAGES[1:] if path.name != "README.md"]


def anchors(page: Path) -> set[str]:
    """What GitHub makes of a page's headings."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
    headings = re.findall(r"^#+ (.+)$", text, flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_the_first_page_is_short_and_has_one_title():
    assert len(README.splitlines()) <= 150
    assert re.findall(r"^# .+$", re.sub(r"```.*?```", "", README, flags=re.S), flags=re.M) == README.splitlines()[:1]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_and_a_heading_of_it(page):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.S)
    links = re.findall(r"\]\(([^)\s]+)\)|(?:href|src)=\"([^\"]+)\"", text)
    found = [link for link in map("".join, links) if "://" not in link]
    for link in found:
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor.lower() in anchors(target), link
    assert found or page.name in ("benchmarks.md", "gpu.md"), "this page links to nothing"


@pytest.mark.parametrize("name", ["README.md", "docs/README.md", "docs/students.md", "lessons/GLOSSARY.md", START])
def test_pages_for_readers_say_it_in_the_words_of_the_field(name):
    text = re.sub(
        r"<!-- table.*?<!-- end of table -->", "", (ROOT / name).read_text("utf-8"), flags=re.S
    )  # lessons' titles
    assert words.phrases(text) == []


def test_every_page_is_listed_on_the_first_page_students_first_and_in_the_index():
    pages = README.partition("## Pages")[2]
    listed = re.findall(r"^\| \[[^]]+\]\(([^)]+)\)", pages.partition("\n## ")[0], flags=re.M)
    assert sorted(listed) == sorted([*LISTED, "CONTRIBUTING.md"]) and listed[0] == "docs/students.md"
    index = (ROOT / "docs/README.md").read_text("utf-8")
    linked = {(ROOT / "docs" / link).resolve() for link in re.findall(r"\]\(([^)]+)\)", index)}
    assert linked == {(ROOT / name).resolve() for name in listed}


def test_the_table_lists_every_lesson_and_lab_with_the_title_it_has():
    table = README.partition("<!-- table of lessons and labs")[2].partition("<!-- end of table")[0]
    rows = re.findall(r"^\| \[([^]]+)\]\(([^)]+)\)", table, flags=re.M)
    built = [*ROOT.glob("lessons/*.ipynb"), *ROOT.glob("labs/*/*.ipynb")]
    assert sorted(path for _, path in rows) == sorted(path.relative_to(ROOT).as_posix() for path in built)
    for title, path in rows:
        number, _, name = title.removeprefix("Lesson ").partition(" · ")
        assert re.search(rf'"# {number}(?: ·|:) {re.escape(name)}', (ROOT / path).read_text("utf-8")), title


def test_what_was_tried_is_what_results_on_file_name(tmp_path):
    (tmp_path / "benchmarks/results").mkdir(parents=True)
    for folder in ("tests", "tools", "lessons"):
        (tmp_path / folder).mkdir()
    (tmp_path / "lessons/01.ipynb").touch()
    versions = {"newest": {"versions": {"python": "3.12.1"}, "notebooks": {}}}
    (tmp_path / "tools/versions.json").write_text(json.dumps(versions))  # its one notebook has not been tried
    (tmp_path / "benchmarks/results/a.json").write_text('{"machine": {"system": "Linux x86_64", "python": "3.11.7"}}')
    (tmp_path / "tests/slow_results.json").write_text(
        '{"old": {"passed": true}, "new": {"system": "Linux x86_64", "python": "3.13.1"},'
        ' "other": {"system": "Darwin arm64", "python": "3.13.0"}}'
    )
    assert costs.tried(tmp_path) == (
        "Tried, with results on file: Darwin arm64 with Python 3.13; Linux x86_64 with Python 3.11, 3.13. "
        "Not tried, or without a result on file: Python 3.12, Windows."
    )
    versions["newest"]["notebooks"]["01"] = {"system": "Linux x86_64", "wrong": None}
    (tmp_path / "tools/versions.json").write_text(json.dumps(versions))
    assert "Linux x86_64 with Python 3.11, 3.12, 3.13." in costs.tried(tmp_path)
    assert costs.tried(ROOT) in README.splitlines()[-2]


def test_the_figure_is_described_as_on_the_page_of_lessons():
    described = re.search(r'<img src="docs/figures/lesson01\.png"[^>]*\balt="([^"]*)"', README)[1]
    entry = gallery.entries_in(gallery.PAGE.read_text("utf-8"))["lesson01"]
    assert f'alt="{described}"' in entry and len(html.unescape(described)) > 60
    other = gallery.with_first(README, "A <b> & a c.")
    assert 'alt="A &lt;b&gt; &amp; a c."' in other and gallery.with_first(other, html.unescape(described)) == README


def test_the_example_is_short_plain_keras():
    code = readme_example.example(README)
    assert len([line for line in code.splitlines() if line]) <= 15
    assert max(map(len, code.splitlines())) <= 100
    helpers = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    assert {node.module for node in helpers if "course_utils" in node.module} == {
        "course_utils.data",
        "course_utils.evaluate",
        "course_utils.models",
    }
    assert "keras.applications" in code


def test_the_example_prints_what_the_first_page_shows():
    """Runs it, without a network; another machine may round otherwise, by two points at most."""
    shown = readme_example.OUTPUT.search(README)[2]
    printed = readme_example.run(readme_example.example(README))
    number = re.compile(r"\d+")
    assert number.sub("#", printed) == number.sub("#", shown), "run `python tools/readme_example.py`"
    pairs = zip(number.findall(printed), number.findall(shown), strict=True)
    assert all(abs(int(one) - int(other)) <= 2 for one, other in pairs), (printed, shown)


def test_an_example_that_fails_says_why():
    with pytest.raises(ValueError, match="ZeroDivisionError"):
        readme_example.run("1 / 0")
