"""Marks in nbgrader's gradebook, and what is reported of them."""
