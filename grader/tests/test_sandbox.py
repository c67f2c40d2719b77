"""The sandbox: what is inside sees only what it was given, and cannot outgrow its limits. Needs Linux with bubblewrap."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.plugin import configuration, preflight
from nbgrader_isolated.sandbox import bubblewrap, cgroups
from nbgrader_isolated.sandbox import scratch as shared
from nbgrader_isolated.sandbox.bubblewrap import MEGABYTE, Policy, Probe

SMALL = Policy(memory=300 * MEGABYTE, processes=40, scratch=8 * MEGABYTE, file_size=50 * MEGABYTE)


def run(code: str, *, seconds: float = 30, policy: Policy = SMALL, **options) -> tuple[int | None, str, bubblewrap.Box]:
    """Runs Python code inside; returns its exit status (None when it had to be killed), output, and the box."""
    box = bubblewrap.start(
        [sys.executable, "-c", code], policy=policy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options
    )
    try:
        output, status = box.process.communicate(timeout=seconds)[0].decode(), box.process.returncode
    except subprocess.TimeoutExpired:
        output, status = "", None
    box.kill()
    return status, output, box


def test_this_machine_has_a_sandbox():
    assert bubblewrap.probe() == Probe(True, bubblewrap.probe().memory), bubblewrap.probe().reason


def test_nothing_of_the_host_is_visible_but_the_libraries(tmp_path):
    (tmp_path / "gradebook.db").write_text("secret")
    repository = Path(__file__).resolve().parents[2]
    places = [tmp_path, "/root/.ssh", "/home", "/run", "/var", "/sys", "/opt", "/etc/passwd", repository / ".git"]
    places += [repository / "solutions", repository / "tests"]
    status, output, _ = run(f"import os; print([p for p in {[str(p) for p in places]!r} if os.path.exists(p)])")
    assert (status, output.strip()) == (0, "[]")
    assert (repository / "tests").exists()


def test_nothing_can_be_written_but_scratch_and_given_folders(tmp_path):
    given, scratch, seen = tmp_path / "given", tmp_path / "scratch", tmp_path / "seen"
    for folder in (given, seen):
        folder.mkdir()
    code = f"""
import os, sys
for folder in [{str(given)!r}, {str(scratch)!r}, "/tmp", {str(seen)!r}, "/", "/dev", "/usr", sys.prefix]:
    try:
        open(os.path.join(folder, "mark"), "w").write("x"); print("wrote", folder)
    except OSError as error:
        print("not", folder, file=sys.stderr)
"""
    status, output, _ = run(code, writable=[given], scratch=[scratch], read_only=[seen])
    wrote = [line.split()[1] for line in output.splitlines() if line.startswith("wrote")]
    assert status == 0 and wrote == [str(given), str(scratch), "/tmp"], output
    assert (given / "mark").read_text() == "x" and not scratch.exists()


def test_no_network_no_environment_no_privilege(monkeypatch):
    monkeypatch.setenv("A_SECRET", "42")
    code = """
import os, socket
print(sorted(set(os.environ) - {"LC_CTYPE", "PWD", "SHLVL", "_", "OLDPWD"}), os.getuid() != 0)
print([name for _, name in socket.if_nameindex()])
for address in (("127.0.0.1", 22), ("10.0.0.1", 80)):
    try:
        socket.create_connection(address, timeout=2); print("connected")
    except OSError:
        pass
try:
    os.setuid(0); print("root again")
except OSError:
    print(len([p for p in os.listdir("/proc") if p.isdigit()]) < 5)
"""
    status, output, _ = run(code)
    assert status == 0 and output.splitlines() == ["['HOME', 'LANG', 'PATH', 'PYTHONPATH'] True", "['lo']", "True"], (
        output
    )


def test_a_socket_of_the_host_cannot_be_reached(tmp_path):
    import socket

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        status, output, _ = run(
            f"import socket; s = socket.socket(socket.AF_UNIX)\n"
            f"try:\n    s.connect({str(tmp_path / 's')!r}); print('connected')\nexcept OSError: print('refused')"
        )
    assert (status, output.strip()) == (0, "refused")


def test_a_memory_bomb_dies_alone():
    status, output, box = run("x = []\nwhile True: x.append(bytearray(20_000_000))")
    assert status not in (0, None)
    if bubblewrap.probe().memory.startswith("cgroup"):
        assert box.ran_out_of_memory()
        assert 250 * MEGABYTE < box.peak_memory() <= 300 * MEGABYTE
    else:  # the weaker limit: the process gets an error, and is not killed
        assert "MemoryError" in output


def test_a_fork_bomb_stays_small():
    code = """
import os, time
made = 0
while made < 500:
    try:
        if os.fork() == 0:
            time.sleep(60); os._exit(0)
        made += 1
    except OSError:
        break
print(made, flush=True)
os._exit(0)
"""
    status, output, _ = run(code)
    assert status == 0 and 1 < int(output) < 40


def test_temporary_files_are_limited():
    code = """
for folder in ("/tmp", "/dev/shm"):
    with open(folder + "/big", "wb") as file:
        try:
            for _ in range(100): file.write(bytes(1 << 20)); file.flush()
            print("filled")
        except OSError as error:
            print(error.strerror)
    import os; os.truncate(folder + "/big", 0)
"""
    _, output, _ = run(code)
    assert output.splitlines()[0].startswith("No space") and "filled" not in output


def test_killing_ends_every_descendant_even_a_daemon(tmp_path):
    code = f"""
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            open({str(tmp_path / "alive")!r}, "a").write("x"); time.sleep(0.05)
    os._exit(0)
time.sleep(60)
"""
    box = bubblewrap.start([sys.executable, "-c", code], policy=SMALL, writable=[tmp_path])
    deadline = time.monotonic() + 30
    while not (tmp_path / "alive").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    box.kill()
    size = (tmp_path / "alive").stat().st_size
    time.sleep(0.3)
    assert size > 0 and (tmp_path / "alive").stat().st_size == size


def test_without_a_sandbox_it_refuses_and_says_why_unless_there_is_consent(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    bubblewrap.probe.cache_clear()
    try:
        with pytest.raises(NotAvailableError, match=r"bubblewrap is not installed.*apt install"):
            bubblewrap.require(Policy())
        assert not bubblewrap.require(Policy(consent=True)).available
    finally:
        bubblewrap.probe.cache_clear()


def test_libraries_name_no_folder_that_holds_the_repository():
    repository = Path(__file__).resolve().parents[1]
    assert all(not repository.is_relative_to(folder) for folder in bubblewrap.libraries())
    assert os.access(bubblewrap.libraries()[0], os.R_OK)


def test_an_instructor_who_is_not_root_gets_the_same_sandbox(tmp_path):
    """As root, tries it as another user; who runs the tests as an ordinary user has tried it in all tests above."""
    code = """
import os, subprocess, sys
from nbgrader_isolated.sandbox import bubblewrap, cgroups, scratch
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
bubblewrap.libraries = lambda: []  # the interpreter may lie where another user cannot go; a shell will do
script = "for f in /x /dev/x /usr/x /tmp/x; do (echo > $f) 2>/dev/null && echo $f; done; ls /"
box = bubblewrap.start(["/bin/sh", "-c", script], policy=bubblewrap.Policy(), stdout=subprocess.PIPE)
print(box.process.communicate()[0].decode().split())
"""
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert set(ast.literal_eval(done.stdout)) <= {
        "/tmp/x",
        *["bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "sbin", "tmp", "usr"],
    }
    assert "/tmp/x" in done.stdout and "home" not in done.stdout


def test_users_inside_are_no_users_of_the_host_nor_of_its_containers():
    if os.geteuid() != 0:
        pytest.skip("only root can choose a user")
    found = [int(run("import os; print(os.getuid())")[1]) for _ in range(3)]
    assert len(set(found)) == 3 and all(2_100_000_000 <= uid < 2_140_000_000 for uid in found)
    spaces = [line.split(":") for name in ("subuid", "subgid") for line in _lines(Path("/etc") / name)]
    assert not any(int(first) <= uid < int(first) + int(count) for _, first, count in spaces for uid in found)


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def test_a_course_that_students_code_could_read_is_refused(tmp_path):
    course = tmp_path / "course"
    hidden = [course / "solutions", tmp_path / "evidence", tmp_path / "grades.db"]
    bubblewrap.require_out_of_sight(course, hidden, [course / "data", tmp_path / "cour"])
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    for folder, seen in [
        (tmp_path / "course", [tmp_path]),
        (tmp_path / "course", [link]),
        (tmp_path, [tmp_path]),
        (Path("/usr/local/course"), []),
        (Path(sys.prefix) / "course", []),
    ]:
        with pytest.raises(BadArgumentError, match=r"which students' code may read.*student_sees"):
            bubblewrap.require_out_of_sight(folder, [], seen)
    for seen in (course / "solutions" / "lab2", course / "solutions", tmp_path / "evidence", tmp_path / "grades.db"):
        with pytest.raises(BadArgumentError, match=r"which students' code may read.*student_sees"):
            bubblewrap.require_out_of_sight(course, hidden, [seen])
    with pytest.raises(BadArgumentError, match="holds what is hidden"):
        bubblewrap.require_out_of_sight(course, ["/usr/share/hidden"], [])


@pytest.mark.parametrize(
    "settings",
    [
        "c.GradingEngine.student_sees = [{elsewhere!r}]; c.GradingEngine.evidence_directory = {elsewhere!r} + '/evidence'",
        "c.GradingEngine.student_sees = [{elsewhere!r}]; c.CourseDirectory.submitted_directory = {elsewhere!r} + '/submitted'",
        "c.GradingEngine.student_sees = [{elsewhere!r}]; c.CourseDirectory.db_url = 'sqlite:///' + {elsewhere!r} + '/grades.db'",
        "c.GradingEngine.student_sees = [{elsewhere!r}]; c.GradingEngine.examiner_sees = [{elsewhere!r}, {elsewhere!r} + '/private']",
        "c.GradingEngine.student_sees = [{course!r} + '/source/lab']",
    ],
)
def test_settings_that_would_show_students_what_is_hidden_are_refused(settings, tmp_path):
    course, elsewhere = tmp_path / "course", tmp_path / "elsewhere"
    course.mkdir()
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\n" + settings.format(course=str(course), elsewhere=str(elsewhere)) + "\n"
    )
    _, directory, engine = configuration.load(course)
    with pytest.raises(BadArgumentError, match="holds what is hidden"):
        preflight.require_out_of_sight(directory, engine)
    engine.student_sees = [str(tmp_path / "public")]
    preflight.require_out_of_sight(directory, engine)


KEYS = """
import ctypes, platform, subprocess, sys
from nbgrader_isolated.sandbox import bubblewrap, cgroups, scratch
add, control = {"x86_64": (248, 250), "aarch64": (217, 219)}[platform.machine()]
call = ctypes.CDLL(None, use_errno=True).syscall
call(control, 1, None)  # a keyring for this test alone
if call(add, b"user", b"of-the-instructor", b"secret", 6, -3) < 0:
    print("no keyrings"); sys.exit()
look = f"import ctypes; print(ctypes.CDLL(None).syscall({control}, 10, -3, b'user', b'of-the-instructor', 0) > 0)"
for leave in (False, True):
    if leave:
        bubblewrap.leave_keyring()
    box = bubblewrap.start([sys.executable, "-c", look], policy=bubblewrap.Policy(), stdout=subprocess.PIPE)
    print(box.process.communicate()[0].decode().strip())
"""


def test_keys_of_whoever_logged_in_are_not_there_for_students_code():
    done = subprocess.run([sys.executable, "-c", KEYS], capture_output=True, text=True, cwd=Path(__file__).parents[1])
    if done.stdout.split() == ["no", "keyrings"]:
        pytest.skip("keyrings cannot be used here")
    assert done.stdout.split() == ["True", "False"], done.stderr


@pytest.mark.skipif(
    "cpu" not in [folder.name for folder in cgroups._folders()[1]], reason="no control of the processor here"
)
def test_many_processes_of_one_submission_leave_another_its_share_of_the_processor():
    """Both on one processor: twenty that spin in one sandbox, one in the other."""
    pin = "import os, time\nos.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
    many = pin + "for _ in range(20):\n    if os.fork() == 0:\n        os.setsid()\n        break\nwhile True: pass"
    one = pin + "end = time.monotonic() + 4\nwhile time.monotonic() < end: pass\nprint(time.process_time() / 4)"
    crowd = bubblewrap.start([sys.executable, "-c", many], policy=SMALL, stdout=subprocess.DEVNULL)
    try:
        time.sleep(1)
        status, output, _ = run(one)
    finally:
        crowd.kill()
    assert status == 0
    assert float(output) > 0.25


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount one")
def test_the_shared_folder_is_a_file_system_of_limited_size_that_counts_what_has_no_name(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    shared.mount_limited(folder, 4 * MEGABYTE)
    try:
        with (folder / "file").open("wb", buffering=0) as file:
            (folder / "file").unlink()
            file.write(bytes(3 * MEGABYTE))
            assert shared.bytes_in(folder) == 0
            assert shared.used(folder) >= 3 * MEGABYTE
            with pytest.raises(OSError, match="No space left"):
                for _ in range(3):
                    if file.write(bytes(MEGABYTE)) < MEGABYTE:
                        file.write(b"more")
    finally:
        shared.unmount(folder)
    assert not os.path.ismount(folder) and list(folder.iterdir()) == []
