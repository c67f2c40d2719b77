"""What of a course its instructors alone may get at: made closed to other users, kept so, and looked for where it is not.

A folder that nobody else can enter closes all that is in it, whatever nbgrader does inside. So the folders of submissions, marks,
feedback and evidence are there, and closed, before anything is put into them. Where instructors share a course
(``c.CourseDirectory.groupshared``) the group of the course's folder may read and write, and still nobody else.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbgrader_isolated import files

READ, WRITE, ENTER = 4, 2, 1
_USER, _OWN_GROUP, _GROUP, _MASK = 2, 4, 8, 16  # kinds of entries in a POSIX access control list


def is_shared(folder: Path) -> bool:
    """Whether a folder's group may write in it and in what will be made in it (mode 2770, say)."""
    try:
        return folder.stat().st_mode & 0o2070 == 0o2070
    except OSError:
        return False


def make_folder(folder: Path) -> None:
    """Makes a folder, and those above it that are missing: for its owner alone, or for the group that shares the one above."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, 0o700)
        if is_shared(folder.parent):
            os.chmod(folder, 0o2770)


def share(folder: Path) -> None:
    """Gives a folder of one's own to the group that shares the one above it: nbgrader does so only for the folders within."""
    if is_shared(folder.parent) and folder.stat().st_uid == os.geteuid():
        os.chmod(folder, 0o2770)


def open_file(path: Path, flags: int) -> int:
    """Opens a file as ``os.open`` does, and makes it if need be: for its owner alone, or for the group that shares the folder.

    Returns:
        The descriptor, which the caller closes.
    """
    handle = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if is_shared(path.parent) and os.fstat(handle).st_uid == os.geteuid():
        os.fchmod(handle, 0o660)
    return handle


@contextlib.contextmanager
def writing(target: Path) -> Iterator[Path]:
    """``files.writing`` for what other users must not read: neither the file, nor folders that are made for it."""
    make_folder(target.parent)
    with files.writing(target, mode=0o660 if is_shared(target.parent) else 0o600) as temporary:
        yield temporary


@dataclass(frozen=True)
class Opening:
    """A path that another user can get at, and the command that closes it."""

    path: Path
    command: str


@dataclass(frozen=True)
class Places:
    """What of a course is its instructors' alone.

    Attributes:
        root: the course's folder.
        folders: made where they are missing.
        others: folders and files that are looked after where they are there; patterns have been resolved.
        shared: whether the group of the course's folder may read and write.
    """

    root: Path
    folders: tuple[Path, ...]
    others: tuple[Path, ...]
    shared: bool = False

    def close(self) -> list[Path]:
        """Makes the folders, closed; closes those that were not, with all that is in them, as far as they are one's own.

        Returns:
            The folders into which other users could get until now.
        """
        before = [opening.path for opening in self.openings() if opening.path.is_dir()]
        for folder in self.folders:
            make_folder(folder)
        wanted = 0o2770 if self.shared else 0o700
        for folder in (*self.folders, *(path for path in self.others if path.is_dir())):
            folder = Path(os.path.realpath(folder))
            if stat.S_IMODE(folder.stat().st_mode) != wanted:
                _give(folder, wanted, self._group())
        if self.shared:
            for path in (path for path in self.others if path.is_file()):
                if path.stat().st_mode & 0o007 == 0:  # one that is open is for the instructor to close
                    _give(path, 0o660, self._group())
        left = {opening.path for opening in self.openings()}
        return [path for path in before if path not in left]

    def openings(self) -> list[Opening]:
        """The paths that another user of this machine can reach, and can read or change."""
        own = {0, os.geteuid(), self.root.stat().st_uid}
        found = {}
        for path in (*self.folders, *self.others):
            opening = _opening(Path(os.path.realpath(path)), own, self._group())
            if opening is not None:
                found.setdefault(opening.path, opening)
        return list(found.values())

    def _group(self) -> int | None:
        return self.root.stat().st_gid if self.shared else None


def _give(top: Path, mode: int, group: int | None) -> None:
    """Sets the mode of a folder or a file, and closes what is in it alike; what belongs to somebody else stays as it is."""
    inside = [Path(place) / name for place, folders, files in os.walk(top) for name in (*folders, *files)]
    for path in (top, *inside):
        with contextlib.suppress(OSError):
            now = path.lstat()
            if stat.S_ISLNK(now.st_mode):
                continue
            if group is not None and now.st_gid != group:
                os.chown(path, -1, group)
            if path == top:
                os.chmod(path, mode)
            elif group is None:
                os.chmod(path, stat.S_IMODE(now.st_mode) & 0o700)
            else:
                os.chmod(path, now.st_mode & 0o770 | (0o2770 if stat.S_ISDIR(now.st_mode) else 0o660))


def _opening(path: Path, own: set[int], group: int | None) -> Opening | None:
    """How another user gets at a path, if one does: through every folder above it, and by its own mode or its owner."""
    if not os.path.exists(path):
        return None
    if not all(_others_may(parent, ENTER, own, group) for parent in path.parents):
        return None
    for parent in path.parents:
        # Who can rename what is in a folder puts something else in its place.
        if _others_may(parent, WRITE, own, group) and not parent.stat().st_mode & stat.S_ISVTX:
            return Opening(parent, _command(parent, "chmod go-w" if group is None else "chmod o-w"))
    status = path.stat()
    if status.st_uid not in own and not (group is not None and status.st_uid in _members(group)):
        return Opening(path, f"sudo chown -R {os.geteuid()} {shlex.quote(str(path))}")
    if any(_others_may(path, bit, own, group) for bit in (READ, WRITE, *((ENTER,) if path.is_dir() else ()))):
        return Opening(
            path, _command(path, f"chmod {'-R ' if path.is_dir() else ''}{'go=' if group is None else 'o='}")
        )
    return None


def _command(path: Path, what: str) -> str:
    sudo = "" if path.stat().st_uid == os.geteuid() or os.geteuid() == 0 else "sudo "
    return f"{sudo}{what} {shlex.quote(str(path))}"


def _others_may(path: Path, bit: int, own: set[int], group: int | None) -> bool:
    """Whether somebody but its owner, root and the instructors has a right (``READ``, ``WRITE`` or ``ENTER``) to a path."""
    status = path.stat()
    if status.st_mode & bit:
        return True
    entries = _access_list(path)
    mask = next((rights for kind, rights, _ in entries if kind == _MASK), 7)
    groups = [status.st_gid] if not entries and status.st_mode >> 3 & bit else []
    for kind, rights, who in entries:
        if rights & mask & bit:
            if kind == _USER and who not in own:
                return True
            groups += {_OWN_GROUP: [status.st_gid], _GROUP: [who]}.get(kind, [])
    return any(gid != group and not (_members(gid) and _members(gid) <= own) for gid in groups)


def _access_list(path: Path) -> list[tuple[int, int, int]]:
    """A path's POSIX access control list as (kind, rights, user or group); empty where there is none."""
    try:
        raw = os.getxattr(path, "system.posix_acl_access")
    except (OSError, AttributeError):  # most paths have none, some file systems and systems know of none
        return []
    return [(kind, rights, who) for kind, rights, who in struct.iter_unpack("<HHI", raw[4:])]


def _members(gid: int) -> set[int]:
    """The users of a group, as far as the system tells: not all directories of users can be listed."""
    import grp  # neither is there on Windows
    import pwd

    found = {user.pw_uid for user in pwd.getpwall() if user.pw_gid == gid}
    with contextlib.suppress(KeyError):
        for name in grp.getgrgid(gid).gr_mem:
            with contextlib.suppress(KeyError):
                found.add(pwd.getpwnam(name).pw_uid)
    return found
