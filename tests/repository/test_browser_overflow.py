"""Executed lessons in a real JupyterLab: nothing is wider than its place, in a window of 900 pixels and at a zoom of 150 %.

    .venv/bin/python -m pytest -m browser tests/repository/test_browser_overflow.py -k 01

runs lesson 1 and looks at it. With EXECUTED_LESSONS=FOLDER lessons are taken from there, FOLDER/01….ipynb, and not run again.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from pathlib import Path

import nbformat
import pytest
from browsing import ROOT, TOKEN

sys.path.insert(0, str(ROOT / "tools"))

import run_notebook

pytestmark = pytest.mark.browser

LESSONS = sorted((ROOT / "lessons").glob("[0-9][0-9]_*.ipynb"))
WINDOWS = {
    "900 px": (900, 1.0),
    "zoom 150 %": (round(1280 / 1.5), 1.5),
}  # what a laptop's window shows of a page at that zoom
THEMES = ("JupyterLab Light", "JupyterLab Dark")
LOOK = """() => {
    const found = [];
    document.querySelectorAll('.jp-Notebook .jp-Cell').forEach((cell, index) => {
        const say = (what, element) => found.push(
            `cell ${index + 1}: ${what}: ${(element.innerText || element.alt || element.tagName).trim().slice(0, 60)}`);
        cell.querySelectorAll('.jp-OutputArea-output, .jp-MarkdownOutput').forEach(area => {
            const inside = [area, ...area.querySelectorAll('*')].filter(
                one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
                    && !one.closest('mjx-container, .jp-mod-hidden') && getComputedStyle(one).display !== 'inline');
            if (inside.length) {
                const one = inside[inside.length - 1];
                say(`${one.scrollWidth} px wide where ${one.clientWidth} px fit`, one);
            }
            area.querySelectorAll('pre').forEach(pre => {
                if (/^\\w+\\(children=\\(/.test(pre.textContent)) return;  // what stands for a widget until its kernel runs
                const ruler = document.createElement('span');
                ruler.textContent = '0'.repeat(100);
                ruler.style.whiteSpace = 'pre';
                ruler.style.position = 'absolute';
                pre.appendChild(ruler);
                const width = ruler.getBoundingClientRect().width / 100;
                ruler.remove();
                const style = getComputedStyle(pre);
                const columns = Math.floor(
                    (pre.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 1) / width);
                const longest = pre.textContent.split('\\n').reduce((a, b) => a.length < b.length ? b : a, '');
                if (longest.length > columns)
                    found.push(`cell ${index + 1}: a line of ${longest.length} columns where ${columns} fit: ${longest.slice(0, 60)}`);
            });
        });
    });
    return found;
}"""
"""Returns a line for each output or text that is wider than its place, and for each printed line that would be broken."""


def put_settings(server, name, **values):
    """Sets what a user sets in JupyterLab's Settings menu."""
    body = json.dumps({"raw": json.dumps(values)}).encode()
    headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{server}/lab/api/settings/{name}", data=body, headers=headers, method="PUT")
    urllib.request.urlopen(request, timeout=30).close()


def too_wide(page, server, path) -> dict[str, list[str]]:
    """Opens a notebook of work/lessons in both windows and themes; returns what is too wide there, for those where something is."""
    put_settings(
        server, "@jupyterlab/notebook-extension:tracker", windowingMode="none"
    )  # draws every cell, not those in sight
    cells = len(nbformat.read(path, as_version=4).cells)
    found = {}
    for theme in THEMES:
        put_settings(server, "@jupyterlab/apputils-extension:themes", theme=theme)
        for window, (width, scale) in WINDOWS.items():
            context = page.context.browser.new_context(
                viewport={"width": width, "height": 1000}, device_scale_factor=scale
            )
            opened = context.new_page()
            opened.set_default_timeout(120_000)
            opened.goto(f"{server}/lab/workspaces/{width}/tree/work/lessons/{path.name}?token={TOKEN}&reset")
            opened.locator(".jp-Notebook .jp-Cell").nth(cells - 1).wait_for(state="attached")
            assert opened.locator("body").get_attribute("data-jp-theme-name") == theme
            if opened.locator("#jp-left-stack").is_visible():
                opened.keyboard.press("Control+b")  # a reader closes the list of files
            opened.wait_for_timeout(2000)
            if lines := opened.evaluate(LOOK):
                found[f"{window}, {theme}"] = lines
            context.close()
    return found


def notebook_with(*outputs):
    """A notebook with a code cell for each output: a printed text, or HTML."""
    new = nbformat.v4
    cells = [new.new_markdown_cell("# A title")]
    for output in outputs:
        html = output.startswith("<")
        made = new.new_output("display_data", {"text/html": output}) if html else new.new_output("stream", text=output)
        cells.append(new.new_code_cell("x", outputs=[made], execution_count=1))
    return new.new_notebook(cells=cells)


def table(columns):
    return f"<table><tr>{'<td>0.123456789</td>' * columns}</tr></table>"


def test_what_is_too_wide_is_noticed_and_what_fits_is_not(page, server, course):
    made = notebook_with("a" * 60, table(4), "b" * 140, table(40), '<div style="width: 2000px">wide</div>')
    path = course / "work/lessons/00_made.ipynb"
    nbformat.write(made, path)
    found = too_wide(page, server, path)
    assert set(found) == {f"{window}, {theme}" for window in WINDOWS for theme in THEMES}
    for lines in found.values():
        assert [line.split(":")[0] for line in lines] == ["cell 4", "cell 5", "cell 6"], lines
        assert "a line of 140 columns" in lines[0] and "px fit" in lines[1]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_an_executed_lesson_fits_into_narrow_windows(path, page, server, course, tmp_path):
    target = course / "work/lessons" / path.name
    if folder := os.environ.get("EXECUTED_LESSONS"):
        target.write_bytes(next(Path(folder).glob(f"*{path.name[:2]}*.ipynb")).read_bytes())
    else:
        measured = run_notebook.run(path, out=target, folder=tmp_path)
        assert measured["errors"] == []
    assert too_wide(page, server, target) == {}
