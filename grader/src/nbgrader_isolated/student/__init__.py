"""The process that runs a student's cells."""

from pathlib import Path

KERNEL_CONFIG = Path(__file__).with_name("kernel_config.py")
"""Settings of the kernel in which nbgrader itself runs a notebook; it takes them as ``--config=PATH``."""
