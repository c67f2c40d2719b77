"""Workers that are killed, runs that are killed, ctrl-C, and a cluster: real processes, and nobody's marks suffer."""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from test_command import ENVIRONMENT, ROOT, SQUARES, SUM, nbgrader, rewrite
from test_engine import SETTINGS, cell, file_of

from authoring.adversarial.corpus import ENGINE_ONLY, FULL
from authoring.adversarial.run import grade_all
from nbgrader_isolated.commands import grade as command
from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.lock import hold
from nbgrader_isolated.outcomes import Mark, Outcome, Record
from nbgrader_isolated.run import batch, submission, workers
from nbgrader_isolated.run.jobs import Job
from nbgrader_isolated.run.progress import Progress
from nbgrader_isolated.run.records import read_records
from nbgrader_isolated.sandbox import bubblewrap, cgroups

LAB = [
    cell("def double(x):\n    return 2 * x", "answer", "double"),
    cell("assert double(2) == 4", "test", "test-double", 2),
]


def jobs(folder: Path, students: int, *, seconds: float) -> list[Job]:
    """A class in which everybody is right, after a cell that takes a while."""
    notebook = {"cells": LAB, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    handed_in = {**notebook, "cells": [cell(f"import time; time.sleep({seconds})"), *LAB]}
    for place, content in {"source": notebook, **{f"s{n}": handed_in for n in range(students)}}.items():
        (folder / place).mkdir()
        (folder / place / "lab.ipynb").write_text(json.dumps(content))
    return [
        Job(f"s{n}", str(folder / f"s{n}"), str(folder / "source"), ("lab",), str(folder / f"e{n}"), SETTINGS)
        for n in range(students)
    ]


def run(work: list[Job], pool: workers.Workers, *, on_first=lambda: None) -> dict[str, Record]:
    records: dict[str, Record] = {}

    def done(job: Job, found: list[Record]) -> None:
        assert job.student not in records, "marked twice"
        records[job.student] = found[0]
        if len(records) == 1:
            on_first()

    batch.run(work, pool, done)
    return records


class Deadly(Job):
    """Ends whatever process it is handed to."""

    def __reduce__(self):
        return os._exit, (1,)


@pytest.mark.parametrize("at_once", [1, 2])
@pytest.mark.parametrize("noticed", [False, True])
def test_workers_that_end_cost_nobody_but_whoever_ends_them(tmp_path, at_once, noticed):
    work = jobs(tmp_path, 4, seconds=1)
    deadly = Deadly(
        "deadly", *(getattr(work[0], name) for name in ("folder", "source", "notebooks", "evidence", "settings"))
    )
    killed = []

    def kill_one() -> None:
        killed.append(multiprocessing.active_children()[-1])
        killed[0].kill()
        while noticed and not pool.executor._broken:  # so that the next job meets a pool that takes none
            time.sleep(0.05)

    with workers.Local(at_once) as pool:
        records = run([*work[:1], deadly, *work[1:]], pool, on_first=kill_one)
    assert killed
    assert records["deadly"].failed.startswith("BrokenProcessPool: ")
    assert records.pop("deadly").notes == ["The worker that graded this ended twice."]
    assert {student: (r.outcome, r.marks[0].points) for student, r in records.items()} == {
        f"s{n}": (Outcome.GRADED, 2) for n in range(4)
    }


class Odd(Job):
    """Arrives as something that is no job."""

    def __reduce__(self):
        return int, ("3",)


def test_an_error_of_the_graders_own_is_called_by_its_name(tmp_path):
    [job] = jobs(tmp_path, 1, seconds=0)
    odd = Odd("odd", *(getattr(job, name) for name in ("folder", "source", "notebooks", "evidence", "settings")))
    with workers.Local(1) as pool:
        records = run([odd, job], pool)
    assert records["s0"].marks[0].points == 2
    assert records["odd"].notes == ["The grader failed: AttributeError."] and records["odd"].marks[0].points is None
    assert records["odd"].failed.startswith("AttributeError: 'int' object")


@pytest.fixture
def short_folder():
    """A folder for temporary files whose path leaves room for a socket's name."""
    folder = Path(tempfile.mkdtemp(prefix="g-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_run_that_is_stopped_or_killed_goes_on_where_it_was(tmp_path, short_folder):
    nbgrader("quickstart", "course", cwd=tmp_path)
    course = tmp_path / "course"
    nbgrader("generate_assignment", "ps1", cwd=course)
    students = [f"s{n}" for n in range(5)]
    for student in students:
        shutil.copytree(course / "release" / "ps1", course / "submitted" / student / "ps1")
        slow = f"{SUM}\nimport time; time.sleep(2)"
        rewrite(course / "submitted" / student / "ps1" / "problem1.ipynb", squares=SQUARES, sum_of_squares=slow)

    def start() -> subprocess.Popen:
        cli = [sys.executable, "-W", "ignore", "-m", "course_utils", "grade", "ps1", "--jobs", "2", "--create"]
        environment = {**ENVIRONMENT, "TMPDIR": str(short_folder)}
        return subprocess.Popen(
            cli, cwd=course, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def records() -> dict[Path, int]:  # ps1 has two notebooks: a stop may come between a student's first and second
        return {path: path.stat().st_mtime_ns for path in course.glob("evidence/ps1/*/*/record.json")}

    def left() -> list[str]:
        return [path.name for path in short_folder.iterdir() if path.name.startswith("grading-")]

    stopped = start()
    assert stopped.stdout.readline().startswith("[1/5] ")
    stopped.send_signal(signal.SIGINT)
    _, said = stopped.communicate(timeout=60)
    assert (stopped.returncode, said, left()) == (130, "", [])
    first = records()
    assert 2 <= len(first) < 10

    killed = start()
    line = killed.stdout.readline()
    while "[1/5]" not in line:
        line = killed.stdout.readline()
    time.sleep(1.5)
    killed.kill()
    killed.communicate(timeout=60)
    assert records().items() >= first.items()

    finished = start()
    said, errors = finished.communicate(timeout=120)
    assert finished.returncode == 0 and "5 submissions in" in said and ": 5 graded; " in said, errors
    assert records().items() >= first.items() and len(records()) == 10
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert [book.find_submission("ps1", student).score for student in students] == [3.0] * 5
    deadline = time.monotonic() + 30  # workers of the one that was killed tidy up after themselves
    while left() and time.monotonic() < deadline:
        time.sleep(0.5)
    assert left() == []


def test_only_one_process_grades_an_assignment(tmp_path):
    with hold(tmp_path / "lab"):
        with pytest.raises(NotAvailableError, match="lab is being graded by another process"):
            hold(tmp_path / "lab").__enter__()
        with hold(tmp_path / "other"):
            pass
    with hold(tmp_path / "lab"):
        pass


@contextlib.contextmanager
def running(folder: Path, count: int, *options: str, **environment: str):
    """A scheduler of dask and its workers, each a process of its own; gives the address and the workers.

    What is put into the list of workers meanwhile is ended with them.
    """
    pytest.importorskip("distributed")
    file, processes = folder / "scheduler.json", []
    scheduler = start_dask("scheduler", folder, "--port", "0", *options)
    try:
        while not file.exists() or not file.read_text():
            assert scheduler.poll() is None
            time.sleep(0.1)
        processes += [start_worker(folder, n, *options, **environment) for n in range(count)]
        address = json.loads(file.read_text())["address"]
        _wait_for_workers(address, count)
        yield address, processes
    finally:
        for process in (*reversed(processes), scheduler):
            process.kill()
            process.wait()


def start_dask(what: str, folder: Path, *options: str, **environment: str) -> subprocess.Popen:
    """Starts a scheduler, which writes its address into the folder, or a worker for the one of this folder."""
    line = [sys.executable, "-W", "ignore", "-m", f"distributed.cli.dask_{what}", "--no-dashboard"]
    line += ["--host", "127.0.0.1", "--scheduler-file", str(folder / "scheduler.json"), *options]
    return subprocess.Popen(line, **QUIET, env=ENVIRONMENT | environment)


def start_worker(folder: Path, number: int, *options: str, **environment: str) -> subprocess.Popen:
    own = ("--no-nanny", "--nthreads", "1", "--local-directory", str(folder / f"w{number}"))
    return start_dask("worker", folder, *own, *options, **environment)


@pytest.fixture
def cluster(tmp_path):
    with running(tmp_path, 2) as found:
        yield found


QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}


def _wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


@pytest.mark.filterwarnings("ignore")  # of distributed's own
def test_a_cluster_grades_the_class_though_one_of_its_workers_is_killed_half_way(tmp_path, cluster, monkeypatch):
    address, processes = cluster
    monkeypatch.setattr(workers, "SECONDS_TO_COME_BACK", 2)
    work = jobs(tmp_path, 5, seconds=1)
    with workers.Cluster(address, tmp_path / "source") as pool:
        assert pool.at_once == 2
        records = run(work, pool, on_first=processes[0].kill)
    assert processes[0].wait(timeout=10) == -signal.SIGKILL and processes[1].poll() is None
    assert {student: (r.outcome, r.marks[0].points) for student, r in records.items()} == {
        f"s{n}": (Outcome.GRADED, 2) for n in range(5)
    }
    with pytest.raises(NotAvailableError, match="does not see"):
        workers.Cluster(address, tmp_path / "only here")
    with pytest.raises(NotAvailableError, match="What was graded is kept"), workers.Cluster(address) as pool:
        threading.Timer(1, processes[1].kill).start()
        processes[1].wait(timeout=10)
        while pool._client.scheduler_info()["workers"]:
            time.sleep(0.1)
        pool.require(OSError())


def slow_course(folder: Path, students: int, *, settings: str = "") -> Path:
    """A course whose submissions take two seconds each, perhaps with further settings; returns its folder."""
    course = folder / "course"
    slow = [cell("import time; time.sleep(2)"), *LAB]
    for place in ("source", *(f"submitted/s{n}" for n in range(students))):
        (course / place / "lab").mkdir(parents=True)
        (course / place / "lab" / "lab.ipynb").write_bytes(file_of(LAB if place == "source" else slow))
    (course / "nbgrader_config.py").write_text(f"c = get_config()\n{settings}")
    nbgrader("generate_assignment", "lab", cwd=course)
    return course


def test_ctrl_c_ends_a_run_on_a_cluster_and_its_workers_serve_the_next(tmp_path, cluster):
    address, processes = cluster
    course = slow_course(tmp_path, 6)

    def start() -> subprocess.Popen:
        line = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "course_utils",
            "grade",
            "lab",
            "--create",
            "--scheduler",
            address,
        ]
        return subprocess.Popen(
            line, cwd=course, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def records() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in course.glob("evidence/lab/*/lab/record.json")}

    stopped = start()
    assert stopped.stdout.readline().startswith("[1/6] ")
    stopped.send_signal(signal.SIGINT)
    _, said = stopped.communicate(timeout=60)
    assert stopped.returncode == 130 and "Traceback" not in said
    first = records()
    assert 1 <= len(first) < 6 and not list((course / "evidence").glob(".prepared-*"))
    assert [process.poll() for process in processes] == [None, None]
    finished = start()
    said, errors = finished.communicate(timeout=120)
    assert finished.returncode == 0 and ": 6 graded" in said, errors
    assert records().items() >= first.items()
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert [book.find_submission("lab", f"s{n}").score for n in range(6)] == [2.0] * 6


@pytest.mark.filterwarnings("ignore")  # of distributed's own
def test_a_run_whose_workers_are_all_gone_ends_and_the_next_goes_on(tmp_path, cluster, monkeypatch):
    """Dask itself keeps what nobody takes, for ever."""
    address, processes = cluster
    monkeypatch.setattr(workers, "SECONDS_TO_COME_BACK", 3)
    monkeypatch.setattr(batch, "LOOK_SECONDS", 2)
    course = slow_course(tmp_path, 4)
    arguments = ["lab", "--course", str(course), "--create"]

    def records() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in course.glob("evidence/lab/*/lab/record.json")}

    def kill_all() -> None:
        while not records():
            time.sleep(0.1)
        for process in processes:
            process.kill()
            process.wait()
        killed.append(time.monotonic())

    killed: list[float] = []
    killer = threading.Thread(target=kill_all, daemon=True)
    killer.start()
    with pytest.raises(NotAvailableError, match=r"gone.*What was graded is kept; run the same command again"):
        command.main([*arguments, "--scheduler", address])
    assert time.monotonic() - killed[0] < 60
    killer.join()
    done = records()
    assert 1 <= len(done) < 4
    assert command.main([*arguments, "--jobs", "2"]) == 0
    assert records().items() >= done.items()
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert [book.find_submission("lab", f"s{n}").score for n in range(4)] == [2.0] * 4


CONSENT = "c.GradingEngine.consent_to_no_sandbox = True\n"


@pytest.mark.filterwarnings("ignore")  # of distributed's own
def test_a_cluster_with_a_worker_that_has_no_sandbox_grades_nobody_though_the_course_consents(tmp_path):
    """The consent is about the machine of whoever gave it."""
    course = slow_course(tmp_path, 1, settings=CONSENT)
    refused = r"worker tcp://\S+ cannot grade: no sandbox can be had there\. bubblewrap is not installed"
    with (
        running(tmp_path, 1, PATH="/nowhere") as (address, _),
        pytest.raises(NotAvailableError, match=refused),
    ):
        command.main(["lab", "--course", str(course), "--create", "--scheduler", address])
    assert [path.name for path in (course / "evidence").rglob("*") if path.name != "lab"] == [".lock"]
    assert not list((course / "autograded").glob("*"))
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert list(book.students) == []


@pytest.mark.filterwarnings("ignore")  # of distributed's own
def test_a_worker_that_has_no_sandbox_and_comes_later_grades_nobody_either(tmp_path, capsys):
    """Nobody looks at it beforehand, so the settings that reach it must not hold the consent."""
    course = slow_course(tmp_path, 3, settings=CONSENT)
    with running(tmp_path, 1) as (address, processes):

        def replace_worker() -> None:
            while not list(course.glob("evidence/lab/*/lab/record.json")):
                time.sleep(0.1)
            processes[0].kill()
            processes.append(start_worker(tmp_path, 1, PATH="/nowhere"))

        replacing = threading.Thread(target=replace_worker, daemon=True)
        replacing.start()
        assert command.main(["lab", "--course", str(course), "--create", "--scheduler", address]) == 1
        replacing.join()
    assert "s2, lab: NotAvailableError: Grading runs students' code, and no sandbox" in capsys.readouterr().err
    records = [found[0] for found in read_records(course / "evidence" / "lab").values()]
    assert len(records) == 3 and all(record.sandboxed for record in records)
    fared = [(record.marks[0].points, "no sandbox can be had" in record.failed) for record in records]
    assert set(fared) == {(2, False), (None, True)}


def certificate(folder: Path) -> tuple[str, str]:
    """Makes a certificate that vouches for itself; returns its file and that of its key."""
    made, key = str(folder / "certificate.pem"), str(folder / "key.pem")
    line = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=a test"]
    subprocess.run([*line, "-keyout", key, "-out", made], check=True, capture_output=True)
    return made, key


@pytest.mark.filterwarnings("ignore")  # of distributed's own
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_cluster_with_certificates_grades_and_nobody_without_one_is_listened_to(tmp_path):
    dask = pytest.importorskip("dask")
    made, key = certificate(tmp_path)
    flags = ["--protocol", "tls", "--tls-ca-file", made, "--tls-cert", made, "--tls-key", key]
    settings = {"distributed.comm.tls.ca-file": made}
    settings |= {f"distributed.comm.tls.client.{name}": path for name, path in (("cert", made), ("key", key))}
    work = jobs(tmp_path, 2, seconds=0)
    with dask.config.set(settings), running(tmp_path, 1, *flags) as (address, _):
        assert address.startswith("tls://127.0.0.1:")
        with workers.Cluster(address, tmp_path / "source") as pool:
            records = run(work, pool)
        assert [(r.outcome, r.marks[0].points) for r in records.values()] == [(Outcome.GRADED, 2)] * 2
        (tmp_path / "stranger").mkdir()
        stranger, its_key = certificate(tmp_path / "stranger")
        theirs = {name: {made: stranger, key: its_key}[path] for name, path in settings.items()}
        nothing = dict.fromkeys(settings)
        for given, reason in ((theirs, "certificate|CERTIFICATE"), (nothing, "settings name none")):
            with dask.config.set(given), pytest.raises(NotAvailableError, match=reason):
                workers.Cluster(address, tmp_path / "source")


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.7:8786", "tcp://grader.example:8786", "127.0.0.1:8786", "ws://localhost", "tls://"]
)
def test_off_this_machine_a_scheduler_is_spoken_to_with_tls_only(address):
    with pytest.raises(BadArgumentError, match="use tls://"):
        workers.Cluster(address)
    workers.require_safe("tls://grader.example:8786")
    workers.require_safe("tcp://[::1]:8786")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_with_outcomes_and_a_file_one_line_each():
    graded = [Record("lab", Outcome.GRADED, marks=[Mark("t", 1.0, 2.0)], seconds=3)]
    late = [Record("lab", Outcome.TIMED_OUT, marks=[Mark("t", None, 2.0)], peak_memory=5_000_000)]
    for stream in (Terminal(), io.StringIO()):
        with Progress(2, stream=stream) as progress:
            progress.done("ada", graded)
            progress.done("b\x1bob", late)
        said = stream.getvalue()
        assert "ada: graded, 1 of 2 points, 3 s" in said and "b\\x1bob: timed out, 0 of 2 points (1 to review)" in said
        assert ("2/2" in said and "1 graded, 1 timed out" in said) if stream.isatty() else "[2/2] b\\x1bob" in said


@pytest.mark.parametrize("modules", [(), ("numpy",)], ids=["started", "forked"])
def test_other_accounts_of_the_machine_can_enter_no_folder_of_a_run(tmp_path, modules):
    [job] = jobs(tmp_path, 1, seconds=1)
    (tmp_path / "s0" / "more").mkdir()
    (tmp_path / "s0" / "more" / "x.txt").write_text("8")
    handed_in = json.loads((tmp_path / "s0" / "lab.ipynb").read_text())
    handed_in["cells"].insert(0, cell("assert open('more/x.txt').read() == '8'\nopen('more/y.txt', 'w').write('9')"))
    (tmp_path / "s0" / "lab.ipynb").write_text(json.dumps(handed_in))
    seen, keys, over = {}, set(), threading.Event()

    def watch() -> None:
        while not over.is_set():
            for folder in Path(tempfile.gettempdir()).glob(f"grading-{os.getpid()}-*"):
                with contextlib.suppress(OSError):
                    seen[folder.name] = seen.get(folder.name, 0) | folder.stat().st_mode
                    keys.add((folder / "shared" / "kernel.json").stat().st_mode & 0o777)
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    [record] = submission.grade_submission(replace(job, settings=replace(SETTINGS, student_modules=modules)))
    over.set()
    watcher.join()
    submission.close_examiners()
    assert record["outcome"] == "graded" and record["marks"][0]["points"] == 2
    assert not any("Error" in json.dumps(made) for made in record["cells"]["cells"])
    assert len(seen) >= 2 and {name: oct(mode) for name, mode in seen.items() if mode & 0o077} == {}
    assert keys == {0o600}


def test_what_a_kernel_sends_without_end_costs_the_grader_little_memory_and_nobody_marks(tmp_path):
    results, good, leaks = grade_all(ENGINE_ONLY, tmp_path)
    assert leaks == [] and {result.case.name: result.faults for result in results if result.faults} == {}
    for record in good:
        assert (record.outcome, {mark.grade_id: mark.points for mark in record.marks}) == (Outcome.GRADED, FULL)


def hoard(megabytes: int) -> int:
    """Runs in a worker."""
    return len([bytearray(b"x") * (1 << 20) for _ in range(megabytes)])


@pytest.mark.skipif(not bubblewrap.probe().memory.startswith("cgroup"), reason="no control groups here")
def test_a_worker_has_memory_of_its_own_and_leaves_no_group(tmp_path):
    def groups() -> set[Path]:
        return {path for folder in cgroups._folders()[1] for path in folder.glob("grading-*-*")}

    with workers.Local(1) as pool:
        worker = pool.executor.submit(os.getpid).result()
        own = [path for path in groups() if path.name.startswith(f"grading-{worker}-")]
        limits = [path / name for path in own for name in ("memory.limit_in_bytes", "memory.max")]
        assert [int(path.read_text()) for path in limits if path.exists()] == [workers.WORKER_MEMORY]
        assert all(str(worker) in (path / "cgroup.procs").read_text().split() for path in own)
        for path in limits:
            if path.exists():
                path.write_text(str(300 << 20))
        assert pool.executor.submit(hoard, 10).result() == 10
        with pytest.raises(BrokenExecutor):
            pool.executor.submit(hoard, 2000).result(timeout=60)
        pool.renew()
        assert pool.executor.submit(hoard, 10).result() == 10
    assert not groups() & set(own)


def test_a_course_that_its_own_settings_would_show_to_students_is_not_graded(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.GradingEngine.student_sees = [{str(tmp_path)!r}]\n"
    )
    with pytest.raises(BadArgumentError, match="which students' code may read"):
        command.main(["lab", "--course", str(tmp_path)])
