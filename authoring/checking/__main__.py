"""``python -m authoring.checking``: what `make lab-check` runs."""

import sys

from authoring.checking.try_answers import main

if __name__ == "__main__":
    sys.exit(main())
