"""Never looks at the argument: pools by average whatever is asked for."""

from course_utils.models import load_base

REPLACES = "rebuild"
MUST_FAIL = ("test-rebuild",)


def rebuild(name, input_shape, pooling):
    return load_base(name, input_shape=input_shape, pooling="avg")
