"""The student's kernel, seen from outside: a sandboxed process; every message from it is treated as adversarial.

Its command line is the engine's, whatever kernel the notebook asks for. It has no stdin. What it answers to questions is a
file that only the examiner opens.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path

from nbgrader_isolated.outcomes import Fault, Outcome
from nbgrader_isolated.sandbox import bubblewrap, scratch
from nbgrader_isolated.sandbox.bubblewrap import MEGABYTE, Policy
from nbgrader_isolated.sandbox.limits import Caps, Times
from nbgrader_isolated.student import endings, own_files
from nbgrader_isolated.student.channels import Channels, NotSent
from nbgrader_isolated.student.launch import ENVIRONMENT, KernelFolders, launch
from nbgrader_isolated.student.messages import CellRun, Collector
from nbgrader_isolated.student.template import Template


class Student:
    """A kernel for one notebook of one student. Use it as a context manager."""

    def __init__(
        self,
        *,
        files: Path | None = None,
        policy: Policy | None = None,
        times: Times | None = None,
        caps: Caps | None = None,
        read_only: tuple[Path, ...] = (),
        environment: dict[str, str] | None = None,
        template: Template | None = None,
    ) -> None:
        """Prepares; nothing starts yet.

        Args:
            files: a folder with the student's extra files, copied to where the notebook runs.
            policy: limits of the sandbox.
            times: limits in seconds.
            caps: limits in bytes.
            read_only: further files and folders to see: weights, public data.
            environment: further environment variables.
            template: becomes the kernel, in place of a new Python, where there is one that can.
        """
        self.policy, self.times, self.caps = policy or Policy(), times or Times(), caps or Caps()
        self.files, self._read_only = files, read_only
        self._environment, self._template = environment or {}, template
        self.started_new = ""
        """Why the kernel was started new although there is a template; nothing where all went well."""
        self._questions = 0
        self._outputs_left = self.caps.all_outputs
        self.box: bubblewrap.Box | None = None
        self._peak = 0
        self._before = scratch.resident()
        self._channels: Channels | None = None

    def without_files(self) -> Student:
        """The same with no files next to the notebook, to see whether the machine is to blame."""
        known = {name: getattr(self, name) for name in ("policy", "times", "caps")}
        own = {"read_only": self._read_only, "environment": self._environment, "template": self._template}
        return Student(**known, **own)

    def __enter__(self) -> Student:
        self._folder = Path(tempfile.mkdtemp(prefix=f"grading-{os.getpid()}-"))
        try:
            self._start()
        except Fault as fault:
            self.close()
            # No code of the notebook has run yet: whether the machine or a file handed in is to blame is not known.
            raise Fault(Outcome.NEEDS_MANUAL_REVIEW, f"The notebook's kernel did not start. {fault.message}") from None
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        self._home, self._shared, self._inbox = (self._folder / name for name in ("home", "shared", "inbox"))
        # The folder around them is its owner's alone; inside the sandbox these two are mounted, without that folder.
        self._shared.mkdir(mode=0o700)
        scratch.mount_limited(
            self._shared, self.caps.shared + MEGABYTE * 64
        )  # a little more than allowed, so that it is noticed
        self._inbox.mkdir()
        self._channels = Channels(self._shared, longest=self.caps.message)
        # The sandbox's user is given this file when the sandbox starts.
        arguments = ["-f", str(self._channels.write_connection_file())]
        arguments += ["--HistoryManager.enabled=False", "--Session.check_pid=False"]
        # What compiled libraries log when they start is not the student's output, and would be shown as stderr.
        arguments += ["--IPKernelApp.capture_fd_output=False", *own_files.ARGUMENTS, *endings.ARGUMENTS]
        self.box, self.started_new = launch(
            arguments,
            KernelFolders(self._home, self._shared, self._inbox, self.files),
            policy=self.policy,
            read_only=self._read_only,
            environment={**ENVIRONMENT, **self._environment},
            template=self._template,
            seconds=self.times.start,
        )
        self._begun = time.monotonic()
        deadline = self._begun + self.times.start
        while not self._channels.are_there():
            self._still_there(deadline, "It took too long.")
            time.sleep(0.02)
        time.sleep(0.05)  # between a socket's name appearing and its listening
        self._channels.open()
        while True:
            asked = self._send("shell", "kernel_info_request", {})
            if self._reply(asked, time.monotonic() + 2):
                break
            self._still_there(deadline, "It took too long.")
        self._begun = time.monotonic()
        self._before = scratch.resident()

    def run(self, source: str) -> CellRun:
        """Runs one ordinary cell.

        Raises:
            Fault: the kernel is gone, or had to be ended.
        """
        run = CellRun()
        begun = time.monotonic()
        self._drain()
        asked = self._execute(source, quiet=False)
        limit = min(begun + self.times.cell, self._begun + self.times.notebook)
        reply = self._await(asked, limit, run)
        run.seconds = time.monotonic() - begun
        if reply is None:
            if time.monotonic() >= self._begun + self.times.notebook:
                raise Fault(Outcome.TIMED_OUT, f"The notebook ran longer than {self.times.notebook:g} seconds.")
            run.status = "interrupted"
        elif reply.get("status") != "ok":
            run.status = "error"
            run.say_how_it_ended(reply)
        return run

    def ask(self, question: dict, arguments: bytes | None = None) -> bytes:
        """Puts a question of the examiner's to the exporter in the student's process.

        Args:
            question: see :func:`nbgrader_isolated.student.exporter.answer`; its paths are filled in here.
            arguments: a message for a call.

        Returns:
            The reply as it came: bytes from an untrusted process.

        Raises:
            TimeoutError: no answer in time, but the kernel heeded the interrupt.
            Fault: the kernel is gone.
        """
        self._questions += 1
        name = f"{self._questions}-{secrets.token_hex(8)}"
        request, reply = self._inbox / f"{name}.json", self._shared / f"{name}.reply"
        if arguments is not None:
            (self._inbox / f"{name}.arguments").write_bytes(arguments)
            question = {**question, "arguments": str(self._inbox / f"{name}.arguments")}
        request.write_text(json.dumps(question))
        code = f"__import__('nbgrader_isolated.student.exporter', fromlist=['answer']).answer({str(request)!r}, {str(reply)!r})"
        try:
            self._drain()
            asked = self._execute(code, quiet=True)
            deadline = min(time.monotonic() + self.times.question, self._begun + self.times.notebook)
            if self._await(asked, deadline, None) is None:
                raise TimeoutError
            return scratch.read(reply, self.caps.reply)
        finally:
            for path in self._inbox.glob(f"{name}.*"):
                path.unlink()
            with contextlib.suppress(OSError):
                reply.unlink()  # a folder in its place stays until the end, and counts as disk used

    def _execute(self, code: str, *, quiet: bool) -> str:
        content = {
            "code": code,
            "silent": quiet,
            "store_history": not quiet,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        return self._send("shell", "execute_request", content)

    def _send(self, channel: str, kind: str, content: dict) -> str:
        try:
            return self._channels.send(channel, kind, content)
        except NotSent:
            raise self._gone() from None

    def _await(self, asked: str, deadline: float, run: CellRun | None) -> dict | None:
        """Waits for the reply to a request, and until the kernel is there for the next; None when it was interrupted.

        A kernel whose last word was this reply is gone now, and not when somebody happens to ask it again.
        """
        reply = self._reply_to(asked, deadline, run)
        if reply is None:
            return None
        there = self._send("shell", "kernel_info_request", {})
        return None if self._reply_to(there, deadline, None) is None else reply

    def _reply_to(self, asked: str, deadline: float, run: CellRun | None) -> dict | None:
        """Waits for one reply while collecting outputs; None when it had to be interrupted."""
        reply, interrupted = None, False
        allowed = min(self.caps.outputs, self._outputs_left)
        collector = Collector(run, asked, allowed)
        checked = 0.0
        quiet_until = None
        while True:
            ready = self._channels.waiting("shell", "iopub")
            now = time.monotonic()
            if "iopub" in ready:
                for frames in self._channels.outputs():
                    collector.take(self._channels.session, frames)
            if "shell" in ready and (found := self._channels.reply(asked)) is not None:
                reply = found
            if reply is not None:
                # Outputs travel on another channel and may lag behind the reply.
                quiet_until = quiet_until or now + 2
                if collector.idle or run is None or now > quiet_until:
                    self._outputs_left -= allowed - collector.left
                    return None if interrupted else reply
            elif now > deadline + (self.times.interrupt if interrupted else 0):
                if interrupted:
                    self.box.kill()
                    raise Fault(Outcome.TIMED_OUT, "A cell ran longer than allowed and could not be interrupted.")
                interrupted = True
                deadline = now
                self._send("control", "interrupt_request", {})
            if now - checked > 0.5:
                checked = now
                self._still_there()

    def _still_there(self, deadline: float | None = None, late: str = "") -> None:
        if not self.box.alive():
            raise self._gone()
        if scratch.used(self._shared) > self.caps.shared:
            self.box.kill()
            raise Fault(Outcome.KERNEL_DIED, "The notebook filled the disk and was stopped.")
        if scratch.resident() - self._before > self.caps.held:
            # A message of many parts is kept until its last part comes, however many there are.
            self.box.kill()
            self._channels.close()
            raise Fault(Outcome.NEEDS_MANUAL_REVIEW, "The notebook sent the grader more than it can hold.")
        if deadline is not None and time.monotonic() > deadline:
            self.box.kill()
            raise Fault(Outcome.KERNEL_DIED, late)

    def _gone(self) -> Fault:
        if self.box.ran_out_of_memory():
            return Fault(
                Outcome.OUT_OF_MEMORY, f"The notebook used more than {self.policy.memory >> 20:,} MB of memory."
            )
        return Fault(Outcome.KERNEL_DIED, "The notebook's process ended.")

    def _reply(self, asked: str, deadline: float) -> dict | None:
        while time.monotonic() < deadline:
            if self._channels.waiting("shell") and (found := self._channels.reply(asked)) is not None:
                return found
            self._still_there()
        return None

    def _drain(self) -> None:
        for _ in self._channels.outputs(10_000):
            pass

    def peak_memory(self) -> int:
        """Bytes used at most, so far or until it ended."""
        if self.box is not None:
            self._peak = max(self._peak, self.box.peak_memory())
        return self._peak

    def close(self) -> None:
        """Ends the kernel and everything it started; its folder goes too."""
        if self.box is not None:
            self.peak_memory()
            self.box.kill()
        if self._channels is not None:
            self._channels.close()
        scratch.unmount(self._folder / "shared")
        shutil.rmtree(self._folder, ignore_errors=True)
