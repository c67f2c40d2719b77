"""What a student's work may still do in a marker's browser: show text, images and links out into the world.

Pages are made as the formgrader and ``nbgrader generate_feedback`` make them, and read as a browser reads them.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter

import nbformat
import pytest
from bleach._vendor import html5lib

from authoring.adversarial import pages
from nbgrader_isolated.gradebook.marks import as_notebook
from nbgrader_isolated.notebook.cleaning import TAGS, clean
from nbgrader_isolated.notebook.intake import parse, repair
from nbgrader_isolated.notebook.plain_text import readable
from nbgrader_isolated.outcomes import Outcome, Record

IMAGE = '<img src="data:image/png;base64,iVBORw0KGgo=" alt="five bars" width="400">'
CALL = "javascript:fetch%28'/api/contents'%29"


@pytest.fixture(scope="module", params=pages.KINDS)
def page_of(request):
    """Makes a page of a notebook, or of one that has a text as its only cell."""

    def page_of(made: str | nbformat.NotebookNode, **more) -> str:
        if isinstance(made, str):
            made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(made, **more)])
        return pages.page(request.param, made)

    return page_of


def elements(page: str) -> Counter:
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return Counter((one.tag, tuple(sorted(one.attrib.items()))) for one in tree.iter() if isinstance(one.tag, str))


HARMLESS = {
    "href": r"#.*|https?://(?!localhost|[\d\[]).*|mailto:.*",
    "src": r"data:image/(png|jpeg|gif|webp);base64,[\w+/=]*",
    "class": r"highlight|[a-z][a-z0-9]?",
    "style": r"(?!.*(url|position|expression)).*",
    **dict.fromkeys(["alt", "title", "width", "start"], ".*"),
}


def faults(page: str, empty: str) -> list[str]:
    """What a browser would do for a student in ``page``, beyond what it does in the page of an empty notebook."""
    found = []
    for tag, attributes in elements(page) - elements(empty):
        found += [] if tag in TAGS else [f"<{tag}>"]
        found += [f"{name}={value}" for name, value in attributes if not harmless(name, value)]
    return found


def harmless(name: str, value: str) -> bool:
    return name in HARMLESS and re.fullmatch(HARMLESS[name], value, re.DOTALL) is not None


NASTY = [
    f"[figure]({CALL})",
    f"[figure](<{CALL}>)",
    f"[figure]( {CALL} 'a title')",
    f"[figure](JaVaScRiPt:{CALL[11:]})",
    "[figure](&#106;avascript:alert%281%29)",
    "[figure](java&Tab;script:alert%281%29)",
    "[figure](java%0ascript:alert%281%29)",
    "[figure](\x01javascript:alert%281%29)",
    "[figure](&#1;javascript:alert%281%29)",
    "[figure](javascript&colon;alert%281%29)",
    "[figure](%6aavascript:alert%281%29)",
    "[figure](vbscript:x)",
    "[figure](data:text/html;base64,PHNjcmlwdD4=)",
    "[figure](file:///etc/passwd)",
    # nbconvert's templates take "files/" away from the beginning of an address, after everything else.
    f"[figure](files/{CALL})",
    f"[figure](/files/{CALL})",
    f"[figure](files/files/{CALL})",
    f'<a href="files/{CALL}">figure</a>',
    f'<a href="#x" title="[a](/files/)" href="/files/{CALL}">figure</a>',
    f"[![figure](attachment:a.png)]({CALL})",
    f"[figure][1]\n\n[1]: {CALL}",
    f"[figure]\n\n[figure]: <{CALL}> 'a title'",
    "<javascript:alert(1)>",
    "<JAVASCRIPT:alert(1)>",
    f'<a href="{CALL}">figure</a>',
    '<a href="&#x6a;avascript&colon;alert(1)">figure</a>',
    '<a href=" javascript:alert(1)">figure</a>',
    # The server of whoever marks: its pages act with the rights of whoever opens them.
    "[figure](/formgrader?path=submitted/mallory/lab)",
    "[figure](?path=submitted/mallory/lab)",
    "[figure](../../formgrader?path=x)",
    "[figure](//localhost:8888/formgrader?path=x)",
    "[figure](http://localhost:8888/formgrader?path=x)",
    "[figure](http://127.0.0.1:8888/formgrader?path=x)",
    "[figure](http://[::1]:8888/formgrader?path=x)",
    "[figure](http://2130706433:8888/formgrader?path=x)",
    "[figure](http://example.org:80@localhost:8888/formgrader?path=x)",
    "[figure](http:/\\localhost:8888/formgrader)",
    "[figure](http:///localhost:8888/formgrader)",
    "http://localhost:8888/formgrader?path=x",
    "![](https://example.org/who-is-marking.png)",
    "![](//example.org/x.png)",
    "![](image.png)",
    "![](files/image.png)",
    "![x][1]\n\n[1]: https://example.org/x.png",
    "![](data:image/svg+xml;base64,PHN2Zz4=)",
    "![](data:text/html;base64,PHNjcmlwdD4=)",
    f"![]({CALL})",
    '<img src="https://example.org/x.png">',
    '<img srcset="https://example.org/x.png" src="x" onerror="alert(1)">',
    '![" onerror="alert(1)](data:image/png;base64,AA==)',
    '![x](data:image/png;base64,AA== "t\\" onerror=\\"alert(1)")',
    "![x](data:image/png;base64,AA==&quot;onerror=&quot;alert%281%29)",
    '[x](https://example.org/"onclick="alert%281%29)',
    "[x](https://example.org 'a\" onclick=\"alert(1)')",
    "<script>alert(1)</script>",
    "text <script>alert(1)</script> text",
    "<script\n>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src='data:text/html,x'></iframe>",
    "<object data='x'></object><embed src='x'>",
    '<form action="/x"><input name="a" formaction="/y"><button>b</button></form>',
    "<base href='https://example.org/'><meta http-equiv='refresh' content='0;url=https://example.org'>",
    "<link rel=stylesheet href='https://example.org/x.css'><style>p{background:url(https://example.org)}</style>",
    '<p onclick="alert(1)" id="test-double" name="score" class="score tabbable">x</p>',
    '<p style="background:url(https://example.org);position:fixed">x</p>',
    "</div></div></div></div></div><script>alert(1)</script>",
    "<!-- --><img src=x onerror=alert(1)> -->",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?x <img src=x onerror=alert(1)> ?>",
    "```mermaid\n<img src=x onerror=alert(1)>\n```",
    "```<img/src=x/onerror=alert(1)>\nx\n```",
    '```x"onclick="alert(1)\nx\n```',
    "```html\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "$<img src=x onerror=alert(1)>$",
    "$$\n<script>alert(1)</script>\n$$",
    "\\\\(<script>alert(1)</script>\\\\)",
    "\\begin{x}<script>alert(1)</script>\\end{x}",
    "# <img src=x onerror=alert(1)>\n\n## [x](javascript:alert%281%29)",
    "# test-double",
    "|a|\n|-|\n|<script>alert(1)</script> [x](javascript:alert%281%29)|",
    "- [ ] <input autofocus onfocus=alert(1)>\n- [x] x",
    "[x](attachment:a.png)",
    "![x](attachment:a.svg)",
    "![x](attachment:nowhere.png)",
]


def pasting(sources: list[str]) -> nbformat.NotebookNode:
    """A notebook of these texts, into each of which two images were pasted."""
    pasted = {"a.png": {"image/png": "AA=="}, "a.svg": {"image/svg+xml": "PHN2Zz4="}}
    cells = [nbformat.v4.new_markdown_cell(source, attachments=pasted) for source in sources]
    return nbformat.v4.new_notebook(cells=cells)


def test_no_text_of_a_student_acts_calls_home_or_leads_to_the_markers_own_server(page_of):
    page = page_of(pasting([f"Cell {number}.\n\n{said}" for number, said in enumerate(NASTY)]))
    assert faults(page, page_of(pasting(["x"] * len(NASTY)))) == []
    assert all(f"<p>Cell {number}." in page for number in range(len(NASTY)))


def test_the_test_would_see_it(page_of):
    page = page_of("x")
    for attack in ("<script>alert(1)</script>", f'<a href="{CALL}">x</a>', "<p onclick='x'>x</p>", "<img src='x.png'>"):
        assert faults(page.replace("</body>", f"{attack}</body>"), page)


HONEST = {
    "# One\n\n##### Five": ["<h1>One</h1>", "<h5>Five</h5>"],
    "*a* **b** ~~c~~ `x < y && z`": [
        *("<em>a</em>", "<strong>b</strong>", "<del>c</del>"),
        "<code>x &lt; y &amp;&amp; z</code>",
    ],
    "> a quotation": [r"<blockquote>\s*<p>a quotation</p>"],
    "1. a\n2. b\n   - c": [r"<ol>\s*<li>a</li>", r"<ul>\s*<li>c</li>"],
    "- [x] done\n- [ ] not": ["☑ done", "☐ not"],
    "| a | b |\n|:--|--:|\n| 1 | 2 |": ["<th[^>]*>a</th>", '<td style="text-align:right;">2</td>'],
    "```python\nx = 1 < 2\n```": [
        '<div class="highlight">',
        '<span class="mi">1</span>',
        '<span class="o">&lt;</span>',
    ],
    "```\na  <b>\n```": ["<pre><code>a  &lt;b&gt;\n</code></pre>"],
    "$a_b < c_d$, \\\\(x_1*y*z\\\\) and $$\\sum_i a_i \\\\ b$$": [
        *(r"\$a_b &lt; c_d\$", r"\$x_1\*y\*z\$", r"\$\$\\sum_i a_i \\\\ b\$\$"),
    ],
    "\\begin{align}\na &= b \\\\\nc_1 &= d_1\n\\end{align}": [
        r"\\begin{align}\na &amp;= b \\\\\nc_1 &amp;= d_1\n\\end{align}"
    ],
    "[a](https://example.org/x?y=1&z=2#w 't') <https://example.org> https://pytorch.org/docs": [
        '<a href="https://example.org/x\\?y=1&amp;z=2#w" title="t">a</a>',
        '<a href="https://example.org">https://example.org</a>',
        '<a href="https://pytorch.org/docs">',
    ],
    "[a](mailto:ada@example.org) [b](#there) [c](http://Example.ORG:8080)": [
        *('href="mailto:ada@example.org"', 'href="#there"', 'href="http://Example.ORG:8080"'),
    ],
    "<details><summary>A hint</summary>\n\n*Look* again.\n\n</details>": ["<details><summary>A hint", "<em>Look</em>"],
    "![five bars](data:image/gif;base64,R0lGOD==)": ['<img alt="five bars" src="data:image/gif;base64,R0lGOD=="'],
    IMAGE: ['<img alt="five bars" src="data:image/png;base64,iVBORw0KGgo=" width="400"'],
    "![pasted](attachment:a.png)": ['<img alt="pasted" src="data:image/png;base64,AA=="'],
}


def test_what_an_honest_answer_is_made_of_still_looks_as_it_should(page_of):
    for said, cell in zip(HONEST, cells(page_of(pasting(list(HONEST)))), strict=True):
        for expected in HONEST[said]:
            assert re.search(expected, cell), cell


def cells(page: str) -> list[str]:
    return page.split('<div class="text_cell_render')[1:]


@pytest.mark.parametrize("tag, times", [("<b>", 4_500), ("<div>", 90_000), ("\\\\(x", 120_000)])
def test_a_cell_that_would_take_hours_is_shown_as_it_was_typed(tag, times, page_of):
    assert f"<pre>Deep: {html.escape(tag * times)}</pre>" in page_of("Deep: " + tag * times)
    raw = page_of(nbformat.v4.new_notebook(cells=[nbformat.v4.new_raw_cell("<div>" * 150_000)]))
    assert faults(raw, page_of("x")) == []


def test_neither_outputs_nor_raw_cells_act_and_hints_tables_and_figures_in_them_stay(page_of):
    shown = f"<details><summary>A hint</summary><table><tr><td>1</td></tr></table></details>{IMAGE}"
    attack = f'<script>alert(1)</script><a href="files/{CALL}">x</a><img src="https://example.org/x.png">'
    outputs = [
        nbformat.v4.new_output("display_data", {"text/html": shown + attack, "application/javascript": "alert(1)"}),
        nbformat.v4.new_output("display_data", {"text/markdown": f"*md* [x]({CALL}) ![x](attachment:a.png)"}),
        nbformat.v4.new_output("display_data", {"image/svg+xml": "<svg onload='alert(1)'></svg>"}),
        nbformat.v4.new_output(
            "display_data",
            {"image/png": "AA=="},
            metadata={"image/png": {"width": "1 onload=alert(1)"}, "filenames": {"image/png": "https://example.org/x"}},
        ),
    ]

    def made(outputs, raw):
        cells = [nbformat.v4.new_code_cell("pass", outputs=outputs, id="code"), nbformat.v4.new_raw_cell(raw)]
        return nbformat.v4.new_notebook(cells=cells)

    page = page_of(made(outputs, attack))
    empty = [{"text/html": ""}, {"text/markdown": ""}, {"image/png": "AA=="}]
    empty = page_of(made([nbformat.v4.new_output("display_data", data) for data in empty], ""))
    assert faults(page, empty) == []
    for kept in ("<summary>A hint</summary>", "<td>1</td>", 'alt="five bars"', "<em>md</em>", "base64,AA=="):
        assert kept in page


def test_images_pasted_into_an_answer_arrive_if_they_are_bitmaps_and_one_that_is_missing_stops_nothing(page_of):
    pasted = {"a.png": {"image/png": "iVBORw0KGgo="}, "b.svg": {"image/svg+xml": "PHN2Zz4="}, "c.png": {"image/png": 3}}
    said = "Mine:\n\n![one](attachment:a.png) ![two](attachment:b.svg) ![three](attachm&#101;nt:c.png) and the end."
    handed_in = {"cell_type": "markdown", "metadata": {}, "source": said, "attachments": pasted, "id": "x"}
    (cell,) = repair(parse(json.dumps({"cells": [handed_in]}).encode()), []).cells
    assert cell["attachments"] == {"a.png": {"image/png": "iVBORw0KGgo="}}
    page = page_of(said, attachments=cell["attachments"])
    assert 'alt="one" src="data:image/png;base64,iVBORw0KGgo="' in page
    assert "and the end." in page and "PHN2Zz4=" not in page


def test_a_note_that_quotes_a_students_file_name_is_no_link_and_a_notebook_graded_without_a_sandbox_says_so(page_of):
    note = f"'[x]({CALL})<script>' was left out: it is a link or a special file."
    empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    page = page_of(as_notebook(Record("lab", Outcome.GRADED, [note], cells=empty), None, "lab"))
    assert faults(page, page_of("x")) == [] and "was left out" in page
    assert "sandbox" not in page
    alone = as_notebook(Record("lab", Outcome.GRADED, sandboxed=False, cells=empty), None, "lab")
    assert "<strong>Graded without a sandbox:</strong>" in page_of(alone)


@pytest.mark.parametrize(
    "source",
    ["https://example.org/x.png", "//example.org/x.png", "data:image/svg+xml;base64,PHN2Zz4=", "javascript:alert(1)"],
)
def test_the_cleaner_alone_drops_images_from_elsewhere_and_images_that_act(source):
    assert "src" not in clean(f'<img src="{source}" alt="x">')


def test_no_entity_turns_letters_round_and_no_image_is_moved_over_what_stands_above():
    said = readable(clean("a &#x202e;b &rlm; &eacute; &lt;b&gt; &amp;rlm; <i title='&#8238;'>c</i>"))
    assert (
        "\u202e" not in html.unescape(said).replace("&", "") and "\\u202e" in said and "é &lt;b&gt; &amp;rlm;" in said
    )
    for style in ("margin-top:-900px", "margin: 0 0 - 9px", "margin-top:calc(1px - 900px)", r"margin-top:\2d 900px"):
        assert "margin" not in clean(f'<p style="{style}">x</p>'), style
    assert clean('<p style="margin-top: 9px;">x</p>') == '<p style="margin-top: 9px;">x</p>'


def test_accents_cover_no_other_line_and_letters_that_need_them_keep_them():
    assert readable("e" + "\u0301" * 3000 + " \u0e01" + "\u0e34" * 50) == "e" + "\u0301" * 4 + " \u0e01" + "\u0e34" * 4
    for text in ("Việt", "שָׁלוֹם", "ภาษาไทย", "हिन्दी", "a\u0301\u0323"):
        assert readable(text) == text
