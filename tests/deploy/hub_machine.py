"""A machine with the hub of deploy/jupyterhub: users of the system, npm's proxy, weights that are read-only, one exchange.

Made as docs/instructors/hub.md says, in a folder of its own, and removed again. Only root can.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from browsing import copy_repository

from course_utils.storage import cache_root

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def copy_environment(target: Path) -> None:
    """Makes the environment of the tests over again in another folder: what is installed there is not installed here."""
    copied = subprocess.run(["cp", "-al", sys.prefix, str(target)], capture_output=True)
    if copied.returncode:  # another file system, where there are no hard links
        shutil.rmtree(target, ignore_errors=True)
        subprocess.run(["cp", "-a", sys.prefix, str(target)], check=True)
    for script in (target / "bin").iterdir():
        text = script.read_bytes() if script.is_file() and not script.is_symlink() else b""
        if text.startswith(b"#!") and sys.prefix.encode() in text:
            script.unlink()  # not written over: it is the other environment's, too
            script.write_bytes(text.replace(sys.prefix.encode(), str(target).encode()))
            script.chmod(0o755)


class Hub:
    """A hub with an instructor ``prof``, the students ``ada`` and ``bob``, and the account ``grader``.

    Attributes:
        course: the hub's own folder of the course, root's.
        place: what `prepare.sh` made: exchange, weights, the hub's files.
        names: role → the name of the system's user.
        address: where the hub answers, once ``start`` has been called.
    """

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o755)
        self.folder, self.course, self.place = folder, folder / "opt" / "course", folder / "srv"
        self.venv, self.password = folder / "opt" / "venv", secrets.token_hex(8)
        self.process: subprocess.Popen | None = None
        tag = f"tlh{secrets.token_hex(3)}"
        self.names = {role: f"{tag}{role}" for role in ("prof", "ada", "bob", "grader")}
        self.groups = {"COURSE_STUDENTS": f"{tag}students", "COURSE_INSTRUCTORS": f"{tag}instructors"}

    def home(self, role: str) -> Path:
        return self.folder / "home" / role

    @property
    def environment(self) -> dict[str, str]:
        """What root's commands find."""
        programs = [self.course / "deploy/jupyterhub/node_modules/.bin", self.venv / "bin"]
        return {
            "PATH": ":".join([*map(str, programs), "/usr/sbin:/usr/bin:/sbin:/bin"]),
            "LANG": "C.UTF-8",
            "HOME": str(self.folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "COURSE_PLACE": str(self.place),
            "COURSE_GRADER": self.names["grader"],
            **self.groups,
        }

    def make_environment(self) -> None:
        """The environment of the tests over again, with the hub's packages and the hub's copy of the course in it."""
        copy_environment(self.venv)
        pip = [str(self.venv / "bin/python"), "-m", "pip", "install", "--quiet", "--no-deps"]
        lock = str(self.course / "requirements-hub.lock")
        own = [word for part in ("grader", ".") for word in ("--editable", str(self.course / part))]
        for more in (["--require-hashes", "-r", lock], ["--no-index", "--no-build-isolation", *own]):
            done = subprocess.run([*pip, *more], capture_output=True, text=True)
            assert done.returncode == 0, done.stderr[-2000:]

    def prepare(self) -> None:
        """The commands of the page."""
        copy_repository(self.course)
        self.make_environment()
        deploy = self.course / "deploy/jupyterhub"
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=deploy, check=True, capture_output=True)
        for role in ("ada", "bob", "prof", "grader"):
            self.home(role).parent.mkdir(exist_ok=True)
            useradd = ["useradd", "--no-log-init", "--user-group", "--create-home", "--shell", "/bin/bash"]
            subprocess.run([*useradd, "--home-dir", str(self.home(role)), self.names[role]], check=True)
            self.home(role).chmod(0o755)  # as useradd leaves them on many systems
        self.place.mkdir()
        shutil.copytree(cache_root(), self.place / "weights", ignore=shutil.ignore_patterns("features"))
        for _ in range(2):  # after every update it is run again
            self.as_root("sh", str(deploy / "prepare.sh"))
        logins = "".join(f"{self.names[role]}:{self.password}\n" for role in ("ada", "bob", "prof"))
        subprocess.run(["chpasswd"], input=logins, text=True, check=True)
        for role, group in (("ada", "STUDENTS"), ("bob", "STUDENTS"), ("prof", "INSTRUCTORS")):
            subprocess.run(["usermod", "-aG", self.groups[f"COURSE_{group}"], self.names[role]], check=True)

    def as_root(self, *command: str) -> str:
        return self.as_user("root", self.course, *command)

    def as_user(self, name: str, folder: Path, *command: str, **variables: str) -> str:
        """Runs a command as a user of the system, in a folder; returns what it says."""
        line = ["unshare", "--mount", sys.executable, str(ROOT / "tests/as_user.py"), name, str(folder), *command]
        environment = {**self.environment, **variables}
        done = subprocess.run(line, env=environment, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
        return done.stdout + done.stderr

    def as_grader(self, *command: str) -> str:
        """An instructor's command, as in a terminal of the grader's JupyterLab."""
        exchange = {"TRANSFER_LEARNING_EXCHANGE": str(self.place / "exchange")}
        return self.as_user(self.names["grader"], self.home("grader") / "course", *command, **exchange)

    @property
    def log(self) -> Path:
        return self.folder / "hub.log"

    def start(self) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        line = ["unshare", "--mount", sys.executable, str(ROOT / "tests/as_user.py"), "root", str(self.place)]
        line += ["jupyterhub", "--config", str(self.course / "deploy/jupyterhub/jupyterhub_config.py")]
        line += [f"--JupyterHub.bind_url={self.address}", f"--JupyterHub.hub_port={free_port()}"]
        line += [f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{free_port()}"]
        with open(self.log, "a") as output:
            self.process = subprocess.Popen(
                line, env=self.environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{self.address}/hub/health", timeout=5).close()
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.5)

    def stop(self) -> None:
        """Ends the hub, its proxy and everybody's servers."""
        if self.process:
            self.process.send_signal(signal.SIGTERM)  # the hub then stops the servers and the proxy
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process = None

    def remove(self) -> None:
        self.stop()
        for name in self.names.values():
            subprocess.run(
                ["pkill", "-KILL", "-u", name], capture_output=True
            )  # by the user, which is this test's alone
            subprocess.run(["userdel", name], capture_output=True)
        for group in self.groups.values():
            subprocess.run(["groupdel", group], capture_output=True)
        shutil.rmtree(self.folder)

    def give(self, role: str, path: Path, notebook: dict) -> None:
        """Writes a notebook that belongs to a user."""
        path.write_text(json.dumps(notebook))
        shutil.chown(path, self.names[role], self.names[role])
