"""Hands "both" on to load_base, which does not know it."""

from course_utils.models import load_base

REPLACES = "rebuild"
MUST_FAIL = ("test-rebuild",)
HINT = 'load_base knows only the first two; for "both" unfold the second hint.'
MARKS = 9


def rebuild(name, input_shape, pooling):
    return load_base(name, input_shape=input_shape, pooling=pooling)
