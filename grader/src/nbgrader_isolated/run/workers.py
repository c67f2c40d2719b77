"""Who does the grading: processes of this machine, or of several that a scheduler of dask.distributed knows."""

from __future__ import annotations

import contextlib
import ipaddress
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.sandbox import bubblewrap, cgroups
from nbgrader_isolated.sandbox.scratch import unmount

_SECONDS_TO_TIDY = 20
SECONDS_TO_COME_BACK = 20
"""For a cluster whose last worker has ended: dask's nannies start a new one within seconds."""
WORKER_MEMORY = 6144 * bubblewrap.MEGABYTE
"""Bytes of one worker with the template of its kernels (about 1 GB): far more than it needs, so that only it can end by it."""
_WORKER_PROCESSES = 4096


class Workers(Protocol):
    """What the runner needs.

    Attributes:
        executor: takes the work.
        at_once: how many jobs it can have at one time.
    """

    executor: Executor
    at_once: int

    def renew(self) -> None:
        """Makes a new executor after one that broke."""

    def require(self, error: Exception) -> None:
        """Called when a job came back with an error; raises when there is nobody left to do the work."""


class Local:
    """Processes of this machine. Use it as a context manager; left by an exception (ctrl-C, say) it stops them."""

    def __init__(self, jobs: int) -> None:
        """Prepares ``jobs`` workers; each starts when there is work for it."""
        self.at_once = jobs
        self._others = multiprocessing.active_children()
        remove_leftovers()
        self.executor = self._make()

    def _make(self) -> ProcessPoolExecutor:
        # Spawned workers share nothing with this process, in particular no gradebook connection.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.at_once, mp_context=context, initializer=_prepare_worker)

    def renew(self) -> None:
        self.executor.shutdown(wait=False)
        self.executor = self._make()

    def require(self, error: Exception) -> None:
        """There is always this machine."""

    def __enter__(self) -> Local:
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        if kind is not None:
            for child in multiprocessing.active_children():
                if child not in self._others:
                    child.terminate()
        self.executor.shutdown(cancel_futures=True)
        remove_leftovers()  # of workers that were stopped between making a folder and being able to tidy it
        cgroups.remove_leftovers()  # of workers, which could not remove the groups they were in


def _prepare_worker() -> None:
    """Runs first in a worker: ctrl-C is the parent's business, and no worker outlives its parent.

    It gets a memory group and a keyring of its own.
    """
    bubblewrap.leave_keyring()
    cgroups.Group.make(WORKER_MEMORY, _WORKER_PROCESSES).join()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that sandboxes and folders are tidied
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    multiprocessing.parent_process().join()
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(_SECONDS_TO_TIDY)
    os._exit(1)  # its sandboxes end with it


def remove_leftovers() -> None:
    """Removes temporary folders of graders that were killed; their names say which process they belonged to."""
    for folder in Path(tempfile.gettempdir()).glob("grading-*-*"):
        owner = folder.name.split("-")[1]
        with contextlib.suppress(OSError):
            if owner.isdigit() and not Path("/proc", owner).exists() and folder.lstat().st_uid == os.geteuid():
                unmount(folder / "shared")
                shutil.rmtree(folder, ignore_errors=True)


class Cluster:
    """The workers of a scheduler of dask.distributed, on machines that share the course's folder."""

    def __init__(self, address: str, *paths: Path) -> None:
        """Connects, and looks at every worker.

        Args:
            address: ``tls://host:port``, or ``tcp://`` on this machine. Certificates are those of dask's configuration.
            paths: what every worker has to see.

        Raises:
            BadArgumentError: the address leads off this machine without encryption.
            NotAvailableError: there are no certificates, no scheduler, or a worker that must not grade.
        """
        require_safe(address)
        try:
            from distributed import Client
            from distributed.security import Security
        except ImportError:
            raise NotAvailableError("--scheduler needs a package. Run: pip install distributed") from None
        if address.startswith("tls:") and Security().get_connection_args("client")["ssl_context"] is None:
            raise NotAvailableError(
                f"{address} expects certificates, and dask's settings name none. Set distributed.comm.tls.ca-file, "
                "distributed.comm.tls.client.cert and distributed.comm.tls.client.key, in a file of ~/.config/dask or "
                "as environment variables (DASK_DISTRIBUTED__COMM__TLS__CA_FILE and so on)."
            )
        try:
            self._client = Client(address, timeout="20s", set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise NotAvailableError(f"There is no scheduler at {address}: {error}") from None
        try:
            workers = self._client.scheduler_info(n_workers=-1)["workers"]
            if not workers:
                raise NotAvailableError(f"The scheduler at {address} has no workers. Start some: dask worker {address}")
            for worker in workers:
                require_safe(worker)
            problems = self._client.run(_look_around, [str(path) for path in paths])
            for worker, problem in problems.items():
                if problem:
                    raise NotAvailableError(f"The worker {worker} cannot grade: {problem}")
            self.at_once = sum(worker["nthreads"] for worker in workers.values())
            # A worker that goes away is no job's fault: dask gives its jobs to another one, three times.
            self.executor = self._client.get_executor(pure=False)
        except BaseException:
            self._client.close()
            raise

    def renew(self) -> None:
        """Dask replaces nothing; :meth:`require` says whether anybody is left."""

    def require(self, error: Exception) -> None:
        deadline = time.monotonic() + SECONDS_TO_COME_BACK
        while self._client.status != "running" or not self._client.scheduler_info(n_workers=-1)["workers"]:
            if time.monotonic() > deadline:
                raise NotAvailableError(
                    f"The scheduler or all its workers are gone ({type(error).__name__}). What was graded is kept; "
                    "run the same command again to go on."
                ) from None
            time.sleep(0.5)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        with contextlib.suppress(Exception):
            self.executor.shutdown(wait=kind is None)
        self._client.close()


def require_safe(address: str) -> None:
    """Dask carries code, so whoever can speak to a worker commands it: off this machine only with TLS.

    Raises:
        BadArgumentError: an address of another kind.
    """
    parts = urlsplit(address)
    if parts.scheme == "tls" and parts.hostname:
        return
    host = parts.hostname or ""
    with contextlib.suppress(ValueError):
        if parts.scheme == "tcp" and (host == "localhost" or ipaddress.ip_address(host).is_loopback):
            return
    raise BadArgumentError(
        f"{address!r} is neither tls://HOST:PORT nor tcp:// on this machine. Give the scheduler and its workers "
        "certificates (dask's settings distributed.comm.tls), and use tls://."
    )


def _look_around(paths: list[str]) -> str:
    """Runs on every worker; returns why it cannot grade, or nothing."""
    found = bubblewrap.probe()
    if not found.available:
        return f"no sandbox can be had there. {found.reason}"
    missing = [path for path in paths if not os.path.isdir(path)]
    return f"it does not see {missing[0]}; share that folder with it, under the same name." if missing else ""
