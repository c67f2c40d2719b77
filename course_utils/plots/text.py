"""Numbers and lists as text, for labels, alt texts and tables."""

import textwrap
from collections.abc import Sequence


def listed(items: Sequence[object], *, most: int = 12) -> str:
    """Joins items for a sentence, and only counts those beyond ``most``: ``"cat, coffee and 3 more"``."""
    names = [str(item) for item in items]
    if len(names) > most:
        return ", ".join(names[:most]) + f" and {len(names) - most} more"
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def counted(count: object, noun: str) -> str:
    """Writes a count with its noun, given in the singular: ``"1 image"``, ``"4 images"``."""
    return f"{count} {noun}{'' if str(count) == '1' else 's'}"


def percent(share: float) -> str:
    """Writes a share from 0 to 1 as a percentage: ``"94 %"``, ``"3.1 %"``, ``"< 0.1 %"`` or ``"0 %"``."""
    number = 100 * share
    if number == 0 or number >= 9.95:
        return f"{number:.0f} %"
    return f"{number:.1f} %" if number >= 0.05 else "< 0.1 %"


def short_count(count: int) -> str:
    """Writes a count in few characters: ``"7.1 M"``, ``"3.1 k"`` or ``"15"``."""
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return str(count)


def readable_bytes(count: float) -> str:
    """Writes a number of bytes with a decimal unit: ``"58.9 MB"`` (1 MB is a million bytes)."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count:.0f} bytes"


def readable_seconds(seconds: float) -> str:
    """Writes a time: ``"90 s"``, ``"15 min"`` or ``"3.2 h"``."""
    if seconds < 120:
        return f"{seconds:.3g} s"
    return f"{seconds / 60:.3g} min" if seconds < 7200 else f"{seconds / 3600:.3g} h"


def wrap(text: str, *, width: int) -> str:
    """Breaks a text into lines of at most ``width`` characters; the line breaks that it has stay."""
    return "\n".join(textwrap.fill(line, width=width) for line in text.split("\n"))
