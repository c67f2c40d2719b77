"""The words of the lessons and their length: phrases that are never right, and how much a lesson may hold.

python -m authoring.words             # lists what every lesson breaks
python -m authoring.words lesson03    # one
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

MOST_WORDS, AIM_WORDS = 2200, 1500
MOST_CELLS = 50
MOST_COLUMNS = 88

PHRASES: tuple[tuple[str, str, str], ...] = (
    (r"pictures?", "image, or photo", "A picture of a cat."),
    (r"cut-?outs?", "object", "The cut-outs are shared out."),
    (r"mode [AB]", "feature extraction with cached features, or end to end", "This is mode A."),
    (r"judge(?:s|d|ments?)?|judging|judgements?", "evaluate, or test", "It is judged on the test set."),
    (r"by heart", "overfit", "It learns the images by\nheart."),
    (r"thousand million", "billion", "Fifteen thousand million operations."),
    (r"asleep", "frozen, or in inference mode", "BatchNorm is asleep."),
    (r"awake", "trainable, or in training mode", "BatchNorm is awake."),
    (r"undecided", "inconclusive", "The comparison is undecided."),
    (r"(?:always )?(?:the )?commonest", "most frequent; majority-class baseline", "Always the commonest class."),
    (r"dear(?:er|est)", "more expensive", "The second way is dearer."),
    (r"times sooner", "times faster", "It gets there ten times sooner."),
    (r"mend(?:s|ed|ing)?", "fix", "One line mends it."),
    (r"cur(?:e|es|ed|ing)", "fix", "The cure is a smaller learning rate."),
    (r"beside", "next to, or compared with", "It shows ours beside theirs."),
    (r"in the wild", "published", "Transfer learning in the wild."),
    (r"what people copy", "baseline recipe", "This is what people copy."),
    (r"whole numbers", "integer", "Pixels are whole numbers from 0 to 255."),
    (
        r"(?:numbers|parameters) (?:that are |are )?left to learn",
        "trainable parameters",
        "1,281 numbers left to learn.",
    ),
    (r"give back|gives back|gave back|given back|giving back", "return", "The function gives back a batch."),
    (r"anew", "again; at random; resample", "The objects are drawn anew."),
    (r"cached views?|augmented views?", "augmented copies", "Four cached views of each image."),
    (r"hostile", "adversarial", "A hostile submission."),
    (r"be honest about", "leave it out and state the fact", "Let us be honest about one thing."),
)
"""Pattern, what the field says, and a sentence that holds it. Only what is never right stands here."""

_LOOKED_FOR = re.compile("|".join(rf"(?P<p{i}>\b(?:{pattern})\b)" for i, (pattern, *_) in enumerate(PHRASES)), re.I)
_CASE = {r"mode [AB]"}


def prose(text: str) -> str:
    """Returns a Markdown text as words on one line: without code, HTML, addresses, formulas and what is quoted."""
    text = re.sub(r"```.*?```", " ", text, flags=re.S)
    text = re.sub(r"`[^`]*`|\$[^$\n]+\$", " … ", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"<[^>]*>|https?://\S+", " ", text)
    text = " ".join(text.split())
    return re.sub(r"“[^”]{0,150}”|\"[^\"]{0,150}\"", " … ", text)


def said_in_code(source: str) -> list[str]:
    """Returns what a reader of a code cell reads as prose: comments, and texts of more than one word."""
    source = TransformerManager().transform_cell(source)
    try:
        found = [
            node.value
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip()
        ]
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (SyntaxError, tokenize.TokenError):
        return []  # complained about elsewhere
    return found + [token.string for token in tokens if token.type == tokenize.COMMENT]


def phrases(text: str) -> list[str]:
    """Returns one fault for each phrase in a text that is never right, with what the field says instead."""
    found = []
    for match in _LOOKED_FOR.finditer(prose(text)):
        pattern, instead, _ = PHRASES[int(match.lastgroup[1:])]
        if pattern not in _CASE or re.fullmatch(pattern, match[0]):
            found.append(f"says {match[0]!r}; the field says: {instead}")
    return found


def phrase_faults(notebook: nbformat.NotebookNode) -> list[str]:
    """Returns a fault for each phrase of a notebook that is never right, with the cell it stands in."""
    found = []
    for number, cell in enumerate(notebook.cells, start=1):
        texts = [cell.source] if cell.cell_type == "markdown" else said_in_code(cell.source)
        found += [f"cell {number} {fault}" for text in texts for fault in phrases(text)]
    return found


def word_count(notebook: nbformat.NotebookNode) -> int:
    """Returns the words of prose in a lesson's main line: in its text cells, without what is folded and without tables."""
    words = 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"<details>.*?</details>", " ", cell.source, flags=re.S)
            text = re.sub(r"^\|.*$", " ", text, flags=re.M)
            words += len(re.findall(r"\w[\w'’.-]*", prose(text)))
    return words


def length_faults(notebook: nbformat.NotebookNode) -> list[str]:
    """Returns a fault for too many words, too many cells, and each line of code that is too long for a window."""
    words, cells, found = word_count(notebook), len(notebook.cells), []
    if words > MOST_WORDS:
        found.append(
            f"has {words} words of prose; about {AIM_WORDS} were expected, and at most {MOST_WORDS}: shorten it"
        )
    if cells > MOST_CELLS:
        found.append(f"has {cells} cells; at most {MOST_CELLS} were expected: join or drop some")
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            for line, text in enumerate(cell.source.splitlines(), start=1):
                if len(text) > MOST_COLUMNS:
                    found.append(
                        f"cell {number} line {line} has {len(text)} columns; at most {MOST_COLUMNS} fit: break it"
                    )
    return found


def link_faults(notebook: nbformat.NotebookNode) -> list[str]:
    """Returns a fault for each link to a term that the glossary does not have."""
    terms = re.findall(r"^## (.+)$", (Path(__file__).parent / "glossary.md").read_text("utf-8"), flags=re.M)
    anchors = {term.replace(" ", "-") for term in terms}
    return [
        f"cell {number} links to GLOSSARY.md#{anchor}; expected a term of authoring/glossary.md, with - for spaces: add it there"
        for number, cell in enumerate(notebook.cells, start=1)
        for anchor in re.findall(r"GLOSSARY\.md#([^)\s\"]*)", cell.source)
        if anchor not in anchors
    ]


def faults(notebook: nbformat.NotebookNode, *, lab: bool) -> list[str]:
    """Returns every rule of this module that a notebook breaks; the rules of length hold for lessons alone."""
    if lab:
        return phrase_faults(notebook)
    return phrase_faults(notebook) + length_faults(notebook) + link_faults(notebook)


def remarks(key: str, notebook: nbformat.NotebookNode) -> list[str]:
    """Returns what the build notes about a lesson: its length, where that is above the aim."""
    lines, words = [], word_count(notebook)
    if words > AIM_WORDS:
        lines.append(f"{key} has {words} words of prose; about {AIM_WORDS} are the aim")
    return lines


def main(argv: list[str]) -> int:
    """The command line; returns 1 when something was found."""
    from authoring import build

    known, broken = build.texts(build.ROOT), 0
    for key in argv or [key for key in known if key.startswith("lesson")]:
        notebook, _ = build.complete(known[key], build.ROOT)
        found = faults(notebook, lab=key.startswith("lab"))
        print(f"{key}: {word_count(notebook)} words of prose, {len(notebook.cells)} cells, {len(found)} faults")
        print(*(f"  {fault}\n" for fault in found), sep="", end="")
        broken += bool(found)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
