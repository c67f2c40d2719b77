"""Runs lab 4's worked solution as a plain program, on a machine that has Keras and a GPU but perhaps no TensorFlow and no Jupyter.

    python benchmarks/gpu_lab4.py                              # gpu profile, on JAX and on PyTorch
    python benchmarks/gpu_lab4.py --backend tensorflow --profile cpu --dry

It runs the code cells of solutions/lab4/lab4.ipynb in order, test cells included, and leaves out those that only draw. It
writes what they measured to ``benchmarks/results/gpu_lab4.json``, one entry per backend, and prints it: seconds of every
cell, the table of uses, what the checks gave, the artefact's size, and the largest memory used on the GPU and outside it.
Weights come from the store that ``COURSE_CACHE`` names. ``--dry`` prints and writes nothing.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "solutions" / "lab4" / "lab4.ipynb"
RESULTS = ROOT / "benchmarks" / "results" / "gpu_lab4.json"
DOCUMENT = ROOT / "docs" / "gpu.md"
OPENING = "<!-- measured: filled by `python benchmarks/gpu_lab4.py --document` -->"
CLOSING = "<!-- end of measured -->"
LAST_LINE = "gpu_lab4 result: "


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--backend", action="append", help="jax, torch or tensorflow (default: jax, then torch)")
    parser.add_argument("--profile", default="gpu", choices=("cpu", "gpu"))
    parser.add_argument("--notebook", type=Path, default=NOTEBOOK, help="the worked solution")
    parser.add_argument("--dry", action="store_true", help="print the result, write no file")
    parser.add_argument("--copy", type=Path, help="also write the result to this file")
    parser.add_argument("--document", action="store_true", help="only write what is on file into docs/gpu.md")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return inside(options.notebook, options.backend[0])
    if options.document:
        DOCUMENT.write_text(documented(DOCUMENT.read_text("utf-8")), "utf-8")
        return 0
    failed = 0
    runs = {}
    for backend in options.backend or ["jax", "torch"]:
        run = run_apart(options.notebook.resolve(), backend, options.profile)
        failed += run is None
        if run is not None:
            runs[backend] = run
            print(json.dumps({backend: run}, indent=1, ensure_ascii=False), flush=True)
            keep(runs, dry=options.dry, copy=options.copy)  # after each: a later one may be cut off
    return 1 if failed else 0


def run_apart(notebook: Path, backend: str, profile: str) -> dict | None:
    """Runs the notebook in a process of its own, whose backend and memory are its own; None when it failed."""
    environment = os.environ | {
        "KERAS_BACKEND": backend,
        "COURSE_PROFILE": profile,
        "MPLBACKEND": "Agg",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
        # JAX would take most of the GPU's memory at once, and nobody could say how much the lab needs.
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
    }
    command = [sys.executable, __file__, "--inside", "--backend", backend, "--notebook", str(notebook)]
    result = None
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.PIPE, text=True)
        for line in process.stdout:
            if line.startswith(LAST_LINE):
                result = json.loads(line.removeprefix(LAST_LINE))
            else:
                print(line, end="", flush=True)
        process.wait()
    return result if process.returncode == 0 else None


def keep(runs: dict, *, dry: bool, copy: Path | None) -> None:
    """Adds runs to what is on file already."""
    from _machine import machine, write_results

    if not dry:
        earlier = json.loads(RESULTS.read_text("utf-8"))["runs"] if RESULTS.is_file() else {}
        write_results("gpu_lab4", {"runs": earlier | runs})
    if copy is not None:
        copy.write_text(json.dumps({"machine": machine(), "runs": runs}, indent=1, ensure_ascii=False) + "\n", "utf-8")


def inside(notebook: Path, backend: str) -> int:
    """Runs the cells, and prints the result as the last line."""
    names: dict = {"__name__": "__main__"}
    cells, marks = {}, {}
    began = time.perf_counter()
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or "    plots." in source or cell["id"] == "grade-cost":
            continue
        print(f"--- {cell['id']}", flush=True)
        at = time.perf_counter()
        value = run_cell(source, cell["id"], names)
        cells[cell["id"]] = round(time.perf_counter() - at, 2)
        if "points" in cell["metadata"].get("nbgrader", {}):
            marks[cell["metadata"]["nbgrader"]["grade_id"]] = value
    result = {
        "profile": names["PROFILE"],
        "backend": backend,
        **devices(backend),
        "seconds": round(time.perf_counter() - began, 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
        "cells": cells,
        "marks": marks,
        **measured(names),
    }
    print(LAST_LINE + json.dumps(result, ensure_ascii=False), flush=True)
    return 0


def run_cell(source: str, name: str, names: dict) -> object:
    """Runs one cell as a notebook would: the value of a last line that is an expression is the result."""
    tree = ast.parse(source, name)
    last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), names)
    return eval(compile(last, name, "eval"), names) if last else None


def measured(names: dict) -> dict:
    """What the notebook's own variables hold at its end."""
    scale = names["scale"]
    uses = {}
    for use, (accuracy, low, high) in names["accuracies"].items():
        uses[use] = {"seconds": round(names["seconds"][use], 2), "accuracy": accuracy, "low": low, "high": high}
        if use in names["differences"]:
            value, low, high = names["differences"][use]
            uses[use]["against_extractor"] = {"difference": value, "low": low, "high": high}
    return {
        "scale": {key: getattr(scale, key) for key in vars(scale)},
        "scenes": {split: len(some) for split, some in names["scenes"].items()},
        "majority": names["scenes"]["test"].majority_share,
        "uses": uses,
        "chosen": names["name"],
        "caching_s": round(names["caching"], 2),
        "activations_mb": round(names["megabytes"], 1),
        "epoch_end_to_end_s": round(names["stage_two"] / scale.fine_epochs, 3),
        "epoch_from_cache_s": round(names["from_cache"] / scale.cached_epochs, 3),
        "losses": [*names["stage_one"].history["loss"], *names["losses"]],
        "artefact_mb": round(names["file_mb"], 3),
        "artefact_tensors": len(names["artefact"]["tensors"]),
        "same_answers_when_rebuilt": names["same"],
    }


def devices(backend: str) -> dict:
    """The GPUs, and the largest memory that the backend has had in use on the first of them."""
    from course_utils.hardware import gpu_names

    found, peak = gpu_names(), None
    if found and backend == "jax":
        import jax

        peak = (jax.devices()[0].memory_stats() or {}).get("peak_bytes_in_use")
    elif found and backend == "torch":
        import torch

        peak = torch.cuda.max_memory_allocated()
    elif found:
        import tensorflow as tf

        peak = tf.config.experimental.get_memory_info("GPU:0")["peak"]
    return {"gpus": found, "peak_gpu_mb": None if peak is None else round(peak / 1e6)}


def documented(text: str) -> str:
    """Returns docs/gpu.md with what is on file between its two marks."""
    before, _, rest = text.partition(OPENING)
    after = rest.partition(CLOSING)[2]
    return f"{before}{OPENING}\n{report()}\n{CLOSING}{after}"


def report() -> str:
    """What is on file, in words and a table."""
    if not RESULTS.is_file():
        return "The GPU profile has not been measured. `python benchmarks/gpu_lab4.py --backend tensorflow` on a machine with a GPU does so."
    results = json.loads(RESULTS.read_text("utf-8"))
    runs, packages = results["runs"], results["machine"]["packages"]
    lines = []
    for backend, run in runs.items():
        lines.append(
            f"The worked solution on Keras {packages.get('keras')} with {backend} {packages.get(backend)}, "
            f"{run['profile']} profile, {', '.join(run['gpus']) or 'no GPU'}: {run['seconds']:.0f} seconds in all, "
            f"{_gigabytes(run['peak_gpu_mb'])} of GPU memory and {_gigabytes(run['peak_memory_mb'])} of memory at most; "
            f"artefact {run['artefact_mb']:.1f} MB; {sum(run['marks'].values()):g} of 80 automatic points. An epoch of stage two "
            f"took {run['epoch_end_to_end_s']:.2f} s end to end and {run['epoch_from_cache_s']:.2f} s from saved activations, "
            "the time to build the training step counted in.\n"
        )
    header = "".join(f" {backend}: seconds | {backend}: accuracy (90 % interval) |" for backend in runs)
    lines += [f"| use |{header}", "|---|" + "---|---|" * len(runs)]
    for use in next(iter(runs.values()))["uses"]:
        cells = ""
        for run in runs.values():
            row = run["uses"][use]
            cells += f" {row['seconds']:.0f} | {row['accuracy']:.2f} ({row['low']:.2f} to {row['high']:.2f}) |"
        lines.append(f"| {use} |{cells}")
    scenes = next(iter(runs.values()))["scenes"]
    lines.append(
        f"\nOne run each, {scenes['train']} training scenes and {scenes['test']} test scenes; seconds hold the time in which "
        "models are built and compiled. TensorFlow on a GPU has not been measured here unless it is in the table."
    )
    return "\n".join(lines)


def _gigabytes(megabytes: float | None) -> str:
    return "an unknown amount" if megabytes is None else f"{megabytes / 1000:.1f} GB"


if __name__ == "__main__":
    sys.exit(main())
