"""A student's notebook with its visible tests, run outside JupyterLab before it is handed in."""
