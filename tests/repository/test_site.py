"""The web site: every page readable without a network, in both themes and in narrow windows, and without a solution."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from browsing import ROOT
from site_pages import build, faults, lost, pages_of, served, soup

from authoring import costs, golden, places

sys.path += [str(ROOT / folder) for folder in ("site", "tools", "benchmarks")]

pytestmark = pytest.mark.browser

MADE = "09_when_it_breaks.ipynb"
"""In the quick tests this lesson is made of the cells below, and run; the others appear without results."""
CELLS = (
    "import matplotlib.pyplot as plt\nimport pandas as pd\nfrom course_utils import plots, widgets",
    "figure, axes = plt.subplots(figsize=(12, 3))\naxes.plot([1, 3, 2])\n"
    "plots.describe(figure, 'A line with its <highest> value in the middle.')",
    "pd.DataFrame([range(40)] * 2, index=['first', 'second'])",
    "print('x' * 150)",
    "import rich\nrich.print('[#0087ff]in colour, as Keras prints a summary')",
    "widgets.quiz([{'question': 'Is `1` less than 2?', 'options': ['Yes.', 'No.'], 'answer': 0,"
    " 'why': ['One comes first.', 'Count again.']}])",
)
KINDS = {
    "home": "index.html",
    "gallery": "docs/lessons.html",
    "lesson with results": f"lessons/{MADE.replace('.ipynb', '.html')}",
    "lesson without": "lessons/07_is_it_right.html",
    "list of labs": "labs/index.html",
    "lab": "labs/lab2/lab2.html",
    "glossary": "lessons/GLOSSARY.html",
    "task": "docs/instructors/grade.html",
    "benchmarks": "docs/benchmarks.html",
    "list of modules": "reference/index.html",
    "module": "reference/course_utils.evaluate.html",
    "index of names": "genindex.html",
    "search": "search.html?q=augmentation",
}


@pytest.fixture(scope="module")
def small(course, tmp_path_factory) -> Path:
    """The site of a copy whose setting names a repository and whose lesson 9 is made and run; other lessons are not run."""
    project = course / "pyproject.toml"
    project.write_text(project.read_text("utf-8").replace('\nrepository = ""', '\nrepository = "Someone/a.course"'))
    lesson = course / "lessons" / MADE
    notebook = nbformat.read(lesson, as_version=4)
    code = [nbformat.v4.new_code_cell(source) for source in CELLS]
    code[-1].metadata["jupyter"] = {"source_hidden": True}
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"] + code
    nbformat.write(notebook, lesson)
    given = tmp_path_factory.mktemp("given")
    run = [sys.executable, str(course / "tools/run_notebook.py"), str(lesson), "--out", str(given / MADE)]
    subprocess.run(run, check=True, capture_output=True)
    out = tmp_path_factory.mktemp("site")
    done = build(course, out, "--quick", "--executed", str(given))
    assert done.returncode == 0, done.stderr
    return out / "html"


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_each_kind_is_readable_without_a_network(kind, small, chromium):
    assert faults(chromium, f"{small.as_uri()}/{KINDS[kind]}") == []


def test_what_is_wrong_with_a_page_would_be_noticed(chromium, tmp_path):
    (tmp_path / "bad.html").write_text(
        "<html lang=en data-theme=light><title>A page</title><main><h1>A page</h1><img src='none.png'>"
        "<p style='width: 2000px; color: #777; background: #888'>pale</p></main>"
        "<script src='https://example.org/a.js'></script><script>const query = matchMedia('(prefers-color-scheme: dark)');"
        "document.documentElement.dataset.theme = query.matches ? 'dark' : 'light'; missing()</script></html>"
    )
    found = "\n".join(faults(chromium, (tmp_path / "bad.html").as_uri()))
    for part in (
        "asks https://example.org",
        "px wide",
        "no alt",
        "empty",
        "color-contrast",
        "image-alt",
        "missing is not",
    ):
        assert f"light, 380 px: {part}" in found or part in found, part
    assert lost(tmp_path) == [("bad.html", "none.png")]


def test_every_link_within_the_site_leads_somewhere(small):
    assert len(pages_of(small)) > 60
    assert lost(small) == []


def test_a_lesson_shows_figure_table_and_quiz_with_its_answers_folded(small, chromium):
    page = chromium.new_page(color_scheme="dark")
    page.goto(f"{small.as_uri()}/{KINDS['lesson with results']}")
    assert page.locator("img[alt='A line with its <highest> value in the middle.']").count() == 1
    assert page.locator("table.dataframe").count() == 1 and page.get_by_text("Is 1 less than 2?").is_visible()
    assert not page.get_by_text("One comes first.").last.is_visible()
    page.get_by_text("Answer to question 1").click()
    assert page.get_by_text("One comes first.").last.is_visible()
    assert not page.get_by_text("widgets.quiz").is_visible(), "the code of a quiz holds its answers"
    code = page.get_by_text("Is 1 less than 2?").locator("code").first
    colours = code.evaluate("one => [getComputedStyle(one).color, getComputedStyle(document.body).backgroundColor]")
    assert colours[0] != colours[1] and "built without running" not in page.content()
    page.goto(f"{small.as_uri()}/{KINDS['lesson without']}")
    assert page.get_by_text("This copy of the page was built without running the lesson").is_visible()
    page.close()


@pytest.mark.parametrize("lab", sorted(path.name for path in (ROOT / "labs").glob("lab*")))
def test_a_lab_is_shown_as_released(lab, small):
    released, solution = (
        nbformat.read(ROOT / folder / lab / f"{lab}.ipynb", as_version=4) for folder in ("labs", "solutions")
    )
    text = " ".join(soup(small / f"labs/{lab}/{lab}.html").get_text().split())
    given = "\n".join(cell.source for cell in released.cells)
    lines = {line.strip() for cell in solution.cells for line in cell.source.splitlines()}
    hidden = {line for line in lines if len(line) > 25 and line.rstrip(",)") not in given}
    assert len(hidden) > 20
    assert [line for line in hidden if " ".join(line.split()) in text] == []
    shown = [cell.source for cell in released.cells if cell.cell_type == "code"]
    assert [code for code in shown if " ".join(code.split()) not in text] == []
    copy = small / f"downloads/{lab}.ipynb"
    assert copy.read_bytes() == (ROOT / "labs" / lab / f"{lab}.ipynb").read_bytes()


def test_nothing_of_the_solutions_is_on_the_site(small):
    names = {path.relative_to(small).as_posix() for path in small.rglob("*") if path.is_file()}
    assert not [name for name in names if "solution" in name or "answers" in name or "expected" in name]
    assert not [
        page for page in pages_of(small) if "BEGIN SOLUTION\n" in soup(page).get_text() and "labs" in page.parts
    ]


def test_the_reference_documents_what_every_package_exports(small):
    from course_utils import data, models

    for module in (data, models):
        ids = {tag["id"] for tag in soup(small / f"reference/{module.__name__}.html").find_all(id=True)}
        assert {f"{module.__name__}.{name}" for name, thing in golden.public(module).items() if callable(thing)} <= {
            *ids, *(one.replace(one.rpartition(".")[0], module.__name__) for one in ids)
        }  # fmt: skip


def test_search_finds_a_page_and_the_served_site_is_the_same(small, chromium):
    page = chromium.new_page()
    page.goto(f"{small.as_uri()}/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("checkpoint")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html*")
    page.locator("ul.search a").first.wait_for()
    assert page.locator("ul.search a[href*='lessons/']").count() > 0
    page.close()
    with served(small.parent) as address:
        opened = chromium.new_page()
        opened.goto(f"{address}/{small.name}/{KINDS['lab']}")
        assert opened.locator("h1").inner_text().startswith("Lab 2")
        assert opened.evaluate("getComputedStyle(document.querySelector('.bd-header')).position") == "sticky"
        opened.close()


def test_a_second_build_changes_nothing_and_a_change_only_its_page(small, course):
    def times():
        return {path: path.stat().st_mtime_ns for path in small.rglob("*.html")}

    out, page, gone = small.parent, small / "docs/gpu.html", small / "docs/gone.html"
    before = times()
    gone.write_text("an old page")
    assert build(course, out, "--quick").returncode == 0
    assert {path: time for path, time in times().items() if not path.name.startswith(("search", "genindex"))} == {
        path: time for path, time in before.items() if not path.name.startswith(("search", "genindex"))
    }
    source = course / "docs/gpu.md"
    source.write_text(source.read_text("utf-8") + "\nOne more sentence, about zebras.\n")
    assert build(course, out, "--quick").returncode == 0
    assert "zebras" in page.read_text("utf-8") and times()[page] > before[page]
    assert times()[small / "docs/published.html"] == before[small / "docs/published.html"]
    source.write_text(source.read_text("utf-8") + "\nA [link](#to-nowhere).\n")
    for _ in range(2):  # the second time it is still refused
        done = build(course, out, "--quick")
        assert done.returncode != 0 and "to-nowhere" in done.stderr


def test_outputs_are_kept_by_what_decides_them(tmp_path, monkeypatch):
    import executed

    lesson = tmp_path / "01_small.ipynb"

    def write(text, code):
        new = nbformat.v4
        cells = [new.new_markdown_cell(text), new.new_code_cell(code)]
        nbformat.write(new.new_notebook(cells=cells), lesson)

    def printed(**options):
        notebook = executed.executed(lesson, tmp_path, **options)
        return notebook and (notebook.cells[0].source, notebook.cells[1].outputs[0].text)

    write("# One", "print(1 + 1)")
    assert printed(may_run=False) is None
    assert printed() == ("# One", "2\n")
    write("# Another", "print(1 + 1)")
    assert printed(may_run=False) == ("# Another", "2\n"), "a text decides no output"
    write("# Another", "print(1 + 2)")
    assert printed(may_run=False) is None, "code does"
    write("# Another", "import course_utils.errors\nprint(1 + 2)")
    before = executed.digest(nbformat.read(lesson, as_version=4))
    monkeypatch.setitem(executed.decides.files(), "course_utils/errors.py", "other")
    assert executed.digest(nbformat.read(lesson, as_version=4)) != before, "so does what it imports"
    write("# Another", "1 / 0")
    with pytest.raises(executed.LessonError, match="ZeroDivisionError"):
        printed()


def test_the_workflow_publishes_what_make_site_builds():
    workflow = yaml.safe_load((ROOT / ".github/workflows/site.yml").read_text("utf-8"))
    steps = workflow["jobs"]["build"]["steps"]
    assert {"run": "make site"} in steps
    upload = next(step for step in steps if step.get("uses", "").startswith("actions/upload-pages-artifact@"))
    assert upload["with"]["path"] == "build/site/html"
    assert workflow["jobs"]["publish"]["needs"] == "build"


@pytest.mark.slow
@pytest.mark.timeout(1800)  # it runs every lesson, and opens every page in four ways
def test_the_whole_site_with_every_lesson_run_is_readable_without_a_network(chromium):
    """Builds in build/site, as `make site` does, and so takes what is kept there; EXECUTED_LESSONS=FOLDER gives lessons."""
    given = os.environ.get("EXECUTED_LESSONS")
    out = ROOT / "build/site"
    done = build(ROOT, out, *(["--executed", given] if given else []))
    assert done.returncode == 0, done.stderr
    html = out / "html"
    assert lost(html) == []
    lessons = sorted((html / "lessons").glob("[0-9]*.html"))
    assert len(lessons) == 10
    for page in lessons:
        drawn = [image for image in soup(page).find_all("img") if image["src"].startswith("data:")]
        assert drawn and "built without running" not in soup(page).get_text(), page.name
        assert "Traceback" not in soup(page).get_text() and str(ROOT) not in page.read_text("utf-8"), page.name
    assert "colab.research" not in (html / "index.html").read_text("utf-8") or places.repository(ROOT)
    kinds = {*lessons, *(html / page.partition("?")[0] for page in KINDS.values())}
    found = {page.name: faults(chromium, page.as_uri(), axe=page in kinds) for page in pages_of(html)}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_one_setting_makes_every_link_to_the_site_and_to_colab(small, course, tmp_path):
    name = f"lessons/{MADE}"
    colab = f"https://colab.research.google.com/github/Someone/a.course/blob/main/{name}"
    assert soup(small / name.replace(".ipynb", ".html")).find("a", href=colab)
    home = soup(small / "index.html")
    assert home.find("a", href="https://github.com/Someone/a.course/blob/main/CITATION.cff")
    assert costs.header("lesson09", course).count("Someone/a.course") == 1
    assert "(https://someone.github.io/a.course/lessons/09_when_it_breaks.html)" in costs.header("lesson09", course)
    assert "(https://someone.github.io/a.course/labs/lab1/lab1.html)" in costs.header("lab1", course)
    assert "[Read the lessons with their results](https://someone.github.io/a.course/)" in places.where_to_read(course)
    (tmp_path / "pyproject.toml").write_text('[tool.course]\nrepository = ""\n')
    assert places.notebook_links(name, tmp_path) == [] and places.source(name, tmp_path) is None
    assert "No copy is published" in " ".join(places.where_to_read(tmp_path).split())
    (tmp_path / "pyproject.toml").write_text('[tool.course]\nrepository = "https://github.com/a/b"\n')
    with pytest.raises(ValueError, match="OWNER/NAME"):
        places.site(tmp_path)
