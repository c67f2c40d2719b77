"""A small table that reads well as text and in a notebook, and whose rows stay plain data."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Any


class Table:
    """Rows under headings; printed as aligned text, shown in a notebook as an HTML table.

    Args:
        columns: for each column its key in the rows, and its heading.
        rows: one mapping per row.
        caption: what the table shows, in one line.
        notes: sentences printed under the table.

    Attributes:
        rows: as given, a list of dicts.
        caption: as given.
        notes: as given, a list of texts.
    """

    def __init__(
        self,
        columns: Sequence[tuple[str, str]],
        rows: Sequence[dict[str, Any]],
        *,
        caption: str = "",
        notes: Sequence[str] = (),
    ) -> None:
        self.columns = list(columns)
        self.rows = list(rows)
        self.caption = caption
        self.notes = list(notes)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return self.rows[index]

    def column(self, key: str) -> list[Any]:
        """Reads one column.

        Args:
            key: its key in the rows.

        Returns:
            One value per row.
        """
        return [row[key] for row in self.rows]

    def __str__(self) -> str:
        cells = [[heading for _, heading in self.columns]]
        cells += [[_cell(row[key]) for key, _ in self.columns] for row in self.rows]
        widths = [max(len(line[i]) for line in cells) for i in range(len(self.columns))]
        lines = [self.caption] if self.caption else []
        for number, line in enumerate(cells):
            padded = (
                text.rjust(width) if self._right(i) else text.ljust(width)
                for i, (text, width) in enumerate(zip(line, widths, strict=True))
            )
            lines.append("  ".join(padded).rstrip())
            if number == 0:
                lines.append("  ".join("-" * width for width in widths))
        return "\n".join(lines + self.notes)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        aligned = ["right" if self._right(i) else "left" for i in range(len(self.columns))]
        head = "".join(
            f'<th scope="col" style="text-align: {side}">{html.escape(heading)}</th>'
            for side, (_, heading) in zip(aligned, self.columns, strict=True)
        )
        body = ""
        for row in self.rows:
            body += "<tr>" + "".join(
                f'<td style="text-align: {side}">{html.escape(_cell(row[key]))}</td>'
                for side, (key, _) in zip(aligned, self.columns, strict=True)
            )
            body += "</tr>"
        caption = f'<caption style="text-align: left">{html.escape(self.caption)}</caption>' if self.caption else ""
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"

    def _right(self, index: int) -> bool:
        key = self.columns[index][0]
        return any(isinstance(row[key], (int, float)) and not isinstance(row[key], bool) for row in self.rows)


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
