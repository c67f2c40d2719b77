"""A sandbox for code that nobody has read: bubblewrap around one process and all it starts.

What is inside sees an allow-list of folders, mostly read-only, and nothing else: no network, no home, no other process.
Paths are the same inside and outside, so the same caller works where an instructor has consented to do without.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import platform
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.sandbox.cgroups import Group, memory_control

MEGABYTE = 1 << 20
FIRST_UID, UIDS = 2_100_000_000, 40_000_000
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_JOIN_SESSION_KEYRING = 1
PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Policy:
    """What a process and everything it starts may use.

    Attributes:
        memory: bytes; temporary files count too, since they live in memory.
        cpu_seconds: processor seconds of each single process.
        processes: processes and threads at one time.
        file_size: bytes of one file.
        scratch: bytes of temporary files, in each of the temporary folders.
        consent: run without a sandbox where there is none. Only an instructor can decide that.
    """

    memory: int = 4096 * MEGABYTE
    cpu_seconds: int = 3600
    processes: int = 512
    file_size: int = 512 * MEGABYTE
    scratch: int = 512 * MEGABYTE
    consent: bool = False


@dataclass(frozen=True)
class Probe:
    """What this machine offers.

    Attributes:
        available: whether a sandbox can be had.
        memory: what limits memory: ``"cgroup v1"``, ``"cgroup v2"`` or the weaker ``"address space"`` (per process).
        reason: why there is no sandbox, and how to get one; empty when there is one.
    """

    available: bool
    memory: str
    reason: str = ""


@functools.cache
def probe() -> Probe:
    """Tries a sandbox on this machine, once per process."""
    memory = memory_control()
    if not sys.platform.startswith("linux"):
        return Probe(
            False, memory, "The sandbox needs Linux. On macOS or Windows, grade inside a Linux virtual machine."
        )
    if shutil.which("bwrap") is None:
        return Probe(False, memory, "bubblewrap is not installed. On Debian or Ubuntu: apt install bubblewrap.")
    try:
        tried = subprocess.run(
            [*_bwrap_arguments((), (), (), Policy()), *_privileges(Policy(), 65534, "cgroup"), "/bin/true"],
            capture_output=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Probe(False, memory, f"bubblewrap could not be run: {type(error).__name__}.")
    if tried.returncode == 0:
        return Probe(True, memory)
    said = tried.stderr.decode("utf-8", "replace").strip()[:300]
    if "uid map" in said or "namespace" in said.lower() or "not permitted" in said.lower():
        said += (
            " This system forbids user namespaces: Ubuntu 24.04 needs an AppArmor profile that allows them to bwrap; "
            "a container needs to be started with them allowed (or grade on the host)."
        )
    return Probe(False, memory, f"bubblewrap failed: {said}")


def require(policy: Policy) -> Probe:
    """Returns the probe, or refuses where there is no sandbox and nobody consented to do without.

    Raises:
        NotAvailableError: it says why there is none and how to get one.
    """
    found = probe()
    if not found.available and not policy.consent:
        raise NotAvailableError(
            f"Grading runs students' code, and no sandbox can be had here. {found.reason} "
            "docs/sandbox.md of nbgrader-isolated says what to do on each system. "
            "To grade without one all the same, on a machine you can afford to lose, write "
            "c.GradingEngine.consent_to_no_sandbox = True into nbgrader_config.py."
        )
    return found


def leave_keyring() -> None:
    """Joins a new session keyring, so that nothing started from here can use the keys of whoever logged in.

    Only this thread and what it starts are concerned. Where there are no keyrings, or no leave to make one, nothing happens.
    """
    number = {"x86_64": 250, "aarch64": 219}.get(platform.machine())
    if number is not None and sys.platform.startswith("linux"):
        ctypes.CDLL(None).syscall(number, _JOIN_SESSION_KEYRING, None)


def require_out_of_sight(course: Path, hidden: Iterable[str | Path], seen: Iterable[str | Path]) -> None:
    """Refuses settings under which students' code could read the course: solutions, gradebook, others' work.

    Args:
        course: the course's folder. Parts of it may be seen.
        hidden: files and folders no part of which may be seen, in the course's folder or elsewhere.
        seen: what is mounted for students' code, besides the system and the interpreter's libraries.

    Raises:
        BadArgumentError: one of the folders lies in what is seen, or something that is seen lies in what is hidden.
    """
    seen, hidden = ([Path(place).resolve() for place in places] for places in (seen, hidden))
    mounted = [*(Path(place).resolve() for place in (*_SYSTEM, *libraries())), *seen]
    exposed = [
        (folder, place)
        for folder in (Path(course).resolve(), *hidden)
        for place in mounted
        if folder.is_relative_to(place)
    ]
    exposed += [(folder, place) for folder in hidden for place in seen if place.is_relative_to(folder)]
    for folder, place in exposed:
        raise BadArgumentError(
            f"{folder} holds what is hidden from students, and with {place}, which students' code may read, they would see of it. "
            "Move one of the two elsewhere, or mount less (c.GradingEngine.student_sees in nbgrader_config.py)."
        )


class Box:
    """One running process in its sandbox.

    Attributes:
        process: the ``Popen`` of the outermost process.
        uid: the user that it runs as; None without a sandbox, and where the instructor is not root.
        limits: of each of its processes, by their names in :mod:`resource`.
    """

    def __init__(self, process: subprocess.Popen, group: Group, uid: int | None, limits: dict[str, int]) -> None:
        """Use :func:`start`."""
        self.process, self._group, self.uid, self.limits = process, group, uid, limits

    @property
    def groups(self) -> tuple[Path, ...]:
        """The folders of its control group; none where there is no group."""
        return self._group.folders

    def alive(self) -> bool:
        return self.process.poll() is None

    def peak_memory(self) -> int:
        """Bytes used at most so far, file caches included; 0 where no control group can tell."""
        return self._group.peak()

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel had to kill something inside for its memory."""
        return self._group.out_of_memory()

    def kill(self) -> None:
        """Ends everything inside, however it was started, and waits for it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._group.close()


def start(
    command: Sequence[str],
    *,
    policy: Policy,
    read_only: Iterable[Path] = (),
    writable: Iterable[Path] = (),
    scratch: Iterable[Path] = (),
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    **streams: object,
) -> Box:
    """Starts a command with nothing around it but what is named here.

    Args:
        command: program and arguments; the program's path must be visible inside.
        policy: limits.
        read_only: files and folders to see, at their own paths, besides the interpreter and the system's libraries.
        writable: folders outside that the inside may write to; the caller watches their size.
        scratch: paths of folders that are empty, writable, limited in size and gone afterwards.
        environment: the whole environment besides PATH, HOME and the language.
        cwd: where to start.
        **streams: ``stdin``, ``stdout`` and ``stderr`` for Popen.

    Raises:
        NotAvailableError: no sandbox, no consent.
    """
    found = require(policy)
    writable, scratch = list(writable), list(scratch)
    # Above what distributions give to users, to their containers (/etc/subuid) and to accounts of a directory server.
    uid = FIRST_UID + secrets.randbelow(UIDS)
    variables = inside(scratch, environment)
    group = Group.make(policy.memory, policy.processes)
    control = found.memory if group.folders else "address space"  # this one may have failed where others can be made
    try:
        if found.available:
            if os.geteuid() == 0:
                for path in (inner for folder in writable for inner in (folder, *Path(folder).iterdir())):
                    os.chown(path, uid, uid, follow_symlinks=False)
            sandbox = _bwrap_arguments(read_only, writable, scratch, policy, cwd)
            line = [*sandbox, *_privileges(policy, uid, control), *command]
            # The environment is handed over, not written into the command line, where other users could read it.
            process = subprocess.Popen(group.joining(line), start_new_session=True, env=variables, **streams)
        else:
            for folder in scratch:
                Path(folder).mkdir(parents=True, exist_ok=True)
            line = [*_limited(policy, control), *command] if shutil.which("prlimit") else list(command)
            process = subprocess.Popen(group.joining(line), start_new_session=True, env=variables, cwd=cwd, **streams)
    except BaseException:
        group.close()
        raise
    uid = uid if found.available and os.geteuid() == 0 else None
    return Box(process, group, uid, _limits(policy, control))


def inside(scratch: Sequence[Path], environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """All environment variables of a process that is started with these; see :func:`start`."""
    home = str(scratch[0]) if scratch else "/tmp"
    own = {"PATH": f"{sys.prefix}/bin:/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8"}
    return {**own, "PYTHONPATH": str(PACKAGE.parent), **(environment or {})}


def libraries() -> list[Path]:
    """The folders a Python of this environment needs: interpreter, environment, and this package where it lies outside."""
    needed = [Path(sys.prefix), Path(sys.base_prefix), Path(os.path.realpath(sys.executable)).parent.parent]
    if not any(PACKAGE.is_relative_to(folder) for folder in needed):
        needed.append(PACKAGE)
    return [folder for folder in dict.fromkeys(needed) if not folder.is_relative_to("/usr")]


def _bwrap_arguments(read_only, writable, scratch, policy: Policy, cwd: Path | None = None) -> list[str]:
    size = str(policy.scratch)
    line = ["bwrap", "--die-with-parent", "--new-session"]
    if os.geteuid() == 0:
        # Real root needs no user namespace, and leaving it out lets the uid inside be a real other one.
        line += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        line += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        line += ["--unshare-all"]
    line += ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        if os.path.islink(f"/{name}"):
            line += ["--symlink", os.readlink(f"/{name}"), f"/{name}"]
        elif os.path.isdir(f"/{name}"):
            line += ["--ro-bind", f"/{name}", f"/{name}"]
    for name in ("ld.so.cache", "alternatives", "localtime", "fonts"):
        line += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    line += ["--proc", "/proc", "--dev", "/dev"]
    for folder in ("/tmp", "/dev/shm"):
        line += ["--perms", "1777", "--size", size, "--tmpfs", folder]
    seen = dict.fromkeys([*libraries(), *map(Path, read_only)])
    for folder in dict.fromkeys(p for path in [*seen, *scratch, *writable] for p in reversed(Path(path).parents)):
        # As root, bubblewrap makes the folders on the way to a mount for root alone.
        line += ["--perms", "0755", "--dir", str(folder)]
    for path in seen:
        line += ["--ro-bind", str(path), str(path)]
    for path in scratch:
        line += ["--perms", "1777", "--size", size, "--tmpfs", str(path)]
    for path in writable:
        line += ["--bind", str(path), str(path)]
    # The root and /dev are temporary file systems too, without a size limit: nobody needs to write there.
    line += ["--remount-ro", "/dev", "--remount-ro", "/"]
    return line + (["--chdir", str(cwd)] if cwd else ["--chdir", "/"])


def _privileges(policy: Policy, uid: int, memory: str) -> list[str]:
    line = []
    if os.geteuid() == 0:
        line = ["/usr/bin/setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--no-new-privs"]
    return [*line, *_limited(policy, memory)]


def _limited(policy: Policy, memory: str) -> list[str]:
    flags = [f"--{name.removeprefix('RLIMIT_').lower()}={most}" for name, most in _limits(policy, memory).items()]
    return ["/usr/bin/prlimit", *flags]


def _limits(policy: Policy, memory: str) -> dict[str, int]:
    limits = {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": policy.cpu_seconds,
        "RLIMIT_FSIZE": policy.file_size,
        "RLIMIT_NPROC": policy.processes,
    }
    if not memory.startswith("cgroup"):
        # TensorFlow maps gigabytes that it never touches, so the weaker limit has to be higher by as much.
        limits["RLIMIT_AS"] = policy.memory + 4096 * MEGABYTE
    return limits
