"""Linux control groups: limits that hold for a process together with everything it starts."""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


@functools.cache
def _folders() -> tuple[str, tuple[Path, ...]]:
    """Which version can be used here, and the folders in which groups can be made."""
    v1 = tuple(ROOT / name for name in ("memory", "pids"))
    if all(map(_usable, v1)):
        # Groups share the processor evenly, however many processes one holds. The limit on memory does not depend on it.
        candidates, name = v1 + ((ROOT / "cpu",) if _usable(ROOT / "cpu") else ()), "cgroup v1"
    else:
        candidates, name = (ROOT,), "cgroup v2"
        with contextlib.suppress(OSError):
            (ROOT / "cgroup.subtree_control").write_text("+cpu")
        try:
            if "memory" not in (ROOT / "cgroup.subtree_control").read_text().split() or not os.access(ROOT, os.W_OK):
                return "address space", ()
        except OSError:
            return "address space", ()
    for folder in candidates:
        trial = folder / f"grading-probe-{os.getpid()}"
        try:
            trial.mkdir()
            trial.rmdir()
        except OSError:
            return "address space", ()
    _remove_leftovers(candidates)
    return name, candidates


def _usable(folder: Path) -> bool:
    return (folder / "cgroup.procs").exists() and os.access(folder, os.W_OK)


def _remove_leftovers(parents: tuple[Path, ...]) -> None:
    for folder in parents:
        for left in folder.glob("grading-*-*"):
            with contextlib.suppress(OSError):
                if not Path("/proc", left.name.split("-")[1]).exists():
                    left.rmdir()


def remove_leftovers() -> None:
    """Removes groups of graders that have ended; their names say which process they belonged to."""
    _remove_leftovers(_folders()[1])


def memory_control() -> str:
    """What limits memory on this machine: ``"cgroup v1"``, ``"cgroup v2"`` or ``"address space"``."""
    return _folders()[0]


class Group:
    """One control group per sandbox, or none where the machine does not let us make one."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        """Use :meth:`make`."""
        self._folders = folders
        self._peak, self._killed = 0, False

    @property
    def folders(self) -> tuple[Path, ...]:
        """Its folders, one for each controller, or one for all."""
        return self._folders

    @classmethod
    def make(cls, memory: int, processes: int) -> Group:
        """Makes a group limited to ``memory`` bytes and ``processes`` processes and threads."""
        version, parents = _folders()
        name = f"grading-{os.getpid()}-{secrets.token_hex(6)}"
        group = cls(tuple(parent / name for parent in parents))
        try:
            for folder in group._folders:
                folder.mkdir()
            if version == "cgroup v1":
                group._write("memory.limit_in_bytes", memory)
                group._write("memory.memsw.limit_in_bytes", memory)
                group._write("pids.max", processes)
            elif version == "cgroup v2":
                group._write("memory.max", memory)
                group._write("memory.swap.max", 0)
                group._write("pids.max", processes)
        except OSError:
            group.close()
            return cls(())
        return group

    def joining(self, command: list[str]) -> list[str]:
        """The command, preceded by what puts it in the group before it can start anything."""
        if not self._folders:
            return command
        enter = "".join(f"echo $$ > {folder}/cgroup.procs && " for folder in self._folders)
        return ["/bin/sh", "-c", f'{enter} exec "$@"', "sh", *command]

    def join(self) -> None:
        """Puts this process in the group, and whatever it starts from now on that joins no other."""
        with contextlib.suppress(OSError):
            for folder in self._folders:
                (folder / "cgroup.procs").write_text(str(os.getpid()))

    def peak(self) -> int:
        """Bytes used at most, file caches included."""
        for name in ("memory.max_usage_in_bytes", "memory.peak"):
            with contextlib.suppress(OSError, ValueError):
                self._peak = max(self._peak, int(self._read(name)))
        return self._peak

    def out_of_memory(self) -> bool:
        """Whether a process in the group was killed for its memory."""
        for name in ("memory.oom_control", "memory.events"):
            with contextlib.suppress(OSError, ValueError):
                pairs = dict(line.split() for line in self._read(name).splitlines())
                self._killed = self._killed or int(pairs.get("oom_kill", 0)) > 0
        return self._killed

    def close(self) -> None:
        """Removes the group; what it counted stays known."""
        self.peak(), self.out_of_memory()
        for folder in self._folders:
            for _ in range(50):  # the kernel needs a moment until the last process is gone
                try:
                    folder.rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.02)
        self._folders = ()

    def _write(self, name: str, value: int) -> None:
        for folder in self._folders:
            if (folder / name).exists():
                (folder / name).write_text(str(value))

    def _read(self, name: str) -> str:
        for folder in self._folders:
            if (folder / name).exists():
                return (folder / name).read_text()
        raise FileNotFoundError(name)
