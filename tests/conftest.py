"""What every test relies on: the package's settings are in force before NumPy or TensorFlow is loaded."""

import course_utils  # noqa: F401
