"""The attachments of a submission, all its files but notebooks: looked at where they are, and copied only when something is graded."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from nbgrader_isolated.notebook.intake import INTAKE, IntakeLimits
from nbgrader_isolated.run.evidence import digest_of

IGNORED = {".ipynb_checkpoints", "__pycache__", ".git", "timestamp.txt", "submission_secret.txt"}
"""Names that are nobody's work: what programs keep, and nbgrader's receipts."""
_DEEPEST = 10


@dataclass
class Attachments:
    """Files and folders by the paths they will have next to a notebook.

    Attributes:
        folders: relative paths.
        files: relative path → where it is, and the SHA-256 of its bytes.
        notes: a sentence for each file or folder that was left out.
        unread: what this machine could not read, for the instructor; nobody who handed it in is to blame.
    """

    folders: set[str] = field(default_factory=set)
    files: dict[str, tuple[Path, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.folders or self.files)

    def digest(self) -> str:
        """One name for all of it. Names of empty folders count too: code can read them."""
        parts = {name: digest for name, (_, digest) in self.files.items()} | dict.fromkeys(self.folders, "")
        return digest_of(*(part.encode() for pair in sorted(parts.items()) for part in pair))

    def under(self, theirs: Attachments) -> Attachments:
        """This with the instructor's over it, as nbgrader does: whatever is in the way of theirs goes."""

        def free(name: str) -> bool:
            return not any(str(above) in theirs.files for above in (Path(name), *Path(name).parents))

        files = {name: found for name, found in self.files.items() if free(name) and name not in theirs.folders}
        return Attachments(
            {name for name in self.folders if free(name)} | theirs.folders,
            files | theirs.files,
            self.notes,
            self.unread + theirs.unread,
        )

    def copy(self, target: Path) -> None:
        """Copies everything.

        Args:
            target: is made, in a folder that only its owner may enter: students' code runs as another user, and gets
                this one mounted without those around it.

        Raises:
            OSError: something cannot be read or written, or is not what it was; then there is no copy.
        """
        try:
            for name in ("", *sorted(self.folders)):
                (target / name).mkdir()
                os.chmod(target / name, 0o755)
            for name in self.files:
                self.copy_file(name, target / name)
                os.chmod(target / name, 0o644)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise

    def copy_file(self, name: str, target: Path) -> None:
        """Copies one of the files.

        Raises:
            OSError: it cannot be read or written, or is not what it was.
        """
        path, digest = self.files[name]
        with open(target, "wb") as file:
            if _read(path, file) != digest:
                raise OSError(errno.ESTALE, "it was changed while it was being graded", str(path))

    def holds(self, name: str, path: Path) -> bool:
        """Whether a file elsewhere is a copy of one of these."""
        try:
            return _read(path) == self.files[name][1]
        except OSError:
            return False

    def without(self, names: Iterable[str]) -> Attachments:
        """This without some of its files."""
        files = {name: found for name, found in self.files.items() if name not in set(names)}
        return Attachments(self.folders, files, self.notes, self.unread)


def look(folder: Path, *, limits: IntakeLimits = INTAKE) -> Attachments:
    """Looks at everything in a folder but notebooks.

    Args:
        folder: what was handed in, or the instructor's.
        limits: files beyond them are left out.

    Raises:
        OSError: the folder itself cannot be read.
    """
    found, count, total = Attachments(), 0, 0
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        try:
            with os.scandir(folder / inside) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if not inside:
                raise
            _leave_out(found, inside, error)
            continue
        for entry in listed:
            if entry.name in IGNORED or entry.name.endswith(".ipynb"):
                continue
            name = os.path.join(inside, entry.name)
            shown = repr(name[:80])
            count += 1
            if count > limits.files:
                found.notes.append(f"Only the first {limits.files} files were taken.")
                return found
            try:
                status = entry.stat(follow_symlinks=False)
                if len(os.fsencode(entry.name)) > limits.name or not entry.name.isprintable():
                    found.notes.append(f"{shown} was left out: its name is too long, or not printable.")
                elif stat.S_ISDIR(status.st_mode):
                    if len(Path(name).parts) < _DEEPEST:
                        found.folders.add(name)
                        waiting.append(name)
                    else:
                        found.notes.append(f"{shown} was left out: it lies ten folders deep.")
                elif not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
                    found.notes.append(f"{shown} was left out: it is a link or a special file.")
                elif total + status.st_size > limits.total:
                    found.notes.append(f"{shown} was left out: more than {limits.total / 1e6:g} MB in all.")
                else:
                    found.files[name] = Path(entry.path), _read(Path(entry.path))
                    total += status.st_size
            except OSError as error:
                _leave_out(found, name, error)
    return found


def _leave_out(found: Attachments, name: str, error: OSError) -> None:
    found.notes.append(f"{name[:80]!r} was left out: the grader could not read it.")
    found.unread.append(f"{name}: {error.strerror}")


def _read(path: Path, into: BinaryIO | None = None) -> str:
    """The SHA-256 of a regular file, which is copied on the way; links are not followed, pipes not waited for."""
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.ESTALE, "it is no file any more", str(path))
        while chunk := file.read(1 << 20):
            digest.update(chunk)
            if into is not None:
                into.write(chunk)
    return digest.hexdigest()
