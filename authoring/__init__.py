"""What makes the notebooks of the course and tests them; README.md in this folder describes it."""
