"""A module that makes, when it is imported, memory that every fork would share; kernels must not be forked after it."""

import mmap

ROOM = mmap.mmap(-1, 4096)
