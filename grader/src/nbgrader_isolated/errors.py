"""The errors of this package, each saying what was expected, what was received, and what to do."""

from __future__ import annotations


class GraderError(Exception):
    """Base of every error that this package raises on purpose."""


class BadArgumentError(GraderError, ValueError):
    """A setting or an argument that cannot work; the message says which values do."""


class NotAvailableError(GraderError, RuntimeError):
    """Something that this machine lacks, or that has to be done first; the message says what."""


class WireError(GraderError, ValueError):
    """A value that cannot be sent, or bytes that are not a message within the limits."""


class CannotWriteError(GraderError, OSError):
    """A file was not written: its folder is read-only, or the disk is full."""
