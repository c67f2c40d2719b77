"""The student's kernel, seen from outside: a sandboxed process; every message from it is treated as adversarial.

Its command line is the engine's, whatever kernel the notebook asks for. It has no stdin. Of its five channels three are
listened to, with a limit on every message; what it answers to questions is a file that only the examiner opens.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import zmq
from jupyter_client.session import Session

from nbgrader_isolated.outcomes import Fault, Outcome
from nbgrader_isolated.sandbox import bubblewrap, process_settings, scratch
from nbgrader_isolated.sandbox.bubblewrap import MEGABYTE, Policy
from nbgrader_isolated.sandbox.limits import Caps, Times
from nbgrader_isolated.student import endings, own_files
from nbgrader_isolated.student.messages import CellRun, Collector, frames_of, read_message
from nbgrader_isolated.student.template import Template, TemplateError

_CHANNELS = {"shell": 1, "iopub": 2, "stdin": 3, "control": 4, "hb": 5}

_READY = b"ready\n"

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
        self._files, self._read_only = files, read_only
        self._environment, self._template = environment or {}, template
        self.anew = ""
        """Why the kernel was started anew although there is a template; nothing where all went well."""
        self._questions = 0
        self._outputs_left = self.caps.all_outputs
        self.box: bubblewrap.Box | None = None
        self._peak = 0
        self._before = scratch.resident()

    def without_files(self) -> Student | None:
        """The same with no files beside the notebook, to see what keeps a kernel from starting; None where there are none."""
        if self._files is None:
            return None
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
        key = secrets.token_hex(16)
        connection = {f"{name}_port": port for name, port in _CHANNELS.items()}
        connection |= {"transport": "ipc", "ip": str(self._shared / "k"), "key": key, "signature_scheme": "hmac-sha256"}
        # It holds the key that messages are signed with; the sandbox's user is given it when the sandbox starts.
        with open(os.open(self._shared / "kernel.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(connection, file)
        arguments = ["-f", str(self._shared / "kernel.json")]
        arguments += ["--HistoryManager.enabled=False", "--Session.check_pid=False"]
        # What compiled libraries log when they start is not the student's output, and would be shown as stderr.
        arguments += ["--IPKernelApp.capture_fd_output=False", *own_files.ARGUMENTS, *endings.ARGUMENTS]
        environment = {**ENVIRONMENT, **self._environment}
        if self._template is None or not self._fork(arguments, environment):
            command = [sys.executable, *own_files.INTERPRETER, "-m", "ipykernel_launcher", *arguments]
            self._launch(command, environment, subprocess.DEVNULL)
        self._session = Session(key=key.encode())
        self._context = zmq.Context()
        self._begun = time.monotonic()
        deadline = self._begun + self.times.start
        for name in ("shell", "iopub", "control"):
            path = self._shared / f"k-{_CHANNELS[name]}"
            while not scratch.is_socket(path):
                self._still_there(deadline, "It took too long.")
                time.sleep(0.02)
        time.sleep(0.05)  # between a socket's name appearing and its listening
        self._shell, self._iopub, self._control = (
            self._connect(name, kind)
            for name, kind in (("shell", zmq.DEALER), ("iopub", zmq.SUB), ("control", zmq.DEALER))
        )
        self._iopub.setsockopt(zmq.SUBSCRIBE, b"")
        while True:
            asked = self._send(self._shell, "kernel_info_request", {})
            if self._reply(self._shell, asked, time.monotonic() + 2):
                break
            self._still_there(deadline, "It took too long.")
        self._begun = time.monotonic()
        self._before = scratch.resident()

    def _launch(self, command: list[str], environment: dict[str, str], stdout: int) -> None:
        if self._files is not None:
            command = ["/bin/sh", "-c", 'cp -R "$1"/. . && shift && exec "$@"', "sh", str(self._files), *command]
        self.box = bubblewrap.start(
            command,
            policy=self.policy,
            read_only=[*self._read_only, self._inbox, *([self._files] if self._files else [])],
            writable=[self._shared],
            scratch=[self._home],
            environment=environment,
            cwd=self._home,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
        )

    def _fork(self, arguments: list[str], environment: dict[str, str]) -> bool:
        """Has the template become the kernel, in a sandbox like any other; False, and nothing left, where it cannot."""
        self._launch(["/bin/sh", "-c", "echo ready; exec sleep infinity"], environment, subprocess.PIPE)
        try:
            if not select.select([self.box.process.stdout], [], [], self.times.start)[0]:
                raise TemplateError("Its sandbox did not start.")
            # A pipe can be read too when all who could write to it have ended.
            if os.read(self.box.process.stdout.fileno(), len(_READY)) != _READY:
                raise TemplateError("Its sandbox ended at once.")
            self._template.enter(
                self.box,
                arguments,
                environment=bubblewrap.inside([self._home], environment),
                cwd=self._home,
            )
        except TemplateError as error:
            # Slower, and no harm else: the kernel is started as it is where there is no template.
            self.anew = str(error)
            self.box.kill()
            return False
        return True

    def _connect(self, name: str, kind: int) -> zmq.Socket:
        socket = self._context.socket(kind)
        for option, value in (
            (zmq.LINGER, 0),
            (zmq.MAXMSGSIZE, self.caps.message),
            (zmq.RCVHWM, 30 if name == "iopub" else 4),  # messages, each of which may be as long as one may be
            (zmq.RECONNECT_IVL, -1),  # a socket put in the kernel's place later is not connected to
        ):
            socket.setsockopt(option, value)
        socket.connect(f"ipc://{self._shared / f'k-{_CHANNELS[name]}'}")
        return socket

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
        return self._send(self._shell, "execute_request", content)

    def _send(self, socket: zmq.Socket, kind: str, content: dict) -> str:
        message = self._session.msg(kind, content)
        try:
            socket.send_multipart(self._session.serialize(message), zmq.NOBLOCK)
        except zmq.ZMQError:
            raise self._gone() from None
        return message["header"]["msg_id"]

    def _await(self, asked: str, deadline: float, run: CellRun | None) -> dict | None:
        """Waits for the reply to a request, and until the kernel is there for the next; None when it was interrupted.

        A kernel whose last word was this reply is gone now, and not when somebody happens to ask it again.
        """
        reply = self._reply_to(asked, deadline, run)
        if reply is None:
            return None
        there = self._send(self._shell, "kernel_info_request", {})
        return None if self._reply_to(there, deadline, None) is None else reply

    def _reply_to(self, asked: str, deadline: float, run: CellRun | None) -> dict | None:
        """Waits for one reply while collecting outputs; None when it had to be interrupted."""
        reply, interrupted = None, False
        allowed = min(self.caps.outputs, self._outputs_left)
        collector = Collector(run, asked, allowed)
        poller = zmq.Poller()
        for socket in (self._shell, self._iopub):
            poller.register(socket, zmq.POLLIN)
        checked = 0.0
        quiet_until = None
        while True:
            ready = dict(poller.poll(100))
            now = time.monotonic()
            if self._iopub in ready:
                for frames in frames_of(self._iopub):
                    collector.take(self._session, frames)
            if self._shell in ready:
                for frames in frames_of(self._shell):
                    message = read_message(self._session, frames)
                    if message and message["parent"] == asked:
                        reply = message["content"]
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
                self._send(self._control, "interrupt_request", {})
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
            self._context.destroy(linger=0)
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

    def _reply(self, socket: zmq.Socket, asked: str, deadline: float) -> dict | None:
        while time.monotonic() < deadline:
            if socket.poll(100):
                for frames in frames_of(socket):
                    message = read_message(self._session, frames)
                    if message and message["parent"] == asked:
                        return message["content"]
            self._still_there()
        return None

    def _drain(self) -> None:
        for _ in frames_of(self._iopub, 10_000):
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
        if hasattr(self, "_context"):
            self._context.destroy(linger=0)
        scratch.unmount(self._folder / "shared")
        shutil.rmtree(self._folder, ignore_errors=True)
