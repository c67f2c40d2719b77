"""Makes a graded notebook's page from a student's work: the feedback page and the formgrader's, within a budget.

``configure`` sets ``CleanHTML`` for both. For each notebook it puts filters of its own in the place of nbconvert's, which
share one :class:`~nbgrader_isolated.notebook.budget.Budget`.
"""

from __future__ import annotations

import html

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.ansi import ansi2html, strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output

from nbgrader_isolated.notebook.budget import ELEMENTS_IN_CELL, LONGEST_ADDRESSES, Budget
from nbgrader_isolated.notebook.cleaning import INSIDE_THE_PAGE, as_typed, clean
from nbgrader_isolated.notebook.plain_text import readable

OUTPUTS = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg")
LANGUAGES = frozenset(
    [
        "ipython",
        "ipython3",
        "python",
        "python3",
        "py",
        "pycon",
        "bash",
        "sh",
        "shell",
        "console",
        "json",
        "yaml",
        "text",
    ]
)
"""Languages that are coloured. Of Pygments' other lexers nobody has looked at how long they take for the worst text."""
_BOX = '<input class="task-list-item-checkbox" type="checkbox" disabled'


class _Full(Exception):
    """A cell needs more than is left."""


class _PastedImages(dict):
    """Images pasted into a cell; one that is not there is empty, where nbconvert would give up on the whole notebook."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> dict[str, str]:
        return {"image/png": ""}


class _Renderer(IPythonRenderer):
    """nbconvert's, except that it counts: one image, or one address, can be referred to as often as somebody likes."""

    def __init__(self, budget: Budget, attachments: dict) -> None:
        super().__init__(
            escape=False,
            allow_harmful_protocols=False,
            attachments=_PastedImages(attachments),
            exclude_anchor_links=True,
        )
        self._budget, self._addresses = budget, 0

    def block_code(self, code: str, info: str | None = None) -> str:
        language = (info or "").split(maxsplit=1)[:1]
        if language and language[0] != "mermaid" and (language[0] not in LANGUAGES or self._budget.refuses_code(code)):
            info = None
        return super().block_code(code, info)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return super().image(text, self._counted(self._embed_image_or_attachment(url)), title)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return super().link(text, self._counted(url), title)

    def _counted(self, url: str) -> str:
        if url.startswith("data:"):
            if not self._budget.takes(images=len(url)):
                raise _Full
            return url
        self._addresses += len(url)
        if self._addresses > LONGEST_ADDRESSES:
            raise _Full
        return url


class _Filters:
    """What nbconvert's templates call for one notebook."""

    def __init__(self, budget: Budget, highlight: object) -> None:
        self._budget, self._highlight = budget, highlight

    def highlight_code(self, source: str, language: str | None = None, metadata: dict | None = None) -> str:
        """Colours a cell of code; ``language`` and a magic's in ``metadata`` are a student's words."""
        named = language or (metadata or {}).get("magics_language") or getattr(self._highlight, "pygments_lexer", "")
        why = f"its language is {named[:30]!r}" if named not in LANGUAGES else self._budget.refuses_code(source)
        if not why:
            page = self._highlight(source, language=language, metadata=metadata)
            if self._budget.takes(elements=page.count("<span")):
                return page
            why = "the notebook's code before it is as much as is coloured"
        return f'<div class="highlight">{as_typed(source)}</div>{_said("without colours", why)}'

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        """Renders Markdown, then cleans what came out.

        Args:
            context: Jinja's; in it is the cell with its attachments.
            source: Markdown.
        """
        why = self._budget.refuses_markdown(source, len(INSIDE_THE_PAGE.sub("", source)))
        if not why:
            renderer = _Renderer(self._budget, (context.get("cell") or {}).get("attachments") or {})
            why = "it has too many parts, addresses or images"
            try:
                page = MarkdownWithMath(renderer=renderer).render(source)
                page = page.replace(f"{_BOX} checked/>", "☑ ").replace(f"{_BOX}/>", "☐ ")
                if self.may_be_cleaned(page):
                    return readable(clean(page))
            except Exception:  # whatever a student makes the two libraries do costs the look of one cell, not the page
                pass
        return as_typed(source) + _said("as it was typed", why)

    def may_be_cleaned(self, page: str) -> bool:
        """Whether HTML has few enough elements to be cleaned."""
        elements = page.count("<")
        return elements <= ELEMENTS_IN_CELL and self._budget.takes(cleaned=elements, elements=elements // 2)

    def ansi2html(self, text: str) -> str:
        """An output's text with its colours."""
        if "\x1b" not in text:
            return html.escape(text)
        if self._budget.refuses_colours(text):
            return f"{html.escape(strip_ansi(text))}\n[Shown without colours: it changes colour too often.]"
        return ansi2html(text)


def _said(how: str, why: str) -> str:
    return f"<p><em>This cell is shown {how}: {html.escape(why)}.</em></p>"


class CleanHTML(Preprocessor):
    """Set in ``HTMLExporter.preprocessors``; ``configure`` does. Takes the place of nbconvert's ``SanitizeHTML``."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Cleans and cuts what is no Markdown, and has the exporter that asks for it show the rest within a budget."""
        self._budget = Budget()
        self._filters = _Filters(self._budget, self.parent.environment.filters["highlight_code"])
        for name in ("highlight_code", "markdown2html", "ansi2html"):
            self.parent.register_filter(name, getattr(self._filters, name))
        # What the templates clean has been cleaned below, and of what they take from links, none is left; both take long.
        for name in ("clean_html", "strip_files_prefix"):
            self.parent.register_filter(name, lambda page: page)
        nb, resources = super().preprocess(nb, resources)
        nb.cells = self._few(nb.cells)
        return nb, resources

    def _few(self, cells: list[NotebookNode]) -> list[NotebookNode]:
        """Leaves out cells beyond the budget that nobody marks."""
        kept = [cell for cell in cells if cell.metadata.get("nbgrader") or self._budget.takes(cells=1)]
        if len(kept) < len(cells):
            said = f"*{len(cells) - len(kept):,} more cells that earn no marks are not shown.*"
            kept.append(new_markdown_cell(said, id="not-shown"))
        return kept

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int) -> tuple[NotebookNode, dict]:
        """Cleans one cell. Its Markdown stays as it is, for the filter."""
        cell.source = self._text(cell.source)
        if cell.cell_type == "raw":
            cell.source = as_typed(cell.source)  # what no notebook renders
        if cell.cell_type == "code":
            outputs = [self._output(output) for output in cell.outputs if self._budget.takes(outputs=1)]
            if len(outputs) < len(cell.outputs):
                said = f"[{len(cell.outputs) - len(outputs):,} more outputs are not shown.]"
                outputs.append(new_output("stream", name="stdout", text=said))
            cell.outputs = [output for output in outputs if output.get("data", True)]
        return cell, resources

    def _output(self, output: NotebookNode) -> NotebookNode:
        if "text" in output:
            output.text = self._text(output.text)
        if "traceback" in output:
            output.traceback = [self._text(line) for line in output.traceback]
        if "data" in output:
            kept = {kind: output.data[kind] for kind in OUTPUTS if isinstance(output.data.get(kind), str)}
            for kind in kept:
                if kind.startswith("image/"):
                    kept[kind] = kept[kind] if self._budget.takes(images=len(kept[kind])) else ""
                elif kind != "text/html":
                    kept[kind] = self._text(kept[kind])
            if "text/html" in kept:
                kept["text/html"] = self._html(kept["text/html"])
            output.data = NotebookNode(kept)
            output.metadata = NotebookNode()  # sizes from there would go into the page without quotation marks
        return output

    def _html(self, page: str) -> str:
        letters = len(INSIDE_THE_PAGE.sub("", page))
        if self._filters.may_be_cleaned(page) and self._budget.takes(text=letters, images=len(page) - letters):
            return readable(clean(page))  # afterwards: entities have become letters
        return as_typed(self._text(page))

    def _text(self, text: str) -> str:
        return readable(self._budget.cut(text))
