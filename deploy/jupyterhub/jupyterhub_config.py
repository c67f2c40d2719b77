"""A hub for one course on one machine: everybody is a user of the system, and JupyterLab runs as that user.

    jupyterhub --config deploy/jupyterhub/jupyterhub_config.py

Started by root. `prepare.sh`, with the same variables, makes what this expects. docs/instructors/hub.md says how they go together.
"""

import os
import shutil
import sys
from grp import getgrnam
from pathlib import Path

c = get_config()  # noqa: F821 - traitlets puts it there

here = Path(__file__).resolve().parent
place = Path(os.environ.get("COURSE_PLACE", "/srv/transfer-learning"))
grader = os.environ.get("COURSE_GRADER", "grader")
students = os.environ.get("COURSE_STUDENTS", "course-students")
instructors = os.environ.get("COURSE_INSTRUCTORS", "course-instructors")

# Behind a web server that speaks HTTPS. Only root can enter the folder of the hub's own files.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.db_url = f"sqlite:///{place / 'hub' / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(place / "hub" / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(place / "hub" / "proxy.pid")

# Who may log in: the members of two groups of the system, with their password there. Nobody logs in as the grader.
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.open_sessions = False
c.LocalAuthenticator.allowed_groups = {students, instructors}
c.Authenticator.blocked_users = {grader}

# The grader owns seed, gradebook and submissions. Instructors start and enter its JupyterLab: HUB/hub/spawn/GRADER.
c.JupyterHub.load_groups = {"instructors": {"users": getgrnam(instructors).gr_mem}}
c.JupyterHub.load_roles = [
    {"name": "grader", "users": [grader], "scopes": ["self"]},
    {
        "name": "instructor",
        "groups": ["instructors"],
        "scopes": [f"{scope}!user={grader}" for scope in ("servers", "access:servers", "read:users:name")],
    },
]

c.JupyterHub.spawner_class = "localprocess"
c.Spawner.environment = {
    "TRANSFER_LEARNING_EXCHANGE": str(place / "exchange"),
    # What somebody has installed into their home is not imported in place of what the course was tried with.
    "PYTHONNOUSERSITE": "1",
}
# JupyterLab takes seconds to start, and longer where a whole class logs in at once.
c.Spawner.start_timeout = c.Spawner.http_timeout = 180


def choose_command(spawner):
    """JupyterLab as the course's `lab` command starts it, for the grader as `teach` does."""
    teaching = spawner.user.name == grader
    spawner.cmd = [
        sys.executable,
        str(here / "start.py"),
        *(["--teach"] if teaching else ["--weights", str(place / "weights")]),
    ]
    spawner.default_url = "/lab" if teaching else "/lab/tree/work/START_HERE.md"


c.Spawner.pre_spawn_hook = choose_command

if not shutil.which("configurable-http-proxy"):
    raise SystemExit(
        f"Expected configurable-http-proxy on PATH; found none. Run `npm ci` in {here} and put "
        f"{here / 'node_modules' / '.bin'} on PATH."
    )
