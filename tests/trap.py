"""The worst value that a student's function can return."""


class Trap:
    """A value that raises at whatever is done with it."""

    def __getattribute__(self, name):
        raise RuntimeError("sprung")

    def _spring(self, *_):
        raise RuntimeError("sprung")

    __call__ = __len__ = __iter__ = __getitem__ = __eq__ = __array__ = __float__ = __bool__ = __str__ = _spring
    __hash__ = None
