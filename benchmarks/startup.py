"""How long things take to start, each as a whole process, median of several runs.

    python benchmarks/startup.py [import] [doctor] [setup] [lab] [lesson01]

Without names, all, in about two minutes on two idle cores: the import of course_utils (and of a bare interpreter, to be taken off); `doctor`; a second
`make setup`; the command that `make lab` ends with, warm ("make lab, warm" on file): from its start until the server answers,
without a browser; and lesson 1 in a real kernel: from the start of the kernel until its first code cells have run. What is
not named stays as it is on file.
Writes benchmarks/results/startup.json.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from _machine import REPOSITORY, write_results

PATIENCE = 120
"""Seconds after which a server or a cell counts as hung."""

CELLS = 2
"""Code cells of lesson 1 that are timed: the first imports and loads images, the second shows some."""


def command(*words: str) -> Callable[[], float]:
    """Returns what runs a command once and gives its wall-clock seconds."""

    def once() -> float:
        started = time.perf_counter()
        subprocess.run(words, cwd=REPOSITORY, capture_output=True, check=True)
        return time.perf_counter() - started

    return once


def lab() -> float:
    """Starts the command that `make lab` ends with, and returns the seconds until its server answers a browser."""
    token = secrets.token_hex(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [
        sys.executable,
        "-m",
        "course_utils",
        "lab",
        "--no-browser",
        f"--port={port}",
        "--ServerApp.port_retries=0",
    ]
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        environment = {**os.environ, "JUPYTER_TOKEN": token}
        server = subprocess.Popen(words, cwd=REPOSITORY, env=environment, stdout=said, stderr=subprocess.STDOUT)
        try:
            while not answers(f"http://127.0.0.1:{port}/lab/tree/work?token={token}"):
                if server.poll() is not None or time.perf_counter() - started > PATIENCE:
                    said.seek(0)
                    raise SystemExit(f"JupyterLab did not answer within {PATIENCE} s. It said:\n{said.read().decode()}")
                time.sleep(0.02)
            return time.perf_counter() - started
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as reply:
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False


def lesson01() -> list[float]:
    """Returns the seconds from the start of a kernel until it is ready, and until each of the first code cells has run."""
    import nbformat
    from jupyter_client.manager import start_new_kernel

    path = next((REPOSITORY / "lessons").glob("01_*.ipynb"))
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"][:CELLS]
    started = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(path.parent), startup_timeout=PATIENCE, **quiet)
    try:
        ends = [time.perf_counter() - started]
        for source in cells:
            reply = client.execute_interactive(source, timeout=PATIENCE, output_hook=lambda message: None)["content"]
            if reply["status"] != "ok":
                raise SystemExit(f"{path.name}: a cell ended with {reply['ename']}: {reply['evalue']}")
            ends.append(time.perf_counter() - started)
        return ends
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


ROWS: dict[str, tuple[str, Callable[[], float], int]] = {
    "bare python": ("import", command(sys.executable, "-c", "pass"), 15),
    "import course_utils": ("import", command(sys.executable, "-c", "import course_utils"), 15),
    "doctor": ("doctor", command(sys.executable, "-m", "course_utils", "doctor"), 3),
    "make setup, warm": ("setup", command("make", "--silent", "setup"), 3),
    "make lab, warm": ("lab", lab, 3),
}
"""Row -> (its piece, what is timed, runs after one that is not counted)."""

PIECES = ("import", "doctor", "setup", "lab", "lesson01")


def row(taken: list[float]) -> dict:
    return {
        "median_s": round(statistics.median(taken), 4),
        "min_s": round(min(taken), 4),
        "max_s": round(max(taken), 4),
        "runs": len(taken),
    }


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pieces", nargs="*", metavar="PIECE", help=f"of {', '.join(PIECES)}; by default all")
    parser.add_argument("--runs", type=int, help="of each, instead of 3 to 15")
    parser.add_argument("--dry", action="store_true", help="print, write nothing")
    given = parser.parse_args(argv)
    wrong = sorted(set(given.pieces) - set(PIECES))
    if wrong:
        parser.error(f"pieces must be of {', '.join(PIECES)}; received {', '.join(wrong)}")
    pieces = given.pieces or PIECES
    path = REPOSITORY / "benchmarks" / "results" / "startup.json"
    rows = json.loads(path.read_text("utf-8"))["commands"] if path.is_file() and given.pieces else {}
    for name, (piece, once, runs) in ROWS.items():
        if piece in pieces:
            once()
            show(rows, name, [once() for _ in range(given.runs or runs)])
    if "lesson01" in pieces:
        lesson01()
        kernel, *cells = zip(*(lesson01() for _ in range(given.runs or 3)), strict=True)
        show(rows, "kernel ready", list(kernel))
        for number, ends in enumerate(cells, 1):
            show(rows, f"lesson 1, until code cell {number} has run", list(ends))
    results: dict = {"commands": rows}
    if {"bare python", "import course_utils"} <= set(rows):
        alone = rows["import course_utils"]["median_s"] - rows["bare python"]["median_s"]
        print(f"so course_utils itself takes {alone:.3f} s")
        results = {"course_utils_itself_s": round(alone, 4), **results}
    if not given.dry:
        write_results("startup", results)
    return 0


def show(rows: dict, name: str, taken: list[float]) -> None:
    rows[name] = row(taken)
    print(f"{name:<40} {rows[name]['median_s']:>8.3f} s  ({min(taken):.3f} to {max(taken):.3f})", flush=True)


if __name__ == "__main__":
    sys.exit(main())
