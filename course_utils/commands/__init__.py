"""The commands behind ``python -m course_utils``, one module each."""

from argparse import ArgumentParser


def parser_of(command: str, description: str) -> ArgumentParser:
    """Returns a parser of a command's options, to be added, that calls the command as a user does."""
    return ArgumentParser(prog=f"python -m course_utils {command}", description=description)
