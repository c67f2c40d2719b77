"""Uses the course's fingerprints before and after."""

from course_utils import inspect

REPLACES = "statistics-moved"


def statistics_moved(model, images, labels):
    before = inspect.fingerprint(model)
    model.fit(images, labels, batch_size=4, epochs=1, verbose=0)
    return len(inspect.compare(before, inspect.fingerprint(model)).statistics_moved)
