"""Where hidden images come from: a secret number that only the instructor's machine knows."""

import contextlib
import hashlib
import os
from pathlib import Path

import numpy as np

ENVIRONMENT_VARIABLE = "COURSE_SECRET_SEED"
FILE_NAME = "secret_seed.txt"
PRIVATE_OBJECTS = "COURSE_PRIVATE_OBJECTS"
"""Names the environment variable that holds an instructor's folder of objects; see ``private_objects``."""

SHORTEST_SEED = 16
"""Characters without spaces. A shorter text can be guessed, and stands in some file by chance."""

PUBLIC_SECRET = "no secret has been set"
"""Used when no secret is set; as everybody can read it, the hidden images are then only unfamiliar, not secret."""


def secret_seed() -> int:
    """Returns the number that hidden tests draw their inputs from, 0 to 2**63 - 1, the same for the same secret.

    The secret may be any text in the environment variable ``COURSE_SECRET_SEED``, which ``nbgrader_config.py`` sets for
    test cells from ``secret_seed.txt``; without it it is ``PUBLIC_SECRET``, so that a fresh clone can run every test.
    """
    digest = hashlib.sha256(secret_text().encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def secret_text(course: Path | None = None) -> str:
    """Returns the secret: the environment variable's, else that of ``secret_seed.txt``, else ``PUBLIC_SECRET``.

    The file is that of ``course``, the course's folder, and counts by its first line. Where it is another user's it
    does not count, since students read the same settings.
    """
    secret = os.environ.get(ENVIRONMENT_VARIABLE, "").strip()
    if not secret and course is not None:
        with contextlib.suppress(FileNotFoundError, PermissionError):
            secret = (course / FILE_NAME).read_text(encoding="utf-8").split("\n")[0].strip()
    return secret or PUBLIC_SECRET


def is_secret(text: str) -> bool:
    """Whether a seed is one that nobody can know or guess."""
    return text != PUBLIC_SECRET and len("".join(text.split())) >= SHORTEST_SEED


def private_objects() -> str | None:
    """Returns the instructor's own folder of objects, which join those of hidden scenes, or None.

    One subfolder per class, images with transparency in it, as ``load_scenes(extra=…)`` takes them.
    """
    return os.environ.get(PRIVATE_OBJECTS) or None


SALT = "GRADING_SALT"
"""Names the environment variable in which the engine says, in hexadecimal digits, which submission is being checked."""


def alike(seed: int) -> list[int]:
    """Returns three other seeds with the same last four digits, and the same remainder by every number up to 15."""
    return [seed + times * 360_360_000 for times in (1, 2, 3)]


def generator(exercise: str, seed: int | None) -> np.random.Generator:
    """Returns the random numbers one check uses: public ones for ``seed=None``, hidden ones otherwise.

    Two exercises with the same seed get different numbers, so that what one shows says nothing about another. Hidden
    numbers also depend on the submission that is being checked, as far as ``GRADING_SALT`` tells: what one submission
    writes down of them says nothing about those that the next will get. The same submission gets the same again.
    """
    name = int.from_bytes(hashlib.sha256(exercise.encode()).digest()[:4], "big")
    # NumPy takes [name] and [name, 0] for the same seed, hence the number in between.
    salt = int(os.environ.get(SALT, "0")[:15], 16)  # below 2**60; 0 where no submission is being checked
    return np.random.default_rng([name, 1] if seed is None else [name, 2, int(seed), salt])
