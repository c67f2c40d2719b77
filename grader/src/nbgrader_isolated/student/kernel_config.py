"""Settings of the kernel in which nbgrader runs a notebook (IPython reads them; `nbgrader_config.py` passes the path).

nbgrader gives no marks for a test cell that shows anything on stderr. TensorFlow's compiled part writes there as it
starts, whatever its log level, so such lines go to the terminal instead of the notebook; and Python's warnings are silent.
"""

from nbgrader_isolated.student import endings, own_files

c = get_config()  # noqa: F821 - traitlets puts it there

c.IPKernelApp.capture_fd_output = False
# What lies next to a notebook is treated as in the engine's kernels.
c.InteractiveShellApp.ignore_cwd = True
c.InteractiveShellApp.exec_lines = [
    own_files.FIRST_LINE,
    endings.FIRST_LINE,  # nor is an exit() in a notebook a matter of luck
    "__import__('warnings').simplefilter('ignore')",
]
