"""Text that a student chose, made inert: where it is shown it is letters, never markup, colour, direction or a flood."""

from __future__ import annotations

import functools
import re
import unicodedata

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""A terminal's command for the colour of text."""
DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What makes the letters after it run the other way, and code read as other code than it is."""
MOST_MARKS = 4
"""Accents on one letter; more than that are a flood that covers the lines above and below."""
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def plain_text(text: object, longest: int = 200, *, lines: bool = False) -> str:
    """Text for a terminal, a message or a page: colours are left out, what cannot be printed is shown as an escape.

    Args:
        text: anything; what is no text is turned into some.
        longest: characters; longer text is cut and ends in "…".
        lines: keep line breaks and tabs, which otherwise are escaped too.

    Returns:
        At most ``longest`` characters of printable text.
    """
    text = str(text)
    said = COLOUR.sub("", text[: 20 * longest + 1000])
    if not said.isascii() or not said.isprintable():
        kept: list[str] = []
        marks = 0
        for letter in said:
            marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
            if marks <= MOST_MARKS:
                kept.append(_escaped(letter, lines))
        said = "".join(kept)
    if len(said) > longest or len(text) > 20 * longest + 1000:
        return said[: longest - 1] + "…"
    return said


def printable(text: str, *, most: int = 80) -> str:
    """A name or a reason, for one line of a terminal."""
    return plain_text(text, most)


def first_line(source: str, longest: int = 60) -> str:
    """The first line of a cell that is not blank, as :func:`plain_text`; what a reader finds the cell by."""
    return plain_text(next((line.strip() for line in source.splitlines() if line.strip()), ""), longest)


def _escaped(letter: str, lines: bool) -> str:
    if letter.isprintable() or (lines and letter in "\n\t"):
        return letter
    if unicodedata.category(letter) == "Zs":
        return " "
    return letter.encode("unicode_escape").decode("ascii")


def markdown_text(text: object, longest: int = 200) -> str:
    """The same for a place where Markdown is rendered: no letter of it is markup, HTML or a formula there."""
    # What begins a formula stands in an element of its own: MathJax looks for formulas after entities have become letters.
    return _PUNCTUATION.sub(
        lambda found: f"<span>&#{ord(found[0])};</span>" if found[0] in "$\\" else f"&#{ord(found[0])};",
        plain_text(text, longest),
    )


def readable(text: str) -> str:
    """Text of a page: marks of direction are shown as escapes and change nothing, and accents cover no other line."""
    if text.isascii():
        return text
    shown = DIRECTION.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
    return _too_many_marks().sub(lambda found: found[0][:MOST_MARKS], shown)


@functools.cache
def _too_many_marks() -> re.Pattern:
    """More than ``MOST_MARKS`` accents in a row, in any script."""
    points = (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0))
    marks = "".join(re.escape(chr(point)) for point in points if unicodedata.category(chr(point)) in ("Mn", "Me"))
    return re.compile(f"[{marks}]{{{MOST_MARKS + 1},}}")
