"""What the corpus's checks get from `prepare`, once per run: it is made of the secret, and no student may read it."""

import os


def make() -> str:
    return f"made of {os.environ['THE_SECRET']}"


def give(value: str) -> None:
    assert value == make()
