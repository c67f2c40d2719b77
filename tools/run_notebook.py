"""Runs one notebook in a fresh kernel, without a network where that can be had, and measures it.

    python tools/run_notebook.py lessons/01_using_pretrained_networks.ipynb --out executed.ipynb

Prints one line of JSON: seconds (wall clock, kernel start included), peak_mb (the kernel's largest resident memory),
network ("off", or "on" where no network namespace can be made), and errors and stderr per cell. The exit status is 0 when
no cell failed.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

OFFLINE = ["bwrap", "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent"]


def can_cut_network() -> bool:
    """Whether bubblewrap can start a process that has no network but its own loopback."""
    if shutil.which("bwrap") is None:
        return False
    return subprocess.run([*OFFLINE, "true"], capture_output=True, check=False).returncode == 0


def run(notebook: Path, *, out: Path | None = None, folder: Path | None = None, timeout: float = 600) -> dict:
    """Runs a notebook in a process of its own and returns what it measured.

    Args:
        notebook: the file to run; it is not changed.
        out: where the executed notebook goes, or None.
        folder: the kernel's working folder; by default the notebook's own.
        timeout: seconds allowed per cell.

    Returns:
        The dict that the command prints: ``seconds``, ``peak_mb``, ``network``, ``errors``, ``stderr``.

    Raises:
        RuntimeError: the runner itself failed; the message carries its output.
    """
    prefix = OFFLINE if can_cut_network() else []
    command = [*prefix, sys.executable, __file__, str(notebook), "--inside", "--timeout", str(timeout)]
    if out is not None:
        command += ["--out", str(out)]
    if folder is not None:
        command += ["--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    if not lines or not lines[-1].startswith("{"):
        raise RuntimeError(f"{notebook} could not be run:\n{done.stdout}\n{done.stderr}")
    return json.loads(lines[-1]) | {"network": "off" if prefix else "on"}


def _inside(notebook: Path, out: Path | None, folder: Path, timeout: float) -> dict:
    import nbclient
    import nbformat

    document = nbformat.read(notebook, as_version=4)
    client = nbclient.NotebookClient(
        document, timeout=timeout, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    started = time.perf_counter()
    client.execute()
    seconds = time.perf_counter() - started
    if out is not None:
        nbformat.write(document, out)
    errors, noise = [], []
    for index, cell in enumerate(document.cells):
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                errors.append({"cell": index, "error": f"{output['ename']}: {output['evalue']}"})
            elif output.get("name") == "stderr":
                noise.append({"cell": index, "text": output["text"][:500]})
    # The kernel has been waited for by now, so it counts among this process's children; on Linux the unit is kB.
    unit = 1024 if sys.platform == "darwin" else 1
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit / 1024
    return {"seconds": round(seconds, 1), "peak_mb": round(peak_mb), "errors": errors, "stderr": noise}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--timeout", type=float, default=600)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        folder = arguments.folder or arguments.notebook.resolve().parent
        result = _inside(arguments.notebook, arguments.out, folder, arguments.timeout)
    else:
        result = run(arguments.notebook, out=arguments.out, folder=arguments.folder, timeout=arguments.timeout)
    print(json.dumps(result))
    return 1 if result["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
