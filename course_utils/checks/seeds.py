"""Where hidden pictures come from: a secret number that only the instructor's machine knows."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np

ENVIRONMENT_VARIABLE = "COURSE_SECRET_SEED"
FILE_NAME = "secret_seed.txt"
PRIVATE_CUTOUTS = "COURSE_PRIVATE_CUTOUTS"
"""Names the environment variable that holds an instructor's folder of cut-outs; see ``private_cutouts``."""

PUBLIC_SECRET = "no secret has been set"
"""Used when no secret is set; as everybody can read it, the hidden pictures are then only unfamiliar, not secret."""


def secret_seed() -> int:
    """Returns the number that hidden tests draw their inputs from.

    The secret may be any text. The environment variable ``COURSE_SECRET_SEED`` wins, then the first line of
    ``secret_seed.txt`` in the folder that holds ``course_utils`` (git ignores that file); without either it is
    ``PUBLIC_SECRET``, so that a fresh clone can run every test.

    Returns:
        A number from 0 to 2**63 - 1, the same for the same secret on every machine.
    """
    digest = hashlib.sha256(secret_text().encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def secret_text() -> str:
    """Returns the secret itself, from the environment, the file, or ``PUBLIC_SECRET``."""
    secret = os.environ.get(ENVIRONMENT_VARIABLE, "").strip()
    if not secret:
        file = Path(__file__).resolve().parents[2] / FILE_NAME
        lines = file.read_text(encoding="utf-8").split("\n") if file.is_file() else []
        secret = lines[0].strip() if lines else ""
    return secret or PUBLIC_SECRET


def private_cutouts() -> str | None:
    """Returns the instructor's own folder of cut-outs, which join the objects of hidden scenes, or None.

    One subfolder per class, pictures with transparency in it, as ``load_scenes(extra=…)`` takes them.
    """
    return os.environ.get(PRIVATE_CUTOUTS) or None


SALT = "GRADING_SALT"
"""Names the environment variable in which the engine says, in hexadecimal digits, which submission is being checked."""


def generator(exercise: str, seed: int | None) -> np.random.Generator:
    """Returns the random numbers one check uses: public ones for ``seed=None``, hidden ones otherwise.

    Two exercises with the same seed get different numbers, so that what one shows says nothing about another. Hidden
    numbers also depend on the submission that is being checked, as far as ``GRADING_SALT`` tells: what one submission
    writes down of them says nothing about those that the next will get. The same submission gets the same again.
    """
    name = int.from_bytes(hashlib.sha256(exercise.encode()).digest()[:4], "big")
    # NumPy takes [name] and [name, 0] for the same seed, hence the number in between.
    return np.random.default_rng([name, 1] if seed is None else [name, 2, int(seed), salt()])


def salt() -> int:
    """Returns a number below 2**60 for the submission being checked, 0 where there is none."""
    return int(os.environ.get(SALT, "0")[:15], 16)
