"""What a student's HTML may still do in a marker's browser: show text and pictures."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbconvert import HTMLExporter

from course_utils.grading.clean import CleanHTML
from course_utils.grading.intake import parse, repair

PICTURE = '<img src="data:image/png;base64,iVBORw0KGgo=" alt="five bars" width="400">'


def clean(html):
    return CleanHTML().sanitize_html_tags(html)


def test_pictures_inside_the_page_stay_with_their_description():
    cleaned = clean(PICTURE)
    assert "data:image/png;base64,iVBORw0KGgo=" in cleaned
    assert 'alt="five bars"' in cleaned


@pytest.mark.parametrize(
    "source",
    [
        "https://example.org/who-is-marking.png",
        "//example.org/x.png",
        "data:text/html;base64,PHNjcmlwdD4=",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "javascript:alert(1)",
    ],
)
def test_pictures_from_elsewhere_and_pictures_that_act_lose_their_source(source):
    assert "src" not in clean(f'<img src="{source}" alt="x">')


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<p onclick="alert(1)">x</p>',
        "<iframe src='data:text/html,x'></iframe>",
        "<svg><script>alert(1)</script></svg>",
        '<a href="javascript:alert(1)">x</a>',
        '<p style="background:url(https://example.org)">x</p>',
    ],
)
def test_nothing_that_acts_or_calls_home_is_left(html):
    cleaned = clean(html)
    assert "<script" not in cleaned
    assert "<iframe" not in cleaned
    assert "<svg" not in cleaned
    assert "onclick" not in cleaned
    assert "javascript:" not in cleaned
    assert "url(" not in cleaned


def test_outputs_keep_hints_tables_and_figures():
    cell = nbformat.v4.new_code_cell()
    page = f"<details><summary>A hint</summary><table><tr><td>1</td></tr></table></details>{PICTURE}"
    cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": page, "application/javascript": "alert(1)"})]
    CleanHTML().preprocess_cell(cell, {}, 0)
    (output,) = cell.outputs
    assert set(output.data) == {"text/html"}
    for kept in ("<details>", "<summary>", "<td>", "<img"):
        assert kept in output.data["text/html"]


def test_pictures_pasted_into_an_answer_arrive_if_they_are_bitmaps_and_one_that_is_missing_stops_nothing():
    pasted = {"a.png": {"image/png": "iVBORw0KGgo="}, "b.svg": {"image/svg+xml": "PHN2Zz4="}, "c.png": {"image/png": 3}}
    said = "Mine:\n\n![one](attachment:a.png) ![two](attachment:b.svg) ![three](attachm&#101;nt:c.png) and the end."
    handed_in = {"cell_type": "markdown", "metadata": {}, "source": said, "attachments": pasted, "id": "x"}
    (cell,) = repair(parse(json.dumps({"cells": [handed_in]}).encode()), []).cells
    assert cell["attachments"] == {"a.png": {"image/png": "iVBORw0KGgo="}}
    made = nbformat.v4.new_markdown_cell(said, attachments=cell["attachments"])
    page, _ = HTMLExporter(preprocessors=[CleanHTML]).from_notebook_node(nbformat.v4.new_notebook(cells=[made]))
    assert 'alt="one" src="data:image/png;base64,iVBORw0KGgo="' in page
    assert "and the end." in page and "PHN2Zz4=" not in page
