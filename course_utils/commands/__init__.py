"""The commands behind ``python -m course_utils``, one module each."""
