"""A small table that reads well as text and in a notebook, and whose rows stay plain data."""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nbgrader_isolated.text_table import columns


@dataclass(eq=False, repr=False)
class Table:
    """Rows under headings; printed as aligned text, shown in a notebook as an HTML table.

    Attributes:
        columns: for each column its key in the rows, and its heading.
        rows: one mapping per row.
        caption: what the table shows, in one line.
        notes: sentences printed under the table.
    """

    columns: Sequence[tuple[str, str]]
    rows: Sequence[dict[str, Any]]
    caption: str = ""
    notes: Sequence[str] = ()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def column(self, key: str) -> list[Any]:
        """Returns one value per row, those under ``key``."""
        return [row[key] for row in self.rows]

    def __str__(self) -> str:
        lines = [[heading for _, heading in self.columns]]
        lines += [[_cell(row[key]) for key, _ in self.columns] for row in self.rows]
        lines.insert(1, ["-" * max(map(len, column)) for column in zip(*lines, strict=True)])
        numeric = [number for number, (key, _) in enumerate(self.columns) if self._is_numeric(key)]
        caption = [self.caption] if self.caption else []
        return "\n".join([*caption, columns(lines, right=numeric), *self.notes])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        styles = ["text-align: " + ("right" if self._is_numeric(key) else "left") for key, _ in self.columns]
        columns = list(zip(styles, self.columns, strict=True))
        head = "".join(f'<th scope="col" style="{style}">{html.escape(title)}</th>' for style, (_, title) in columns)
        body = ""
        for row in self.rows:
            cells = (f'<td style="{style}">{html.escape(_cell(row[key]))}</td>' for style, (key, _) in columns)
            body += f"<tr>{''.join(cells)}</tr>"
        caption = f'<caption style="text-align: left">{html.escape(self.caption)}</caption>' if self.caption else ""
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"

    def _is_numeric(self, key: str) -> bool:
        return any(isinstance(value, (int, float)) and not isinstance(value, bool) for value in self.column(key))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.3g}"
    return str(value)
