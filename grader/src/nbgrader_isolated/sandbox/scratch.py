"""A folder that a student's process writes to: a file system of limited size, read without believing what a name says."""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import sys
from pathlib import Path

MOST_FILES = 2000
_NOSUID, _NODEV, _NOEXEC, _DETACH = 2, 4, 8, 2


def mount_limited(folder: Path, most: int) -> None:
    """Puts a file system of ``most`` bytes in the folder's place, as root; for anybody else it stays a plain folder.

    In a plain folder a file that was opened and then deleted is written on, unseen, until the disk is full. Here it ends.
    """
    options = f"size={most},nr_inodes={4 * MOST_FILES},mode=0700".encode()
    ctypes.CDLL(None).mount(b"tmpfs", os.fsencode(folder), b"tmpfs", _NOSUID | _NODEV | _NOEXEC, options)


def unmount(folder: Path) -> None:
    """Takes that file system away, with all that is in it; a plain folder stays as it is."""
    if os.path.ismount(folder):
        ctypes.CDLL(None).umount2(os.fsencode(folder), _DETACH)


def used(folder: Path) -> int:
    """Bytes that were written there; very many files count as very many bytes."""
    if not os.path.ismount(folder):
        return bytes_in(folder)
    found = os.statvfs(folder)  # counts what has no name any more, too
    return (
        sys.maxsize if found.f_files - found.f_ffree > MOST_FILES else (found.f_blocks - found.f_bfree) * found.f_frsize
    )


def read(path: Path, most: int) -> bytes:
    """Reads a regular file of at most ``most`` bytes; anything else, a link or a pipe for instance, reads as nothing."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or status.st_size > most:
            return b""
        with open(handle, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(handle)


def is_socket(path: Path) -> bool:
    """Whether a socket has that name; links are not followed."""
    try:
        return stat.S_ISSOCK(os.lstat(path).st_mode)
    except OSError:
        return False


def resident() -> int:
    """Bytes of memory that this process holds; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def bytes_in(folder: Path) -> int:
    """Bytes in a folder, links not followed; very many files count as very many bytes."""
    total, waiting, seen = 0, [folder], 0
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                seen += 1
                if seen > MOST_FILES:
                    return sys.maxsize
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                else:
                    with contextlib.suppress(OSError):
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
    return total
