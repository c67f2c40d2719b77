"""Starts a student's kernel in a sandbox of its own: forked from a template where there is one, else as a new Python."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbgrader_isolated.sandbox import bubblewrap, process_settings
from nbgrader_isolated.sandbox.bubblewrap import Policy
from nbgrader_isolated.student import own_files
from nbgrader_isolated.student.template import Template, TemplateError

_READY = b"ready\n"
_UNTIL_ENTERED = ["/bin/sh", "-c", "echo ready; exec sleep infinity"]
"""What runs in a sandbox until the template has entered it."""

ENVIRONMENT = {
    "IPYTHONDIR": "/tmp/ipython",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    # The home folder holds what was handed in, and no settings or packages of the student's: a kernel that was forked has
    # read its settings already.
    "KERAS_HOME": "/tmp/keras",
    "PYTHONNOUSERSITE": "1",
    **process_settings.VARIABLES,
    "CUDA_VISIBLE_DEVICES": "-1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "NBGRADER_EXECUTION": "autograde",
    "USER": "student",
}
"""A kernel's environment variables, in addition to those of every sandbox."""


@dataclass(frozen=True)
class KernelFolders:
    """The folders of one kernel.

    Attributes:
        home: where it starts; empty at first, or with a copy of ``files``, and gone afterwards.
        shared: it writes to it, and the grader reads.
        inbox: the grader writes to it, and the kernel reads.
        files: what was handed in besides the notebook, if anything.
    """

    home: Path
    shared: Path
    inbox: Path
    files: Path | None = None


def launch(
    arguments: list[str],
    folders: KernelFolders,
    *,
    policy: Policy,
    read_only: Iterable[Path],
    environment: dict[str, str],
    template: Template | None,
    seconds: float,
) -> tuple[bubblewrap.Box, str]:
    """Starts a kernel.

    Args:
        arguments: the kernel's command line, without the program.
        folders: its folders.
        policy: limits of its sandbox.
        read_only: further files and folders to see.
        environment: its environment variables.
        template: becomes the kernel where it can.
        seconds: until a sandbox for the template is there.

    Returns:
        The sandbox, and why the kernel was started new although there is a template; nothing where all went well.
    """
    started_new = ""
    if template is not None:
        box = _start(_UNTIL_ENTERED, folders, policy, read_only, environment, subprocess.PIPE)
        try:
            _enter(template, box, arguments, folders, environment, seconds)
            return box, ""
        except TemplateError as error:
            # Slower, and no harm else: the kernel is started as it is where there is no template.
            started_new = str(error)
            box.kill()
        except BaseException:
            box.kill()
            raise
    command = [sys.executable, *own_files.INTERPRETER, "-m", "ipykernel_launcher", *arguments]
    return _start(command, folders, policy, read_only, environment, subprocess.DEVNULL), started_new


def _start(
    command: list[str],
    folders: KernelFolders,
    policy: Policy,
    read_only: Iterable[Path],
    environment: dict[str, str],
    stdout: int,
) -> bubblewrap.Box:
    if folders.files is not None:
        command = ["/bin/sh", "-c", 'cp -R "$1"/. . && shift && exec "$@"', "sh", str(folders.files), *command]
    return bubblewrap.start(
        command,
        policy=policy,
        read_only=[*read_only, folders.inbox, *([folders.files] if folders.files else [])],
        writable=[folders.shared],
        scratch=[folders.home],
        environment=environment,
        cwd=folders.home,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
    )


def _enter(
    template: Template,
    box: bubblewrap.Box,
    arguments: list[str],
    folders: KernelFolders,
    environment: dict[str, str],
    seconds: float,
) -> None:
    """Has the template become the kernel, in a sandbox like any other.

    Raises:
        TemplateError: it cannot.
    """
    if not select.select([box.process.stdout], [], [], seconds)[0]:
        raise TemplateError("Its sandbox did not start.")
    # A pipe can be read too when all who could write to it have ended.
    if os.read(box.process.stdout.fileno(), len(_READY)) != _READY:
        raise TemplateError("Its sandbox ended at once.")
    inside = bubblewrap.inside([folders.home], environment)
    template.enter(box, arguments, environment=inside, cwd=folders.home)
