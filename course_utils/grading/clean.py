"""What of a student's work reaches the browser of whoever marks it: text, tables and pictures, and nothing that acts.

Markdown is cleaned after it has been rendered. Before that a link is nothing but letters to a cleaner of HTML, and cleaning
spoils what looks like HTML and is none: quotations, code, formulas. nbconvert's own cleaner drops pictures that travel
inside the page, which is where all figures of a notebook are, and lets in pictures from elsewhere, which tell a stranger's
server who is marking whom.
"""

from __future__ import annotations

import html
import re

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

_TEXT = "abbr b blockquote br code del div em h1 h2 h3 h4 h5 h6 hr i kbd p pre s small span strong sub sup u"
_PARTS = "a dd details dl dt figcaption figure img li ol summary table tbody td th thead tr ul"
TAGS = frozenset(f"{_TEXT} {_PARTS}".split())
ATTRIBUTES = {"a": {"title"}, "abbr": {"title"}, "img": {"alt", "title", "width"}, "ol": {"start"}}
STYLES = ["border", "border-left-width", "margin", "margin-top", "max-width", "padding", "text-align"]
INSIDE_THE_PAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
# A link leads to a place in the page, to a mail, or out into the world. One that is relative, or names a machine by a single
# word or a number, leads to the marker's own Jupyter server, where it acts with the marker's rights: the formgrader runs the
# nbgrader_config.py of whatever folder an address names. And nbconvert's templates strip "files/" from the beginning of a
# relative one afterwards, so that files/javascript:… comes out as a script.
LINK = re.compile(r"#.*|mailto:.*|https?://(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)
COLOURED = re.compile(r"highlight|[a-z][a-z0-9]?")
"""Classes of highlighted code. Others, like all ids, mean something to the formgrader's own scripts."""
OUTPUTS = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg")
# Time grows with the square of some things: for the reader of Markdown, formulas that never end; for the cleaner, tags that
# stand in each other. At these limits, pictures not counted, the worst cell takes two seconds.
MOST_LETTERS, MOST_TAGS = 20_000, 4_000
_BOX = '<input class="task-list-item-checkbox" type="checkbox" disabled'


def allowed(tag: str, name: str, value: str) -> bool:
    """Says whether an attribute may stay; a picture's source only when the picture itself is in it."""
    if name == "style":
        return True  # what may stand in it, STYLES says
    if name == "class":
        return tag in ("div", "span") and COLOURED.fullmatch(value) is not None
    if (tag, name) == ("a", "href"):
        return LINK.fullmatch(value) is not None
    if (tag, name) == ("img", "src"):
        return INSIDE_THE_PAGE.fullmatch(value) is not None
    return name in ATTRIBUTES.get(tag, ())


def clean(page: str) -> str:
    """Returns HTML with the tags, attributes and styles above; other tags are shown as text."""
    if page.count("<") > MOST_TAGS:
        return as_typed(page)
    return bleach.clean(
        page,
        tags=TAGS,
        attributes=allowed,
        protocols={"http", "https", "mailto", "data"},  # data for pictures alone: see ``allowed``
        css_sanitizer=CSSSanitizer(allowed_css_properties=STYLES),
    )


def as_typed(text: str) -> str:
    """Text as HTML that shows just its letters."""
    return f"<pre>{html.escape(text)}</pre>"


class _Attachments(dict):
    """Pictures pasted into a cell; one that is not there is empty, where nbconvert would give up on the whole notebook."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> dict[str, str]:
        return {"image/png": ""}


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """Takes the place of nbconvert's filter of this name: renders, then cleans what came out.

    Args:
        context: Jinja's; in it is the cell with its attachments.
        source: Markdown.
    """
    if len(INSIDE_THE_PAGE.sub("", source)) > MOST_LETTERS:
        return as_typed(source)
    renderer = IPythonRenderer(
        escape=False,
        allow_harmful_protocols=False,
        attachments=_Attachments((context.get("cell") or {}).get("attachments") or {}),
        exclude_anchor_links=True,
    )
    try:
        page = MarkdownWithMath(renderer=renderer).render(source)
        page = page.replace(f"{_BOX} checked/>", "☑ ").replace(f"{_BOX}/>", "☐ ")
        return clean(page) if page.count("<") <= MOST_TAGS else as_typed(source)
    except Exception:  # whatever a student makes the two libraries do costs the look of one cell, not the page
        return as_typed(source)


class CleanHTML(Preprocessor):
    """Set in ``HTMLExporter.preprocessors``; ``plug_into`` does. Takes the place of nbconvert's ``SanitizeHTML``."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Cleans what is no Markdown, and has the exporter that asks for it show Markdown as above."""
        self.parent.register_filter("markdown2html", markdown2html)
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int) -> tuple[NotebookNode, dict]:
        """Cleans one cell. Its Markdown stays as it is, for the filter."""
        if cell.cell_type == "raw":
            cell.source = as_typed(
                cell.source[:MOST_LETTERS]
            )  # what no notebook renders; nbconvert cleans it once more
        for output in cell.get("outputs", []):
            if "data" in output:
                kept = {kind: output.data[kind] for kind in OUTPUTS if isinstance(output.data.get(kind), str)}
                if "text/html" in kept:
                    kept["text/html"] = clean(kept["text/html"])
                output.data = NotebookNode(kept)
                output.metadata = NotebookNode()  # sizes from there would go into the page without quotation marks
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("data", True)]
        return cell, resources
