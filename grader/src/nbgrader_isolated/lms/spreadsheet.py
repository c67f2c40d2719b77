"""Tables as a learning management system exports them, read whatever their form, and written back in the same form."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass, replace
from pathlib import Path

from nbgrader_isolated.closed import writing
from nbgrader_isolated.errors import BadArgumentError

_LARGEST = 20_000_000
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Spreadsheet:
    """A table: its heads, its rows, and the form of the file that it came from.

    Attributes:
        heads: the first row, spaces at the ends taken away.
        rows: the other rows, each as long as the heads.
        delimiter: what stands between cells: a comma, a semicolon or a tab.
        encoding: the file's, a byte order mark included.
        newline: how a line ends.
        decimal: ``","`` where the file writes 7,5 for seven and a half.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    encoding: str
    newline: str
    decimal: str

    def place(self, *names: str) -> int | None:
        """The number of the first column with one of these heads, whatever their case; None where there is none."""
        lowered = [head.lower() for head in self.heads]
        return next((lowered.index(name.lower()) for name in names if name.lower() in lowered), None)

    def number(self, cell: str) -> float | None:
        """What a cell says as a number, in the file's way of writing one; None where it says none."""
        text = cell.strip().removesuffix("%").strip()
        if self.decimal == ",":
            text = text.replace(",", ".")
        return float(text) if re.fullmatch(r"-?\d+(\.\d*)?|-?\.\d+", text) else None

    def written(self, value: float) -> str:
        """A number as this file writes one, with at most six decimals."""
        text = f"{value:.6f}".rstrip("0").rstrip(".") if round(value, 6) else "0"
        return text.replace(".", self.decimal)

    def with_cells(self, cells: dict[tuple[int, int], str]) -> Spreadsheet:
        """The same table with other texts in some cells, by (row, column)."""
        rows = [list(row) for row in self.rows]
        for (row, column), text in cells.items():
            rows[row][column] = text
        return replace(self, rows=tuple(map(tuple, rows)))

    def write(self, path: Path) -> None:
        """Writes the table in the form of the file it came from, for its owner alone; the file appears whole or not at all."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=self.newline)
        writer.writerows([self.heads, *self.rows])
        with writing(path) as temporary:
            temporary.write_bytes(text.getvalue().encode(self.encoding))


def read(path: Path) -> Spreadsheet:
    """Reads a CSV file: UTF-8 or UTF-16 with or without a mark, or Latin letters of Windows; commas, semicolons or tabs.

    Raises:
        BadArgumentError: the file is not there, too large, or no table.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadArgumentError(f"Expected a CSV file; {path} cannot be read ({error.strerror or error}).") from None
    if len(raw) > _LARGEST:
        raise BadArgumentError(
            f"Expected a CSV file of at most {_LARGEST // 10**6} MB; {path} has {len(raw) / 1e6:.0f} MB."
        )
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadArgumentError(
            f"Expected a CSV file; {path} is a workbook or an archive. Download it, or save it, as CSV."
        )
    text, encoding = _decoded(raw)
    if "\0" in text:
        raise BadArgumentError(f"Expected a CSV file; {path} holds bytes that are no text. Download it again as CSV.")
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))
    newline = "\r\n" if "\r\n" in text else "\n"
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(map(str.strip, row))]
    if not rows or len(rows[0]) < 2:
        raise BadArgumentError(f"Expected a table with a row of heads; {path} has none that can be told.")
    heads = tuple(cell.strip() for cell in rows[0])
    width = len(heads)
    for number, row in enumerate(rows[1:], start=2):
        if any(map(str.strip, row[width:])):
            raise BadArgumentError(f"Row {number} of {path} has {len(row)} cells under {width} heads. Export it again.")
    body = tuple(tuple((row + [""] * width)[:width]) for row in rows[1:])
    commas = delimiter != "," and any(re.fullmatch(r"-?\d+,\d+", cell.strip()) for row in body for cell in row)
    return Spreadsheet(heads, body, delimiter, encoding, newline, "," if commas else ".")


def _decoded(raw: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace"), encoding
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace"), "cp1252"
