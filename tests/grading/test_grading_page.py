"""How much of a notebook its page renders: an honest one as nbconvert does, the worst one up to a budget, and a line says so."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from authoring.adversarial import pages
from nbgrader_isolated.notebook import budget, executed, page
from nbgrader_isolated.notebook.budget import Budget

SOLUTIONS = sorted((Path(__file__).resolve().parents[2] / "solutions").glob("lab*/lab*.ipynb"))
UNCOLOURED = {
    "." * 20_001: "longer than 20,000 characters",
    "x = 1\n" + "." * 201: "a line of it is longer than 200 characters",
    "x = 1\n" + " \n" * 30: "more than 25 empty lines or spaces in a row",
    "%%javascript\n" + "/" * 50: "its language is 'javascript'",
}


def page_of(*cells, kind: str = "feedback") -> str:
    return pages.page(kind, new_notebook(cells=list(cells)))


def spans(text: str) -> int:
    """Coloured parts of code; those of the page itself have other classes."""
    return len(re.findall(r'<span class="[a-z][a-z0-9]?">', text))


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (source, kind)
        for source in UNCOLOURED
        for kind in pages.KINDS
        if not (source.startswith("%%") and kind == "feedback")  # feedback takes magics for IPython
    ],
)
def test_code_on_which_the_highlighter_takes_long_is_shown_without_colours_and_says_why(source, kind):
    said = page_of(new_code_cell(source), kind=kind)
    assert f"This cell is shown without colours: {UNCOLOURED[source][:10]}" in said or UNCOLOURED[source] in said
    assert spans(said) == 0 and source.strip()[:200] in said


def test_code_in_all_and_its_elements_are_bounded_and_later_cells_are_shown():
    line = "a.b.c;" * 20 + "\n"
    said = page_of(*[new_code_cell(line * 80) for _ in range(20)], new_code_cell("print('the last')"))
    assert "as much as is coloured" in said and "the last" in said
    assert 0 < spans(said) <= Budget.elements


WORST_TEXTS = {
    "formulas": "\\\\[" * 6_600,
    "brackets": "[a](" * 4_900,
    "emphasis": "*a" * 9_900,
    "addresses": "[a]: https://example.org/" + "x" * 9_000 + "\n\n" + "[a] " * 2_600,
    "elements": "<div>" * 2_500,
    "long": "a " * 10_001,
}


@pytest.mark.parametrize("text", WORST_TEXTS)
def test_markdown_that_takes_long_is_shown_as_it_was_typed_and_says_why(text, monkeypatch):
    rendered = []
    real = page.clean
    monkeypatch.setattr(page, "clean", lambda made: rendered.append(made) or real(made))
    said = page_of(new_markdown_cell(WORST_TEXTS[text]))
    assert "This cell is shown as it was typed" in said and not rendered


def test_all_markdown_of_a_notebook_is_bounded(monkeypatch):
    rendered = []
    real = page.MarkdownWithMath.render
    monkeypatch.setattr(
        page.MarkdownWithMath, "render", lambda self, source: rendered.append(source) or real(self, source)
    )
    said = page_of(*[new_markdown_cell("- a\n" * 900) for _ in range(100)])
    assert sum(map(len, rendered)) <= Budget.markdown and "as much as is rendered" in said
    assert said.count("<li>") <= Budget.cleaned


def test_an_image_counts_as_often_as_it_is_shown(monkeypatch):
    image = "A" * 10_000_000
    cell = new_markdown_cell("![](attachment:a.png)\n" * 50, attachments={"a.png": {"image/png": image}})
    said = page_of(cell)
    assert len(said) < 2 * Budget.images and "addresses or images" in said
    assert "A" * 1000 in page_of(new_markdown_cell("![](attachment:a.png)", attachments=cell.attachments))


def test_outputs_are_few_and_their_text_colours_and_images_bounded():
    many = [new_output("display_data", {"text/plain": "one of many"}) for _ in range(600)]
    said = page_of(new_code_cell("1", outputs=many))
    assert said.count("one of many") == Budget.outputs and "[100 more outputs are not shown.]" in said
    flood = new_output("stream", name="stdout", text="x" * (Budget.text + 1_000))
    said = page_of(new_code_cell("1", outputs=[flood]), new_code_cell("2"))
    assert "more characters are not shown" in said and len(said) < Budget.text + 400_000
    bright = new_output("stream", name="stdout", text="\x1b[31mx" * 20_000)
    said = page_of(new_code_cell("1", outputs=[bright]))
    assert "it changes colour too often" in said and "ansi-red-fg" not in said.partition("<body>")[2]
    endless = new_output("stream", name="stdout", text="\x1b[" + ";" * 100_000 + "mx")
    assert "it changes colour too often" in page_of(new_code_cell("1", outputs=[endless]))
    big = [new_output("display_data", {"image/png": "A" * 6_000_000}) for _ in range(5)]
    assert len(page_of(new_code_cell("1", outputs=big))) < Budget.images + 1_000_000


def test_cells_that_nobody_marks_are_bounded_and_those_with_marks_are_there():
    flags = {
        "grade_id": "t",
        "grade": True,
        "solution": False,
        "locked": True,
        "points": 1,
        "score": 0.0,
        "comment": None,
    }
    marked = new_code_cell("the_marked_one", metadata={"nbgrader": flags})
    said = page_of(*[new_code_cell("pass") for _ in range(400)], marked, new_raw_cell("<div>" * 10))
    assert "101 more cells that earn no marks are not shown." in said and "the_marked_one" in said


def test_a_record_keeps_no_more_outputs_than_a_page_shows_and_every_mark():
    output = {"output_type": "display_data", "data": {"text/plain": "a"}, "metadata": {}}
    made = executed.notebook(
        [
            {"cell_type": "code", "metadata": {}, "source": "", "outputs": [output] * 4_000, "execution_count": None},
            executed.as_cell(
                {"cell_type": "code", "source": "", "role": "test"}, [executed.error("Check", "no")], {"points": 1}
            ),
            {"cell_type": "code", "metadata": {}, "source": "", "outputs": [output] * 4_000, "execution_count": None},
        ]
    )
    assert [len(cell["outputs"]) for cell in made["cells"]] == [Budget.outputs + 1, 1, 1]
    assert "4,000 more outputs" in made["cells"][2]["outputs"][0]["text"]


def test_directions_in_code_text_and_outputs_are_visible():
    over = "a\u202eb\u2066"
    out = new_output("stream", name="stdout", text=over)
    said = page_of(new_code_cell(over, outputs=[out]), new_markdown_cell(over), new_raw_cell(over))
    assert not directions(said) and said.count("u202e") == 4


def directions(text: str) -> set[str]:
    return set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.parametrize("kind", pages.KINDS)
@pytest.mark.parametrize("lab", SOLUTIONS, ids=lambda path: path.stem)
def test_a_worked_lab_is_rendered_as_it_is_without_a_budget(lab, kind, monkeypatch):
    """With answers of 5,000 words, a figure of 200 kB and a training's coloured log besides."""
    notebook = nbformat.read(lab, as_version=4)
    answer = "\n\n".join(["Our *network* learns `x` from few images, as one word more. " * 20] * 8)
    words = [new_markdown_cell(answer) for _ in range(3)]
    figure = new_output("display_data", {"image/png": "A" * 270_000, "text/plain": "<Figure>"})
    log = new_output("stream", name="stdout", text="\x1b[1m1/9\x1b[0m \x1b[32m━━\x1b[0m loss 0.1\n" * 400)
    notebook.cells += [*words, new_code_cell("plot()", outputs=[figure, log])]
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader"):
            cell.metadata.nbgrader.update(score=1.0, comment=None)
    bounded = pages.page(kind, notebook)
    boundless = Budget(*[10**15] * len(budget.Budget.__dataclass_fields__))
    monkeypatch.setattr(page, "Budget", lambda: boundless)
    monkeypatch.setattr(budget, "LONGEST_LINE", 10**9)
    assert bounded == pages.page(kind, notebook)
    assert "is shown without colours" not in bounded and "is shown as it was typed" not in bounded


def test_a_page_is_nbconverts_own_where_nothing_has_to_be_cleaned():
    cells = [
        new_code_cell(
            "def f(x):\n    return x + 1  # 'one'",
            outputs=[new_output("stream", name="stdout", text="\x1b[31mr\x1b[0m'<&")],
        ),
        new_code_cell("%%bash\nls | wc -l"),
        new_markdown_cell("# One\n\n*a* **b** `c`\n\n```python\nx = 1\n```\n\n| a |\n|---|\n| 1 |"),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"x{number}"
    ours = pages.exporter("feedback")
    plain = HTMLExporter(config=ours.config)
    plain.preprocessors = []
    plain.exclude_anchor_links = True
    plain._init_preprocessors()

    def body(exporter) -> str:
        made = exporter.from_notebook_node(new_notebook(cells=cells), resources=dict(pages.RESOURCES))[0]
        return re.sub(r"\s+", " ", made.partition('id="notebook-container"')[2])

    assert body(ours) == body(plain)
