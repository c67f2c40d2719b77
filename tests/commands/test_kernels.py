"""The kernels: told apart at a glance, harmless to install twice, and silent whatever TensorFlow has to say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from PIL import Image

from course_utils.commands.kernels import install_kernels, kernels_folder, main, wrong_kernels
from course_utils.errors import StoreError

ROOT = Path(__file__).resolve().parents[2]
FIT_AND_PREDICT = [
    "import numpy as np\n"
    "inputs = keras.Input((8,))\n"
    "model = keras.Model(inputs, keras.layers.Dense(2, activation='softmax')(inputs))\n"
    "model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])",
    "model.fit(np.zeros((64, 8), 'float32'), np.zeros(64), epochs=2, verbose=0);",
    "assert model.predict(np.zeros((64, 8), 'float32'), verbose=0).shape == (64, 2)",
]


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    folder = tmp_path_factory.mktemp("environment")
    install_kernels(folder)
    return folder


def manager(prefix: Path) -> KernelSpecManager:
    return KernelSpecManager(kernel_dirs=[str(kernels_folder(prefix))], ensure_native_kernel=False)


def run(prefix: Path, name: str, cells: list[str]) -> nbformat.NotebookNode:
    """Executes cells as nbgrader and JupyterLab would: a real kernel, started from its kernel.json."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    client = nbclient.NotebookClient(notebook, timeout=240, kernel_name=name)
    client.create_kernel_manager()
    client.km.kernel_spec_manager = manager(prefix)
    # Such variables in the shell that runs the tests would hide what a student without them sees.
    hidden = ("TF_CPP_MIN_LOG_LEVEL", "COURSE_PROFILE", "CUDA_VISIBLE_DEVICES")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    client.execute(env={**environment, "PYTHONPATH": str(ROOT)}, cwd=str(prefix))
    return notebook


def outputs(notebook: nbformat.NotebookNode, stream: str) -> str:
    found = (output for cell in notebook.cells for output in cell.outputs if output.get("name") == stream)
    return "".join(output.text for output in found)


def test_the_cpu_and_gpu_kernels_differ_in_name_environment_and_icon(prefix):
    cpu, gpu = (manager(prefix).get_kernel_spec(name) for name in ("course-cpu", "course-gpu"))
    assert (cpu.display_name, gpu.display_name) == ("Transfer learning (CPU)", "Transfer learning (GPU)")
    assert cpu.env["CUDA_VISIBLE_DEVICES"] == "-1"
    assert gpu.env["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"
    assert "CUDA_VISIBLE_DEVICES" not in gpu.env
    assert (cpu.env["COURSE_PROFILE"], gpu.env["COURSE_PROFILE"]) == ("cpu", "gpu")
    for side in (32, 64):
        images = [Image.open(Path(k.resource_dir) / f"logo-{side}x{side}.png").convert("RGBA") for k in (cpu, gpu)]
        assert all(image.size == (side, side) for image in images)
        different = sum(a != b for a, b in zip(*(p.get_flattened_data() for p in images), strict=True))
        assert different > side * side / 4
    assert all((Path(kernel.resource_dir) / "logo-svg.svg").is_file() for kernel in (cpu, gpu))


@pytest.mark.parametrize(
    ("name", "imports"),
    [
        ("python3", ["import keras"]),
        ("course-gpu", ["import course_utils", "import tensorflow as tf", "import keras"]),
    ],
)
def test_no_cell_has_anything_on_stderr_from_importing_the_backend_to_predicting(prefix, name, imports):
    notebook = run(prefix, name, imports + FIT_AND_PREDICT)
    assert outputs(notebook, "stderr") == ""


def test_what_python_itself_prints_still_reaches_the_notebook_and_the_profile_is_set(prefix):
    cells = [
        "import sys, os; print('to stderr', file=sys.stderr); print(os.environ['COURSE_PROFILE'])",
        "!echo from a shell",
    ]
    notebook = run(prefix, "course-cpu", cells)
    assert outputs(notebook, "stderr") == "to stderr\n"
    assert outputs(notebook, "stdout").split() == ["cpu", "from", "a", "shell"]


def test_installing_again_rewrites_nothing(prefix):
    files = [path for path in kernels_folder(prefix).rglob("*") if path.is_file()]
    before = {path: path.stat().st_mtime_ns for path in files}
    install_kernels(prefix)
    assert {path: path.stat().st_mtime_ns for path in kernels_folder(prefix).rglob("*") if path.is_file()} == before
    assert wrong_kernels(prefix) == []


def test_jupyters_own_kernel_keeps_what_the_course_does_not_set(tmp_path):
    folder = kernels_folder(tmp_path) / "python3"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps({"argv": ["python"], "interrupt_mode": "signal"}))
    (folder / "logo-svg.svg").write_text("theirs")
    assert wrong_kernels(tmp_path) == ["python3", "course-cpu", "course-gpu"]
    install_kernels(tmp_path)
    spec = json.loads((folder / "kernel.json").read_text())
    assert spec["interrupt_mode"] == "signal"
    assert spec["env"]["TF_CPP_MIN_LOG_LEVEL"] == "3"
    assert (folder / "logo-svg.svg").read_text() == "theirs"


def test_a_damaged_kernel_file_is_noticed_and_repaired(tmp_path):
    install_kernels(tmp_path)
    (kernels_folder(tmp_path) / "course-cpu" / "kernel.json").write_text('{"argv": [')
    assert wrong_kernels(tmp_path) == ["course-cpu"]
    install_kernels(tmp_path)
    assert wrong_kernels(tmp_path) == []


def test_an_environment_that_cannot_be_written_to_is_explained(tmp_path):
    (tmp_path / "share").write_text("a file where a folder should be")
    with pytest.raises(StoreError, match="Use an environment of your own"):
        install_kernels(tmp_path)


def test_the_command_says_where_each_kernel_went(tmp_path, capsys):
    assert main(["--prefix", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(str(tmp_path))[0].strip() for line in lines] == [
        "Python 3 (ipykernel)",
        "Transfer learning (CPU)",
        "Transfer learning (GPU)",
    ]


def test_looking_at_the_machine_imports_no_backend():
    code = (
        "import sys; from course_utils import hardware as h; print(h.describe(), h.profile());"
        "assert not {'tensorflow', 'keras', 'torch', 'jax'} & set(sys.modules)"
    )
    environment = {**os.environ, "COURSE_PROFILE": "gpu"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "cores" in done.stdout
    assert done.stdout.strip().endswith("gpu")
