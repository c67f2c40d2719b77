"""Runs a command as another user of this machine, who finds this Python and this repository wherever they lie.

    unshare --mount python tests/as_user.py USER FOLDER COMMAND ...

They may lie in a home that nobody else can enter (root's, say). So in a mount namespace of its own such a folder is covered by
an empty one, and in that only what is needed is put back. Nothing of this is seen outside, and it ends with the command.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def closed_above(path: Path) -> Path | None:
    """The topmost folder above a path that not everybody can enter."""
    above = [*reversed(path.parents)]
    return next((folder for folder in above if not folder.stat().st_mode & 0o001), None)


def put_back(needed: list[Path]) -> None:
    """Lets everybody reach these folders."""
    mount("--make-rprivate", "/")
    with tempfile.TemporaryDirectory(prefix="as-user-") as name:  # emptied again by unmounting, below
        kept = []
        for number, path in enumerate(needed):
            stage = Path(name) / str(number)
            stage.mkdir()
            mount("--rbind", str(path), str(stage))
            kept.append(stage)
        covered = {folder for folder in map(closed_above, needed) if folder is not None}
        reached = [(path, stage) for path, stage in zip(needed, kept, strict=True) if closed_above(path)]
        for folder in covered:
            mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", str(folder))
        for path, stage in reached:
            path.mkdir(parents=True, exist_ok=True)
            mount("--rbind", str(stage), str(path))
        for stage in kept:
            subprocess.run(["umount", "--lazy", str(stage)], check=True)


def main(name: str, folder: str, *command: str) -> None:
    paths = {Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), ROOT}
    put_back([path for path in sorted(paths) if not any(other in path.parents for other in paths)])
    user = pwd.getpwnam(name)
    os.initgroups(name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.chdir(folder)
    os.environ["HOME"] = user.pw_dir
    os.execvp(command[0], command)


if __name__ == "__main__":
    os.umask(0o022)  # what systems give their users
    main(*sys.argv[1:])
