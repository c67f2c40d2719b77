"""What is different while work is graded, one sentence for each, and which of them an exception is about.

The student's process chooses a word of the vocabulary, and only these sentences are shown: nothing of an exception's text
passes through here.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Iterator

SENTENCES = {
    "network": "While work is graded there is no network: what code needs has to be installed, or handed in with the notebook.",
    "input": "While work is graded nobody answers input() and the like: write the value into the cell.",
    "file": "While work is graded the notebook's folder holds only the files that were handed in.",
    "import": "While work is graded only packages that the course installs, and files that were handed in, can be imported.",
    "memory": "While work is graded memory is limited: work on less at once.",
    "time": "While work is graded a cell's time is limited: make it do less.",
}
"""By a word, a sentence for the student."""

_KINDS = {
    "network": """URLError HTTPError gaierror herror ConnectionError ConnectionRefusedError ConnectionResetError
        ConnectError ConnectTimeout ConnectTimeoutError ReadTimeout TransportError NetworkError ProxyError SSLError
        MaxRetryError NewConnectionError NameResolutionError ClientConnectionError ClientConnectorError ContentTooShortError
        ServerNotFoundError LocalEntryNotFoundError OfflineModeIsEnabled""",
    "input": "StdinNotImplementedError",
    "file": "FileNotFoundError",
    "import": "ModuleNotFoundError",
    "memory": "MemoryError",
    "time": "Stopped KeyboardInterrupt",
}
_WORDS = {kind: word for word, kinds in _KINDS.items() for kind in kinds.split()}
_NO_NETWORK = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}
# Keras raises a bare Exception with the first of these.
_SAID = re.compile(
    "URL fetch failure|Network is unreachable|No route to host|name resolution|Name or service not known"
)
_LONGEST_CHAIN = 10


def word(kinds: Iterable[str], said: str, number: object = None) -> str:
    """The word of the vocabulary for an exception, or "" where nothing is different.

    Args:
        kinds: names of its class and of the classes this extends.
        said: its text.
        number: its ``errno``, if it has one.
    """
    known = next((_WORDS[kind] for kind in kinds if kind in _WORDS), "")
    return known or ("network" if number in _NO_NETWORK or _SAID.search(said[:2000]) else "")


def word_of(error: BaseException) -> str:
    """The same for an exception and what it was raised from; of what it only came after, a refused download counts."""
    for one, meant in _chain(error):
        try:
            said = str(one)
        except Exception:  # of a student's own class
            said = ""
        number = one.errno if isinstance(one, OSError) else None
        found = word([kind.__name__ for kind in type(one).__mro__], said, number)
        if found == "network" or (found and meant):
            return found
    return ""


def _chain(error: BaseException) -> Iterator[tuple[BaseException, bool]]:
    """An exception and those before it, each with whether the one after it was raised *from* it."""
    meant = True
    for _ in range(_LONGEST_CHAIN):
        yield error, meant
        meant = meant and error.__cause__ is not None
        error = error.__cause__ or error.__context__
        if error is None:
            return
