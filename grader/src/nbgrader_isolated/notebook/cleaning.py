"""What HTML of a student's reaches the browser of whoever marks it: text, tables and images, and nothing that acts.

Markdown is cleaned after it has been rendered. Before that a link is nothing but letters to a cleaner of HTML, and cleaning
spoils what looks like HTML and is none: quotations, code, formulas. nbconvert's own cleaner drops images that travel
inside the page, which is where all figures of a notebook are, and lets in images from elsewhere, which tell a stranger's
server who is marking whom.
"""

from __future__ import annotations

import html
import re

import bleach
from bleach.css_sanitizer import CSSSanitizer

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
_BACKWARDS = re.compile(r"-\s*[\d.]|\\")
"""A length below zero, or letters that hide one: it would put an image over what stands above, the marks for instance."""
_ENTITY = re.compile(r"&#?\w+;?")
COLOURED = re.compile(r"highlight|[a-z][a-z0-9]?")
"""Classes of highlighted code. Others, like all ids, mean something to the formgrader's own scripts."""


def allowed(tag: str, name: str, value: str) -> bool:
    """Says whether an attribute may stay; an image's source only when the image itself is in it."""
    if name == "style":
        return _BACKWARDS.search(value) is None  # what may stand in it, STYLES says
    if name == "class":
        return tag in ("div", "span") and COLOURED.fullmatch(value) is not None
    if (tag, name) == ("a", "href"):
        return LINK.fullmatch(value) is not None
    if (tag, name) == ("img", "src"):
        return INSIDE_THE_PAGE.fullmatch(value) is not None
    return name in ATTRIBUTES.get(tag, ())


def clean(page: str) -> str:
    """Returns HTML with the tags, attributes and styles above; other tags are shown as text, ``&eacute;`` as its letter."""
    kept = bleach.clean(
        page,
        tags=TAGS,
        attributes=allowed,
        protocols={"http", "https", "mailto", "data"},  # data for images alone: see ``allowed``
        css_sanitizer=CSSSanitizer(allowed_css_properties=STYLES),
    )
    return _ENTITY.sub(_as_letter, kept)  # so that whoever looks for marks of direction afterwards sees all


def _as_letter(entity: re.Match) -> str:
    letter = html.unescape(entity[0])
    return entity[0] if letter.isascii() else letter


def as_typed(text: str) -> str:
    """Text as HTML that shows just its letters."""
    return f"<pre>{html.escape(text)}</pre>"
