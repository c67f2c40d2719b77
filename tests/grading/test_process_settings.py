"""What the package sets when it is imported: threads of linear algebra, and a stderr without TensorFlow's log lines."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager

from course_utils.commands import kernels
from nbgrader_isolated.sandbox import process_settings
from nbgrader_isolated.student import launch as student

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = [*sorted((ROOT / "lessons").glob("*.ipynb")), *sorted((ROOT / "labs").glob("*/*.ipynb"))]
SETTINGS = {"TF_CPP_MIN_LOG_LEVEL", "OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"}
FIT = """
from course_utils.models import load_base
base = load_base("mobilenet_v2", weights=None, input_shape=(32, 32, 3))
base.trainable = False
model = keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(np.zeros((2, 32, 32, 3), "float32"), np.zeros(2), epochs=1, steps_per_epoch=1, verbose=0);
"""


def environment(**variables: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in SETTINGS} | variables


def threads(code: str, **variables: str) -> dict[str, list[int]]:
    """Runs code in a fresh process; returns the threads of each library that computes on several."""
    ask = "\nimport json, threadpoolctl; print(json.dumps(threadpoolctl.threadpool_info()))"
    done = subprocess.run(
        [sys.executable, "-c", code + ask], env=environment(**variables), cwd="/", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    found: dict[str, list[int]] = {}
    for library in json.loads(done.stdout):
        found.setdefault(library["internal_api"], []).append(library["num_threads"])
    return found


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core: every library has one thread")
@pytest.mark.parametrize("code", ["import numpy, course_utils", "import course_utils, numpy"])
def test_linear_algebra_has_the_kernels_threads_whichever_is_imported_first(code):
    wanted = int(process_settings.VARIABLES["OPENBLAS_NUM_THREADS"])
    assert threads("import numpy")["openblas"] != [wanted]
    assert threads(code)["openblas"] == [wanted]
    # SciPy brings an OpenBLAS of its own, whether it is loaded before or after.
    assert threads(f"{code}, scipy.linalg")["openblas"] == [wanted, wanted]
    assert threads("import scipy.linalg, course_utils")["openblas"] == [wanted, wanted]


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core: every library has one thread")
@pytest.mark.parametrize("name", ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"])
@pytest.mark.parametrize("code", ["import numpy, course_utils", "import course_utils, numpy"])
def test_threads_that_a_user_has_chosen_stay(code, name):
    assert threads(code, **{name: "2"})["openblas"] == [2]


def test_a_log_level_that_a_user_has_chosen_stays():
    code = "import os, course_utils; print(os.environ['TF_CPP_MIN_LOG_LEVEL'])"
    for variables, level in (({}, "3"), ({"TF_CPP_MIN_LOG_LEVEL": "0"}, "0")):
        command = [sys.executable, "-c", code]
        assert subprocess.check_output(command, env=environment(**variables), text=True).strip() == level


def test_importing_the_package_imports_neither_numpy_nor_a_backend():
    code = "import sys, course_utils; print({'numpy', 'tensorflow', 'keras', 'threadpoolctl'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


def test_every_kernel_carries_the_same_settings():
    for name in kernels.KERNELS:
        assert process_settings.VARIABLES.items() <= kernels.shipped_spec(name)["env"].items()
    assert process_settings.VARIABLES.items() <= student.ENVIRONMENT.items()


def in_a_plain_kernel(folder: Path, cells: list[str]) -> list[str]:
    """Runs cells in a kernel as ipykernel installs it; returns what each cell shows on stderr."""
    spec = folder / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    command = ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": command, "display_name": "Python 3", "language": "python"}))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    client = nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3")
    client.create_kernel_manager()
    client.km.kernel_spec_manager = KernelSpecManager(kernel_dirs=[str(folder / "kernels")], ensure_native_kernel=False)
    client.execute(env=environment(), cwd=str(folder))
    return [
        "".join(output.text for output in cell.outputs if output.get("name") == "stderr") for cell in notebook.cells
    ]


def test_nothing_reaches_stderr_in_a_plain_kernel_once_the_package_is_imported(tmp_path):
    cells = ["import course_utils", "import keras, numpy as np", FIT, "import sys; print('mine', file=sys.stderr)"]
    assert in_a_plain_kernel(tmp_path / "first", cells) == ["", "", "", "mine\n"]
    cells = ["import keras, numpy as np", "import course_utils", FIT, "import sys; print('mine', file=sys.stderr)"]
    said = in_a_plain_kernel(tmp_path / "second", cells)
    assert said[1:] == ["", "", "mine\n"]  # what TensorFlow wrote while it was imported is there already


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_import_the_package_before_tensorflow_can_speak(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    lines = [line for line in code.splitlines() if line[:1] not in "%!"]
    found = [node for node in ast.parse("\n".join(lines)).body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [
        name.split(".")[0]
        for node in found
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    ]
    assert "course_utils" in names
    assert not {"keras", "tensorflow"} & set(names[: names.index("course_utils")])
