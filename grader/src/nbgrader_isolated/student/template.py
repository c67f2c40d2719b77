"""A process that has made a student's imports already, and becomes the next student's kernel by forking.

Importing TensorFlow takes seconds of processor time, for every submission. A template pays that once per worker. It imports
modules of the environment, that is, trusted code, before any student's byte is read, and never reads one. For each
submission it forks; the fork enters a sandbox that :mod:`nbgrader_isolated.sandbox.bubblewrap` made for that submission alone, joins its
control group, gives up root and every capability, and only then is a kernel. Forks share nothing that they can change, and
none is used twice. Entering a sandbox from outside needs root; anybody else's kernels start the slow way.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nbgrader_isolated.errors import GraderError
from nbgrader_isolated.sandbox import bubblewrap, process_settings
from nbgrader_isolated.student import own_files
from nbgrader_isolated.wire import frames

ENTERED = ("cgroup", "ipc", "uts", "net", "pid", "mnt")
_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 4, 24, 38


class TemplateError(GraderError, RuntimeError):
    """The template did not start, or could not enter a sandbox; a kernel can still be started the slow way."""


def usable() -> bool:
    """Whether kernels can be forked here: that needs root, and a sandbox to enter."""
    return sys.platform.startswith("linux") and os.geteuid() == 0 and bubblewrap.probe().available


class Template:
    """The parent's side: starts the process when it is first needed, and asks it for kernels."""

    def __init__(
        self, modules: tuple[str, ...], *, environment: dict[str, str] | None = None, seconds: float = 180
    ) -> None:
        """Prepares; nothing starts yet.

        Args:
            modules: what students' notebooks import; imported in this order.
            environment: environment variables that the modules may look at when they are imported.
            seconds: until it is ready.
        """
        self._modules, self._environment, self._seconds = modules, environment or {}, seconds
        self._process: subprocess.Popen | None = None
        self._failed = False

    def enter(self, box: bubblewrap.Box, arguments: list[str], *, environment: dict[str, str], cwd: Path) -> None:
        """Makes a kernel run in a sandbox; the sandbox ends when the kernel does.

        Args:
            box: in which a process is waiting that is nobody's.
            arguments: the kernel's command line, without the program.
            environment: the kernel's whole environment.
            cwd: where it starts, a path inside.

        Raises:
            TemplateError: there is no such kernel, and the sandbox holds nothing.
        """
        try:
            self._ensure()
            job = {
                "pid": _first_inside(box.process.pid),
                "arguments": arguments,
                "environment": environment,
                "cwd": str(cwd),
                "uid": box.uid,
                "limits": box.limits,
                "groups": [str(folder / "cgroup.procs") for folder in box.groups],
            }
            frames.write(self._process.stdin.fileno(), job)
            said, _ = frames.read(self._process.stdout.fileno(), deadline=time.monotonic() + 60)
        except (frames.FrameError, OSError, ValueError, IndexError) as error:
            self.close()
            raise TemplateError(f"The template of students' kernels stopped ({error}).") from None
        if said.get("state") != "entered":
            raise TemplateError(f"A kernel could not enter its sandbox ({str(said.get('why'))[:300]}).")

    def _ensure(self) -> None:
        if self._failed:  # a module that cannot be imported will not be there for the next student either
            raise ValueError(f"can these be imported: {', '.join(self._modules)}?")
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        self._folder = tempfile.mkdtemp(prefix=f"grading-{os.getpid()}-")
        own = {name: self._folder for name in ("HOME", "IPYTHONDIR", "MPLCONFIGDIR", "KERAS_HOME")}
        # Matplotlib decides while it is imported where figures go; this is what a kernel sets.
        own["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
        given = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(bubblewrap.PACKAGE.parent)}
        self._process = subprocess.Popen(
            [sys.executable, *own_files.INTERPRETER, "-W", "ignore", "-m", __name__, *self._modules],
            env={**given, **self._environment, **own},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
        try:
            frames.read(self._process.stdout.fileno(), deadline=time.monotonic() + self._seconds)
        except frames.FrameError:
            self._failed = True
            raise

    def close(self) -> None:
        """Ends the template; kernels that it became go on."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdin.close()
            self._process.stdout.close()
            self._process = None
            shutil.rmtree(self._folder, ignore_errors=True)


def _first_inside(outermost: int) -> int:
    """The first process of a sandbox's own process space, by its number outside."""
    return int(Path(f"/proc/{outermost}/task/{outermost}/children").read_text().split()[0])


def serve(modules: list[str]) -> None:
    """Imports the modules, then becomes one kernel per frame, until the pipe closes or nobody asks for long."""
    incoming, outgoing = frames.own_pipes()
    before = dict(os.environ)
    for name in (
        "ipykernel.kernelapp",
        "nbgrader_isolated.student.exporter",
        "nbgrader_isolated.student.endings",
        *modules,
    ):
        importlib.import_module(name)
    # What modules set for themselves when they are imported: a kernel would have it too.
    own = {name: value for name, value in os.environ.items() if before.get(name) != value}
    frames.write(outgoing, {"ready": True})
    while True:
        try:
            job, _ = frames.read(incoming, deadline=time.monotonic() + frames.IDLE_SECONDS)
        except frames.FrameError:
            return
        shared = shared_writable()
        if shared:  # forks of two students could speak to each other through it, and to this process
            frames.write(outgoing, {"state": "failed", "why": f"shared memory: {shared[0]}"})
            continue
        job["environment"] = {**own, **job["environment"]}
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        reading, writing = os.pipe()
        if os.fork() == 0:
            try:
                os.close(incoming), os.close(outgoing), os.close(reading)
                _become(job, writing)
            finally:
                os._exit(1)
        os.close(writing)
        with open(reading, "rb") as pipe:
            why = pipe.read().decode("utf-8", "replace")
        frames.write(outgoing, {"state": "failed", "why": why} if why else {"state": "entered"})


def shared_writable() -> list[str]:
    """Memory of this process that its forks would share with it and could change: lines of ``/proc/self/maps``.

    What the course's modules import makes none. Were some found to be harmless, this would be the place to say which.
    """
    lines = Path("/proc/self/maps").read_text().splitlines()
    return [line for line in lines if {"w", "s"} <= set(line.split()[1])]


def _require_other_namespaces(namespaces: dict[str, int]) -> None:
    """Refuses to take this process's own namespaces for a sandbox's; numbers of processes are used again.

    Raises:
        RuntimeError: this process is in one of them already.
    """
    for name in ("pid", "mnt", "net", "ipc"):
        here, there = os.stat(f"/proc/self/ns/{name}"), os.fstat(namespaces[name])
        if (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino):
            raise RuntimeError(f"no sandbox: its {name} is that of the grader")


def _become(job: dict, tell: int) -> None:
    """Enters the sandbox; the one fork that stays outside waits, and ends the sandbox with the kernel."""
    try:
        # Only the kernel joins the student's group; the one that waits is root's, and must not count or die with it.
        groups = [os.open(path, os.O_WRONLY) for path in job["groups"]]
        first = os.pidfd_open(job["pid"])
        libc = ctypes.CDLL(None, use_errno=True)
        namespaces = {name: os.open(f"/proc/{job['pid']}/ns/{name}", os.O_RDONLY) for name in ENTERED}
        signal.pidfd_send_signal(first, 0)  # alive still, so the namespaces were its own
        _require_other_namespaces(namespaces)
        for name, namespace in namespaces.items():
            if libc.setns(namespace, 0):
                raise OSError(ctypes.get_errno(), f"setns {name}")
        kernel = os.fork()  # a process space holds for what is started after it was entered
        if kernel == 0:
            for group in groups:
                os.write(group, b"0")  # whoever writes
            _give_up_rights(job, libc, tell)
    except BaseException as error:
        os.write(tell, f"{type(error).__name__}: {error}".encode())
        os._exit(1)
    if kernel == 0:
        _run_kernel(job)
        os._exit(0)
    os.close(tell)
    os.waitpid(kernel, 0)
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(first, signal.SIGKILL)
    os._exit(0)


def _give_up_rights(job: dict, libc: ctypes.CDLL, tell: int) -> None:
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)  # that of the sandbox
    for handle in (0, 1, 2):
        os.dup2(nowhere, handle)
    for handle in {int(name) for name in os.listdir("/proc/self/fd")} - {0, 1, 2, tell}:
        with contextlib.suppress(OSError):
            os.close(handle)
    os.set_inheritable(tell, False)
    for name, most in job["limits"].items():
        resource.setrlimit(getattr(resource, name), (most, most))
    for capability in range(64):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)  # those that this system does not know are refused
    os.setgroups([])
    os.setresgid(job["uid"], job["uid"], job["uid"])
    os.setresuid(job["uid"], job["uid"], job["uid"])
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    with contextlib.suppress(OSError):
        os.setuid(0)
        raise RuntimeError("root was not given up")
    _require_no_rights(Path("/proc/self/status").read_text())
    os.umask(0o022)
    os.chdir(job["cwd"])
    os.close(tell)


def _require_no_rights(status: str) -> None:
    """Refuses where the system says that a process may still do what only root may.

    Raises:
        RuntimeError: a capability is left, or the status does not say.
    """
    held = dict(line.split(":", 1) for line in status.splitlines() if line.startswith("Cap"))
    for name in ("CapEff", "CapPrm", "CapAmb"):
        if int(held[name], 16) != 0:
            raise RuntimeError(f"{name} was not given up: {held[name].strip()}")


def _run_kernel(job: dict) -> None:
    os.environ.clear()
    os.environ.update(job["environment"])
    process_settings.reseed()
    sys.argv = ["ipykernel_launcher", *job["arguments"]]
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


if __name__ == "__main__":
    serve(sys.argv[1:])
