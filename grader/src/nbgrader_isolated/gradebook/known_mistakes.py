"""Wrong answers that a course has tried, and by which a wrong answer of a student's is recognised.

A course writes them into a JSON file for each assignment; the grader knows nothing else of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.outcomes import Mark

FORM = '{"TEST": [{"name": …, "mistake": …, "points": …, "says": …}]}'


@dataclass(frozen=True)
class KnownMistake:
    """A wrong answer, and what the hidden test says of it.

    Attributes:
        name: what the course calls it.
        mistake: what is wrong with it, in a sentence.
        points: what it earns.
        says: words that the test says of it; where they are empty, the points alone decide.
    """

    name: str
    mistake: str
    points: float
    says: str = ""

    @property
    def label(self) -> str:
        """For a table: the sentence, and the name to look it up by."""
        return f"{self.mistake.rstrip('.')} [{self.name}]"

    def behaves_like(self, mark: Mark) -> bool:
        """Whether a mark is what this answer gets: the points, and the words."""
        same = mark.points is not None and abs(mark.points - self.points) < 1e-6
        return same and self.says in f"{mark.message}\n{mark.printed}"


def read(path: Path) -> dict[str, list[KnownMistake]]:
    """Test → wrong answers; nothing where there is no such file.

    Raises:
        BadArgumentError: it is not of the form that ``FORM`` shows.
    """
    try:
        plain = json.loads(path.read_text("utf-8"))
        return {str(test): [KnownMistake(**one) for one in some] for test, some in plain.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise BadArgumentError(
            f"Expected wrong answers in the form {FORM}; {path} cannot be read so ({type(error).__name__}: {error})."
        ) from None
