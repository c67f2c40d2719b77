"""nbgrader's settings for this course; every `nbgrader` command run from this folder reads them, and so does the formgrader.

The flow is solutions → labs → submitted → autograded → feedback. `solutions/` and `labs/` are in git, the rest is not.
"""

import os
import sys
from pathlib import Path

import course_utils
from course_utils.checks.core.seeds import FILE_NAME, PRIVATE_OBJECTS, is_secret, private_objects, secret_text
from course_utils.storage import cache_root
from nbgrader_isolated.plugin.configure import configure
from nbgrader_isolated.student import KERNEL_CONFIG

c = get_config()  # noqa: F821 - traitlets puts it there

course = Path(__file__).resolve().parent

# nbgrader starts `alembic` by name, and without the environment on PATH it leaves a broken gradebook behind.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"

# Folders. The root is this folder wherever a command or a Jupyter server was started.
c.CourseDirectory.root = str(course)
c.CourseDirectory.course_id = "transfer-learning"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "labs"
c.CourseDirectory.submitted_directory = "submitted"
c.CourseDirectory.autograded_directory = "autograded"
c.CourseDirectory.feedback_directory = "feedback"
c.CourseDirectory.db_url = f"sqlite:///{course / 'gradebook.db'}"
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    ".jupyter_ystore.db",
    ".virtual_documents",
]

# What a student may hand in: kilobytes per file, and per folder. Lab 4's network takes up to 60 MB when it was trained on a GPU.
c.CourseDirectory.max_file_size = 61_000
c.CourseDirectory.max_dir_size = 75_000

# The exchange: the folder through which labs go out and answers come back on a shared machine. Created on first release.
c.Exchange.root = os.environ.get("TRANSFER_LEARNING_EXCHANGE") or str(course / "exchange")
c.Exchange.timezone = "UTC"
# The folders of the exchange stay where they are, whatever students do.
c.ExchangeFactory.release_assignment = "nbgrader_isolated.plugin.exchange.ReleaseAssignment"
# A link in the inbound folder must not bring files of the instructor's into a submission.
c.ExchangeFactory.collect = "nbgrader_isolated.plugin.collect.Collect"
# Students work in work/, which git ignores: labs are fetched to it and submitted from it.
c.Exchange.assignment_dir = str(course / "work" / "labs")

# Releasing. labs/ is committed, so a fresh clone already holds what this command writes; without force it would be
# skipped, and the gradebook would never hear of the lab.
c.GenerateAssignment.force = True
c.GenerateAssignment.exporter_class = "nbgrader_isolated.plugin.release.ReleasedNotebook"
c.ClearSolutions.code_stub = {
    "python": '# Write your answer here, in place of this line and the next.\nraise NotImplementedError("not attempted yet")'
}
c.ClearSolutions.text_stub = "*Write your answer here.*"
# A mark scheme may stand in the locked cell that asks the question: students get the cell without it, and it comes back
# when the notebook is graded, so that whoever marks reads it above the answer.
c.ClearMarkScheme.enforce_metadata = False

# Grading. The timeout is per cell, in seconds; a deleted test cell is put back, so that it cannot stay ungraded.
c.ExecutePreprocessor.timeout = 300
c.Execute.timeout = 300
c.GradingEngine.question_seconds = 120
c.OverwriteCells.add_missing_cells = True
# A mistyped id is no new student: whoever is graded is on the roster. (The formgrader's button does not ask.)
c.Autograde.create_student = False
c.AssignLatePenalties.plugin_class = "nbgrader_isolated.gradebook.late.LatePenalty"

# Nothing but a student's own words may reach stderr in a graded notebook: kernel_config.py says why. In a file, because a
# kernel refuses to start when its own command and this list both set the same option.
c.Execute.extra_arguments = [
    "--HistoryManager.hist_file=:memory:",
    f"--config={KERNEL_CONFIG}",
]

# `nbgrader autograde`, the formgrader's button and `python -m course_utils grade` (docs/grading.md) run students' code and the
# tests in sandboxes of their own. Both may read the weights; the seed of the hidden images reaches the tests alone.
# And nothing of a student's acts in somebody else's browser, neither in the feedback nor in the formgrader's pages: folding
# hints, tables, figures, formulas and links out into the world stay (grader/src/nbgrader_isolated/notebook/cleaning.py).
configure(c)
# What only this course knows, all that the grader learns of it: grader/docs/settings.md has a table.
store = cache_root()
seed = secret_text(course)
c.GradingEngine.modules = ["numpy", "keras", "tensorflow"]
c.GradingEngine.packages = ["course_utils"]
c.GradingEngine.unavailable = ["course_utils.errors.NotAvailableError", "course_utils.errors.StoreError"]
# Lab 2's scenes pass VGG16 once per run: students' heads are tested on features of hidden ones, and those of the notebook's own
# stay in the store, where students' code may read and not write.
c.GradingEngine.prepare = {"lab2": ["course_utils.checks.lab2.prepared"]}
# What every lab imports, and what is slow to import: a worker does it once for all students' kernels (as root only).
c.GradingEngine.student_modules = [
    "course_utils",
    "numpy",
    "keras",
    "tensorflow",
    "sklearn.linear_model",
    "sklearn.svm",
]
c.GradingEngine.student_modules += ["sklearn.pipeline", "sklearn.preprocessing"]
# Where the package lies in this folder and not in the environment, both processes are shown it, and nothing else of the course.
c.GradingEngine.student_sees = [str(Path(course_utils.__file__).parent), *([str(store)] if store.is_dir() else [])]
c.GradingEngine.examiner_sees = [*c.GradingEngine.student_sees, *filter(None, [private_objects()])]
c.GradingEngine.student_environment = {"COURSE_CACHE": str(store)}
c.GradingEngine.examiner_environment = {
    "COURSE_CACHE": str(store),
    "COURSE_SECRET_SEED": seed,
    PRIVATE_OBJECTS: private_objects() or "",
}
# What other users of this machine must not get at, besides the gradebook and the folders of submissions, marks and evidence.
# Grading refuses while they can, and while the seed is the one that everybody can read: docs/instructors.md, "Keep it closed".
c.GradingEngine.private_files = [FILE_NAME, "private_config.py", "*.csv", "downloaded"]
c.GradingEngine.public_seed = "" if is_secret(seed) else "python -m course_utils seed"
# A fine-tuned network begins from a seed of its own, so two that are alike have one origin. (Lab 6 hands its model in from a
# function, and on the practice images everybody's seed is the same: nothing to compare there.)
c.GradingEngine.compare = {"lab4": ["artefact"]}
# The wrong answers that `make lab-check` tries: `items` names those that behave as a student's does.
c.GradingEngine.known_mistakes = "authoring/labs/{assignment}/expected/mistakes.json"
# Extensions and settled pairs name students, and git tracks this file: they stand in extensions.csv and settled.csv, which it
# ignores. So it does private_config.py, for other settings of your own; students who read these settings cannot read that file.
if os.access(course / "private_config.py", os.R_OK):
    load_subconfig("private_config.py", path=str(course))  # noqa: F821 - traitlets puts it there
