"""Text in columns, for what commands print.

No library does it: `rich` reads markup in what students chose, and folds a table at the width of the terminal.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence


def columns(rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> str:
    """Returns rows of cells as lines, with the columns lined up.

    Args:
        rows: at least one row; all of the same length.
        right: the columns whose cells stand at the right, by number.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
