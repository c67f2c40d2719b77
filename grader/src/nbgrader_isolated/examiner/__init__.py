"""The process that runs the test cells, and who starts it."""
