"""What was received from a student, kept so that an instructor can look into a mark, and mark again from it."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

from nbgrader_isolated.closed import make_folder, writing

_INDEX = "index.json"
_LARGEST_ANSWER = 1_000_000
"""Bytes of what a function returned."""


class Evidence:
    """Keeps what was received, up to a limit. The index says which test asked for which variable and got which file."""

    def __init__(self, folder: Path | None, limit: int, *, keep: bool = False) -> None:
        """Makes the folder; unless ``keep`` is set, what an earlier run left in it goes."""
        self._folder, self._left, self._count = folder, limit, 0
        self._index: list[dict] = []
        self._used: set[str] = set()
        self._kept: dict[bytes, str] = {}
        if folder is not None:
            make_folder(folder)
            if keep:
                self._count = max((int(path.name[:4]) for path in folder.glob("[0-9]*.wire")), default=0)
            else:
                (folder / _INDEX).unlink(missing_ok=True)
                for old in folder.glob("*.wire"):
                    old.unlink()

    def file(self, name: str, raw: bytes) -> None:
        if self._folder is not None:
            with writing(self._folder / name) as temporary:
                temporary.write_bytes(raw)

    def reply(self, test: str, question: dict, raw: bytes) -> None:
        """Keeps what a test asked for, once however many tests ask.

        Of what functions return only small answers are kept, for an instructor to look at: a later run has to ask the function
        again anyway, and assignments in which functions return networks would fill a disk.
        """
        variable = question["op"] == "get"
        if self._folder is None or (not variable and len(raw) > _LARGEST_ANSWER):
            return
        digest = hashlib.sha256(raw).digest()
        if digest not in self._kept:
            if len(raw) > self._left:
                return
            self._left -= len(raw)
            self._count += 1
            # Variables are a student's words; only harmless letters of them go into a file's name.
            what = "".join(c for c in question.get("name", "") if c.isascii() and (c.isalnum() or c == "_"))[:40]
            self._kept[digest] = f"{self._count:04d}-{question['op']}-{what}.wire"
            self.file(self._kept[digest], raw)
        self._used.add(self._kept[digest])
        if variable:
            self._index.append({"test": test, "name": question["name"], "file": self._kept[digest]})

    def again(self, entry: dict) -> None:
        """Keeps what an earlier run had kept and this one has used."""
        self._index.append(entry)
        self._used.add(entry["file"])

    def close(self) -> None:
        """Writes the index; files that nothing refers to any more go."""
        if self._folder is not None:
            self.file(_INDEX, json.dumps(self._index).encode())
            for path in self._folder.glob("*.wire"):
                if path.name not in self._used:
                    path.unlink()


class Earlier:
    """The evidence of an earlier run, by test and variable."""

    def __init__(self, folder: Path) -> None:
        """Reads the index; without a usable one nothing is found."""
        self._folder, self._entries = folder, {}
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            for entry in json.loads((folder / _INDEX).read_text(encoding="utf-8")):
                self._entries[entry["test"], entry["name"]] = entry
        self.record: dict = {}
        with contextlib.suppress(OSError, ValueError):
            found = json.loads((folder / "record.json").read_text(encoding="utf-8"))
            self.record = found if isinstance(found, dict) else {}

    def find(self, test: str, name: str) -> tuple[dict, bytes] | None:
        """The entry and the bytes that a test got for a variable."""
        entry = self._entries.get((test, name))
        with contextlib.suppress(OSError, TypeError):
            return entry, (self._folder / Path(entry["file"]).name).read_bytes()
        return None


def digest_of(*parts: bytes) -> str:
    """One name for several byte strings: the SHA-256 of theirs, as hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()
