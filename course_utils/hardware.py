"""What machine this is, and the profile (``"cpu"`` or ``"gpu"``) by which a lab chooses how much work to do."""

import contextlib
import functools
import os
import platform
from pathlib import Path

from course_utils.errors import BadArgumentError

PROFILE_VARIABLE = "COURSE_PROFILE"
"""Set it to ``cpu`` or ``gpu`` to decide the profile yourself; the course's two kernels do."""


def cpu_name() -> str:
    """Returns the processor's name as a shop writes it, or its architecture when the system does not say."""
    return _cpuinfo().get("model name") or platform.processor() or platform.machine()


def cores() -> int:
    """Returns how many cores this process may use, which a container or a scheduler can make fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_gb() -> float:
    """Returns the memory this process may use, in GB of 1e9 bytes: the machine's, or its container's when smaller."""
    import psutil

    total = psutil.virtual_memory().total
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with contextlib.suppress(OSError, ValueError):  # not Linux, no such group, or "max"
            total = min(total, int(Path(file).read_text()))
    return total / 1e9


def has_avx512_bf16() -> bool:
    """Whether the processor multiplies bfloat16 itself (AVX512-BF16 or AMX); False where the system does not say."""
    flags = _cpuinfo().get("flags", "").split()
    return "avx512_bf16" in flags or "amx_bf16" in flags


def gpu_names() -> list[str]:
    """Returns the names of the GPUs that Keras's backend can use; imports that backend, which takes seconds."""
    import keras

    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        devices = tf.config.list_physical_devices("GPU")
        return [tf.config.experimental.get_device_details(d).get("device_name", d.name) for d in devices]
    if backend == "jax":
        import jax

        return [d.device_kind for d in jax.devices() if d.platform in ("gpu", "cuda", "rocm")]
    if backend == "torch":
        import torch

        return [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    return []


def profile() -> str:
    """Returns ``"gpu"`` when Keras's backend can use a GPU, else ``"cpu"``.

    The environment variable ``COURSE_PROFILE`` wins, and then no backend is imported.

    Raises:
        BadArgumentError: ``COURSE_PROFILE`` is neither ``cpu`` nor ``gpu``.
    """
    chosen = os.environ.get(PROFILE_VARIABLE, "").strip().lower()
    if chosen not in ("", "cpu", "gpu"):
        raise BadArgumentError(
            f"{PROFILE_VARIABLE} must be cpu or gpu, but it is {chosen!r}. Correct it, or unset it to let the "
            "course look for itself."
        )
    return chosen or ("gpu" if gpu_names() else "cpu")


def describe() -> str:
    """Returns this machine in one line without importing a backend, for the head of a report or a benchmark."""
    extra = ", bfloat16 in hardware" if has_avx512_bf16() else ""
    return f"{cpu_name()}, {cores()} cores, {memory_gb():.0f} GB, {platform.system()} {platform.machine()}{extra}"


@functools.cache
def _cpuinfo() -> dict[str, str]:
    try:
        first = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").split("\n\n")[0]
    except OSError:
        return {}
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in first.splitlines())}
