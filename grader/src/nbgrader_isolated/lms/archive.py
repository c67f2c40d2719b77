"""Archives of submissions: what is in them, whose it is, and nothing that is no plain file within the limits."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from nbgrader_isolated.errors import BadArgumentError

MOST_FILES = 20_000
LARGEST_FILE = 100_000_000
LARGEST_SUBMISSION = 200_000_000
_LEFT_OUT = {"__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "__pycache__"}


@dataclass(frozen=True)
class Handed:
    """What the name of a file in an archive says.

    Attributes:
        user: the system's number of who handed it in.
        who: their name, as the system writes it there.
        name: the file's own name, or its path in the submission.
        attempt: 0, or the number that the system put behind the name of a later attempt.
        late: whether the system calls it late.
        prefix: what the names of feedback for this submission begin with.
    """

    user: str
    who: str
    name: str
    attempt: int
    late: bool
    prefix: str


@dataclass
class Submission:
    """The files of one student in an archive: path in the submission → the archive's member."""

    user: str
    who: str
    prefix: str
    late: bool = False
    files: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    _attempts: dict[str, int] = field(default_factory=dict)

    def add(self, handed: Handed, member: zipfile.ZipInfo) -> None:
        """Takes a file, unless a later attempt at it is there."""
        self.late |= handed.late
        if handed.attempt >= self._attempts.get(handed.name, -1):
            self._attempts[handed.name] = handed.attempt
            self.files[handed.name] = member

    @property
    def changed(self) -> datetime:
        """The latest time that the archive has for one of the files, without a time zone."""
        return max(datetime(*member.date_time) for member in self.files.values())


def read(path: Path, handed: Callable[[str], Handed | None]) -> tuple[dict[str, Submission], list[str]]:
    """Lists an archive's submissions, by the system's number of the student.

    Args:
        path: the archive.
        handed: what the name of a member says; None for a name that is not the system's.

    Returns:
        The submissions, and a sentence for each member that was left out.

    Raises:
        BadArgumentError: it is no archive, or has too many members.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise BadArgumentError(
            f"Expected an archive of submissions; {path} cannot be opened as one ({error})."
        ) from None
    with archive:
        members = archive.infolist()
    if len(members) > MOST_FILES:
        raise BadArgumentError(f"Expected at most {MOST_FILES} files; {path} has {len(members)}.")
    found: dict[str, Submission] = {}
    sizes: dict[str, int] = {}
    left = []
    for member in members:
        if member.is_dir() or _LEFT_OUT & set(PurePosixPath(member.filename).parts):
            continue
        why = _refused(member)
        said = None if why else handed(member.filename)
        if said is None:
            left.append(
                f"{member.filename!r} was left out: {why or 'its name is none that this system gives to a submission'}."
            )
            continue
        total = sizes.get(said.user, 0) + member.file_size
        if total > LARGEST_SUBMISSION:
            left.append(
                f"{member.filename!r} was left out: the submission has more than {LARGEST_SUBMISSION // 10**6} MB."
            )
            continue
        sizes[said.user] = total
        found.setdefault(said.user, Submission(said.user, said.who, said.prefix)).add(said, member)
    return found, left


def contents(path: Path, submission: Submission) -> Iterator[tuple[str, bytes]]:
    """The files of one submission, as (path in it, content); none is larger than the archive's list says.

    Raises:
        BadArgumentError: a member is damaged, or encrypted.
    """
    with zipfile.ZipFile(path) as archive:
        for name, member in submission.files.items():
            try:
                with archive.open(member) as file:
                    raw = file.read(member.file_size + 1)
            except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, NotImplementedError) as error:
                raise BadArgumentError(
                    f"{member.filename!r} in {path} cannot be read ({error}). Download it again."
                ) from None
            if len(raw) > member.file_size:
                raise BadArgumentError(f"{member.filename!r} in {path} is larger than it says. Download it again.")
            yield name, raw


def _refused(member: zipfile.ZipInfo) -> str:
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    kind = stat.S_IFMT(member.external_attr >> 16)
    if (
        member.filename.startswith(("/", "\\"))
        or ".." in parts
        or re.match(r"[A-Za-z]:", member.filename)
        or "\\" in member.filename
    ):
        return "its path leads out of the folder"
    if kind not in (0, stat.S_IFREG):
        return "it is no plain file"
    if member.flag_bits & 1:
        return "it is encrypted"
    if member.file_size > LARGEST_FILE:
        return f"it has more than {LARGEST_FILE // 10**6} MB"
    if len(member.filename) > 1000 or any(len(part.encode()) > 250 for part in parts):
        return "its name is too long"
    return ""
