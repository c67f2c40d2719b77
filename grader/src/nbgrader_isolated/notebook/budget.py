"""How much of one notebook its page renders; what goes beyond is shown as it was typed, and a line says so.

Counted in characters, elements and outputs, so that the same notebook gives the same page on every machine. Highlighting,
Markdown and the page's parser take time with the square of some things, and each element costs the parser as much as a
hundred letters. Honest notebooks stay far below: a worked lab has at most 31,000 characters of code and 35,000 of text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CODE_IN_CELL, LONGEST_LINE, LONGEST_GAP = 20_000, 200, 25
"""Characters of a coloured cell, of each of its lines, and of spaces and line breaks in a row."""
MARKDOWN_IN_CELL, ELEMENTS_IN_CELL = 20_000, 2_000
"""Characters, images not counted, and elements of what one cell of Markdown becomes."""
LONGEST_ADDRESSES = 200_000
"""Characters of all addresses in a cell's links: one that is long can be referred to often."""
_GAP = re.compile(rf"\s{{{LONGEST_GAP + 1}}}")
_INDENTED = re.compile(r"^[ \t]+", re.MULTILINE)
_MARK = re.compile(r"[\[\]*_`<>$\\!|#&~^]")
_LONG_COLOUR = re.compile(r"\x1b\[[0-9;]{40,}m?")


@dataclass
class Budget:
    """What is left of one notebook's page.

    Attributes:
        code: characters to colour.
        markdown: characters of Markdown, images not counted.
        marks: for each cell of Markdown, the characters that may be markup times all its characters: from each of them a
            reader may search to the end.
        elements: of code, Markdown and coloured outputs together.
        cleaned: elements of Markdown and HTML, which are cleaned.
        text: characters that are shown, of sources and outputs.
        images: characters of images, as often as they are shown.
        outputs: of all cells.
        cells: that have no mark.
        colours: for each output, its changes of colour times its characters.
    """

    code: int = 50_000
    markdown: int = 80_000
    marks: int = 30_000_000
    elements: int = 15_000
    cleaned: int = 5_000
    text: int = 500_000
    images: int = 25_000_000
    outputs: int = 500
    cells: int = 300
    colours: int = 1_000_000_000

    def takes(self, **units: int) -> bool:
        """Whether as much is left of each; only then it is used up."""
        if any(getattr(self, name) < count for name, count in units.items()):
            return False
        for name, count in units.items():
            setattr(self, name, getattr(self, name) - count)
        return True

    def refuses_code(self, source: str) -> str:
        """Why code is shown without colours; nothing where it may be coloured, and then it has been counted."""
        if len(source) > CODE_IN_CELL:
            return f"it is longer than {CODE_IN_CELL:,} characters"
        if max(map(len, source.split("\n")), default=0) > LONGEST_LINE:
            return f"a line of it is longer than {LONGEST_LINE} characters"
        if _GAP.search(_INDENTED.sub("", source)):
            return f"it has more than {LONGEST_GAP} empty lines or spaces in a row"
        if not self.takes(code=len(source)):
            return "the notebook's code before it is as much as is coloured"
        return ""

    def refuses_markdown(self, source: str, letters: int) -> str:
        """Why Markdown is shown as it was typed; ``letters`` are its characters without its images."""
        if letters > MARKDOWN_IN_CELL:
            return f"it is longer than {MARKDOWN_IN_CELL:,} characters"
        if not self.takes(markdown=letters, marks=len(_MARK.findall(source)) * letters, images=len(source) - letters):
            return "the notebook's text before it, or its markup, is as much as is rendered"
        return ""

    def refuses_colours(self, text: str) -> str:
        """Why an output is shown without colours."""
        changes = text.count("\x1b")
        if _LONG_COLOUR.search(text) or not self.takes(elements=changes, colours=changes * len(text)):
            return "it changes colour too often"
        return ""

    def cut(self, text: str) -> str:
        """As much of a text as is left to show; a line says where the rest was left out."""
        if self.takes(text=len(text)):
            return text
        shown, self.text = text[: self.text], 0
        return f"{shown}\n[{len(text) - len(shown):,} more characters are not shown: the notebook's page is full.]"
