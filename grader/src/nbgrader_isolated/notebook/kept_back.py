"""What an instructor keeps back of an assignment, and the search for it in files that students get."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.notebook.roles import is_answer

REGIONS = {"answer": "SOLUTION", "hidden test": "HIDDEN TESTS", "mark scheme": "MARK SCHEME"}


@dataclass(frozen=True)
class Secret:
    """Something that no student may find."""

    kind: str  # "answer", "hidden test", "mark scheme" or "seed"
    text: str  # as it stands in the source, without indentation


def secrets_of(source: Path, *, seed: str = "") -> list[Secret]:
    """Returns what a source notebook keeps back, each answer, hidden test and mark scheme as a whole, and the seed.

    Args:
        source: the instructor's notebook, with its answers.
        seed: what hidden inputs are drawn from; empty where it is no secret.
    """
    import nbformat

    found = []
    for cell in nbformat.read(source, as_version=4).cells:
        for kind, word in REGIONS.items():
            pattern = rf"### BEGIN {word}\n(.*?)### END {word}"
            regions = re.findall(pattern, cell.source, flags=re.DOTALL)
            found += [Secret(kind, textwrap.dedent(region).strip()) for region in regions]
        if cell.cell_type == "markdown" and is_answer(cell):
            found.append(Secret("answer", cell.source.strip()))
    found.append(Secret("seed", seed))
    return [secret for secret in found if secret.text]


def readable(path: Path) -> str:
    """Returns what can be read in a file; of a notebook, what its cells and their outputs say."""
    text = path.read_bytes().decode("utf-8", errors="ignore")
    return "".join(_strings(json.loads(text))) if path.suffix == ".ipynb" else text


def require_kept_back(secrets: Iterable[Secret], content: str, *, path: Path, assignment: str) -> None:
    """Refuses a file of a bundle in which a secret stands, whatever its indentation and line breaks.

    Args:
        secrets: what students must not find.
        content: what can be read in the file, see :func:`readable`.
        path: the file's name, for the message. A notebook must not hold marks such as ``### BEGIN SOLUTION`` either.
        assignment: its name, for the message.

    Raises:
        BadArgumentError: it names the file and the kinds of secrets, never a secret.
    """
    content = squeezed(content)
    leaked = {secret.kind for secret in secrets if squeezed(secret.text) in content}
    if path.suffix == ".ipynb":
        leaked |= {word for word in REGIONS.values() if squeezed(f"###BEGIN{word}") in content}
    if leaked:
        do = f"Rebuild the released notebook with `nbgrader generate_assignment {assignment}`, and look at that file."
        if leaked == {"seed"}:
            do = "Take the seed out of that file; or choose another, if it is a text that stands there for other reasons."
        raise BadArgumentError(
            f"{path} holds what students must not see ({', '.join(sorted(leaked))}), so no bundle was written. {do}"
        )


def squeezed(text: str) -> str:
    """Returns a text without spaces and line breaks, so that another indentation hides nothing."""
    return re.sub(r"\s+", "", text)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)
