"""Kernels that are forked from a process with the imports made: as shut in as others, and strangers to one another."""

from __future__ import annotations

import ast
import os
import subprocess
from pathlib import Path

import pytest

from nbgrader_isolated.outcomes import Fault, Outcome
from nbgrader_isolated.sandbox import bubblewrap, cgroups
from nbgrader_isolated.student import launch, template
from nbgrader_isolated.student.kernel import Student
from nbgrader_isolated.student.template import Template, TemplateError

pytestmark = pytest.mark.skipif(not template.usable(), reason="entering a sandbox from outside needs root")

LOOK = """
import os, resource, socket, sys
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
print({
    "root": os.getuid() == 0 or os.getgid() == 0, "groups": os.getgroups(),
    "rights": [status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb", "NoNewPrivs")],
    "limits": [resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")],
    "environment": {name: value for name, value in os.environ.items()
                    if name not in ("HOME", "PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE")},
    "home": os.getcwd() == os.environ["HOME"] and not os.listdir("."), "umask": os.umask(0o022),
    "sees": sorted(os.listdir("/")), "tmp": [name.split("-")[0] for name in sorted(os.listdir("/tmp"))], "network": socket.if_nameindex(),
    "others": len([name for name in os.listdir("/proc") if name.isdigit()]) <= 4,
    "mounts": len(open("/proc/self/mounts").read().splitlines()), "path": sys.path, "argv": len(sys.argv),
    "files": sorted({os.readlink(f"/proc/self/fd/{n}").split(":")[0] for n in os.listdir("/proc/self/fd")
                     if os.path.exists(f"/proc/self/fd/{n}")} & {"pipe", "/dev/null"}),
})
"""


@pytest.fixture(scope="module")
def kernels():
    made = Template(("numpy",), environment={"A_SETTING": "1"})
    yield made
    made.close()


def said(student: Student, source: str) -> str:
    return "".join(output["text"] for output in student.run(source).outputs)


def test_a_forked_kernel_is_shut_in_exactly_as_one_that_was_started_inside(kernels):
    with Student() as started, Student(template=kernels) as forked:
        assert said(forked, "import sys; print('numpy' in sys.modules)") == "True\n"
        assert said(started, "import sys; print('numpy' in sys.modules)") == "False\n"
        usual, found = (ast.literal_eval(said(student, LOOK)) for student in (started, forked))
        given = usual.pop("rights"), found.pop("rights")
        assert found == usual
        assert found["root"] is False and found["network"] == [(1, "lo")] and "A_SETTING" not in found["environment"]
        # Started inside, it keeps the names of two rights that it could use only in a program with rights of its own.
        assert given[1] == ["0" * 16] * 4 + ["1"] and given[0][1:] == given[1][1:]
        where = "import os; print([os.readlink(f'/proc/self/ns/{n}') for n in ('mnt', 'pid', 'net', 'ipc', 'uts')])"
        assert not set(ast.literal_eval(said(started, where))) & set(ast.literal_eval(said(forked, where)))


def test_nothing_of_one_kernel_is_there_in_the_next_nor_the_same_random_numbers(kernels):
    numbers = "import random, numpy; print(random.random(), numpy.random.random())"
    with Student(template=kernels) as first, Student(template=kernels) as second:
        first.run("import numpy, builtins, os; numpy.mark = builtins.mark = os.environ['MARK'] = 'mine'")
        first.run("open('/tmp/mark', 'w').write('mine'); open('/dev/shm/mark', 'w').write('mine')")
        look = (
            "import numpy, builtins, os\nprint(hasattr(numpy, 'mark'), hasattr(builtins, 'mark'), 'MARK' in os.environ)"
        )
        files = "print(os.path.exists('/tmp/mark'), os.path.exists('/dev/shm/mark'), os.listdir('.'))"
        assert said(first, f"{look}\n{files}") == "True True True\nTrue True []\n"
        assert said(second, f"{look}\n{files}") == "False False False\nFalse False []\n"
        with Student(template=kernels) as third:
            assert said(third, f"{look}\n{files}") == "False False False\nFalse False []\n"
            drawn = [said(student, numbers).split() for student in (first, second, third)]
        assert len({number for pair in drawn for number in pair}) == 6


def test_figures_are_shown_though_matplotlib_was_imported_before():
    kernels = Template(("matplotlib.pyplot",))
    with Student(template=kernels) as student:
        outputs = student.run("import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])").outputs
    kernels.close()
    assert ["image/png" in output.get("data", {}) for output in outputs] == [True]


def test_the_sandbox_ends_with_its_kernel(kernels):
    with Student(template=kernels) as student:
        with pytest.raises(Fault) as fault:
            student.run("import os, subprocess; subprocess.Popen(['/bin/sleep', '600']); os._exit(0)")
        assert fault.value.outcome is Outcome.KERNEL_DIED
        assert student.box.process.wait(timeout=20) != 0


def test_where_a_module_cannot_be_imported_the_kernel_is_started_as_any_other():
    broken = Template(("no_such_module",))
    for _ in range(2):
        with Student(template=broken) as student:
            assert said(student, "print(2 + 2)") == "4\n"
    broken.close()


@pytest.mark.parametrize("script", ["sleep 60", "sleep 60 & wait"])
def test_a_process_of_the_host_is_not_taken_for_a_sandbox(kernels, script):
    with subprocess.Popen(["/bin/sh", "-c", f"echo ready; {script}"], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while "&" in script and not children.read_text():
            pass
        box = bubblewrap.Box(process, cgroups.Group(()), bubblewrap.FIRST_UID, {})
        with pytest.raises(TemplateError, match=r"stopped|no sandbox: its pid is that of the grader"):
            kernels.enter(box, [], environment={}, cwd=Path("/tmp"))
        for child in children.read_text().split():
            subprocess.run(["/bin/kill", "-9", child], check=True)
        process.kill()


def test_where_the_sandbox_ends_at_once_the_kernel_is_started_as_any_other(kernels, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(launch, "_UNTIL_ENTERED", ["/bin/true"])  # it ends before it could be entered
        with Student(template=kernels) as student:
            assert said(student, "import sys; print('numpy' in sys.modules)") == "False\n"
            assert student.started_new == "Its sandbox ended at once."
    with Student(template=kernels) as student:
        assert said(student, "import sys; print('numpy' in sys.modules)") == "True\n"


def test_after_a_module_that_makes_shared_memory_kernels_are_not_forked(tmp_path):
    (tmp_path / "makes_shared_memory.py").write_text("import mmap\nSHARED = mmap.mmap(-1, 4096)\n")
    path = os.pathsep.join([str(bubblewrap.PACKAGE.parent), str(tmp_path)])
    sharing = Template(("numpy", "makes_shared_memory"), environment={"PYTHONPATH": path})
    with Student(template=sharing) as student:
        assert said(student, "import sys; print('numpy' in sys.modules)") == "False\n"
        assert "shared memory" in student.started_new
        assert sharing._process.poll() is None, "the module was not imported at all"
    sharing.close()


def test_rights_that_are_left_are_noticed():
    status = "CapInh:\t0\nCapPrm:\t0\nCapEff:\t0\nCapBnd:\tff\nCapAmb:\t0\n"
    template._require_no_rights(status)
    for name in ("CapPrm", "CapEff", "CapAmb"):
        with pytest.raises(RuntimeError, match=f"{name} was not given up"):
            template._require_no_rights(status.replace(f"{name}:\t0", f"{name}:\t0000000000200000"))


def test_the_process_that_waits_is_not_in_the_students_group_and_the_kernel_is(kernels):
    with Student(template=kernels) as student:
        if not student.box.groups:
            pytest.skip("no control groups here")
        server = kernels._process.pid
        waiting = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        inside = [set((folder / "cgroup.procs").read_text().split()) for folder in student.box.groups]
        for group in inside:
            assert waiting and not group & set(waiting)
            forked = [p for w in waiting for p in Path(f"/proc/{w}/task/{w}/children").read_text().split()]
            assert group & set(forked)
