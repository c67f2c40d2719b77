"""Which tests `make test` leaves out, which of those `.ci/run` runs all the same, and which files decide what each comes to.

What is not named here runs with `make test`, a new file of tests too. A test that is marked `slow` where it is defined is
left out as well. All names are beginnings of pytest's own, such as ``tests/grading/test_demo.py::``.
"""

from __future__ import annotations

import functools
import re

from authoring.checking import decides

LABS_TEST = "tests/authoring/test_labs.py::test_"
LESSON = "tests/authoring/test_lessons.py::test_"
LESSON_TESTS = (
    "runs_without_errors_and_without_noise",
    "needs_no_network",
    "stays_within_three_gigabytes",
    "every_figure_is_described",
    "ends_with_a_quiz_whose_answers_print",
    "what_the_prose_of_a_lesson_claims_is_what_it_computed",
    "the_page_of_lessons_describes_the_figure_that_the_lesson_ends_on_now",
)
WORKED = f"{LABS_TEST}the_worked_solution_earns_every_automatic_point_with_any_secret"
ENGINE_SAMPLE = (
    "tests/authoring/test_labs_engine.py::test_wrong_answers_lose_points_and_a_right_one_keeps_them_in_split_kernels"
)
NBGRADERS_OWN = "grader/tests/test_nbgrader_own.py::test_what_nbgraders_own_tests_come_to_is_what_the_page_says"
DANGEROUS = "tests/grading/test_grading_adversarial.py::test_the_most_dangerous_submissions_end_as_expected_and_good_ones_among_them_are_untouched"

SLOW: tuple[str, ...] = (
    WORKED,
    f"{LABS_TEST}the_untouched_notebook_runs_from_top_to_bottom",
    f"{LABS_TEST}the_untouched_notebook_earns_nothing",
    f"{LABS_TEST}every_look_at_a_result_works",
    ENGINE_SAMPLE,
    DANGEROUS,
    # Each of these takes an executed lesson.
    *(f"{LESSON}{test}" for test in LESSON_TESTS),
    "tests/repository/test_readme.py::test_the_example_prints",
    "tests/repository/test_browser_overflow.py::test_an_executed_lesson",
    "tests/repository/test_benchmarks.py::test_recipes_at_a_tiny_size",
    "tests/repository/test_benchmarks.py::test_other_settings_of_ours_at_a_tiny_size",
    "tests/repository/test_benchmarks.py::test_throughput_at_a_tiny_size",
    "tests/repository/test_benchmarks.py::test_runtimes_at_a_tiny_size",
    "tests/repository/test_benchmarks.py::test_scaling_at_a_tiny_size",
    # These read what the five before them have measured.
    "tests/repository/test_benchmarks.py::test_the_page_is_filled",
    "tests/repository/test_benchmarks.py::test_figures_are_small",
    "tests/grading/test_browser_formgrader.py::",
    "tests/repository/test_browser_student.py::",
    "tests/deploy/test_browser_hub.py::",
    "tests/deploy/test_recipes.py::test_binder_has",
    "tests/deploy/test_recipes.py::test_a_lab_is_right_in_binder",
    "tests/deploy/test_recipes.py::test_workflows_are_right",
    "tests/repository/test_wheel.py::test_a_notebook_runs_alone",
    "tests/widgets/test_browser_widgets.py::",
    "tests/widgets/test_browser_app.py::",
    "tests/commands/test_check_command.py::",
    "tests/grading/test_demo.py::",
    "tests/grading/test_nbgrader_cycle.py::test_generating_writes_the_bytes_that_are_committed",
    "tests/grading/test_grading_users.py::",
    "tests/grading/test_grading_workers.py::",
    "grader/tests/test_term.py::",
    "grader/tests/test_ending.py::test_a_process_that_ends_is_always",
    "grader/tests/test_blame.py::test_grading_that_fails_twice",
    "grader/tests/test_blame.py::test_where_nobody_can_be_graded",
    NBGRADERS_OWN,
    "tests/checks/test_lab2.py::",
    "tests/checks/test_lab3.py::",
    "tests/checks/test_lab4.py::",
)
"""Left out of `make test`: the results are on file (`slow_results.json`)."""

QUICK: frozenset[str] = frozenset(
    [
        f"{WORKED}[one-lab1]",
        f"{LABS_TEST}the_untouched_notebook_runs_from_top_to_bottom_and_says_not_attempted_everywhere[lab1]",
        f"{LABS_TEST}the_untouched_notebook_earns_nothing_from_the_hidden_tests[lab1]",
        f"{LABS_TEST}every_look_at_a_result_works_on_the_worked_solution[lab1]",
        f"{ENGINE_SAMPLE}[lab1]",
    ]
)
"""Runs with `make test` although its name begins like one that is left out: one lab through everything."""

SAMPLE: dict[str, str] = {
    "tests/grading/test_grading_adversarial.py::test_the_whole_corpus": "every attack: what must never get in",
    ENGINE_SAMPLE: "answers of every kind and lab across the sandbox: marks that a class would get",
    "tests/commands/test_check_command.py::": "the command that a student runs on a whole notebook",
    "tests/grading/test_demo.py::": "a class, from handing in to the gradebook",
    "tests/grading/test_nbgrader_cycle.py::test_generating": "what students get is what the source says",
    "tests/grading/test_grading_users.py::": "another user of the machine tries every closed folder",
    "tests/grading/test_grading_workers.py::": "a run that is stopped, killed or spread over workers",
    "grader/tests/test_term.py::": "a term through Canvas and Moodle: roster, archives, marks by hand, export, feedback",
    "grader/tests/test_ending.py::": "every way in which a notebook's process can end",
    "grader/tests/test_blame.py::": "who pays for what a submission did",
    **{
        f"{NBGRADERS_OWN}[test_nbgrader_{command}.py]": "nbgrader's own tests of what the grader takes the place of"
        for command in ("autograde", "generate_feedback", "releasefeedback")
    },
    **{f"tests/checks/test_lab{number}.py::": "what is special to one lab's checks" for number in (2, 3, 4)},
    "tests/grading/test_browser_formgrader.py::": "what an instructor clicks, in a real browser",
    "tests/repository/test_readme.py::": "the first lines of code that a newcomer reads",
    "tests/repository/test_browser_student.py::": "a student's path through a lab, in a real browser",
    f"{WORKED}[one-": "a right answer to every exercise of every lab keeps its points",
    f"{LABS_TEST}the_untouched_notebook_runs_from_top_to_bottom": "what students get first is whole, in every lab",
    **{
        f"{LESSON}{test}[{lesson}]": "a lesson runs, and what its text claims is what it computes; the others are on file"
        for lesson in ("01_using_pretrained_networks", "06_fine_tuning", "10_from_a_folder_to_an_app")
        for test in LESSON_TESTS
    },
}
"""Beginning of a name → why `.ci/run` runs these tests on every change although `make test` leaves them out."""

ENGINE = ("grader/src/*", "course_utils/checks/*", "course_utils/*.py", "nbgrader_config.py")
DATA = ("course_utils/*", "!course_utils/*.py", "tests/conftest.py", "{file}")
BUILD = ("authoring/build.py", "authoring/rules.py", "authoring/costs.py", "authoring/totals.py")
NOTEBOOKS = (
    "authoring/*.py",
    "authoring/lessons/*",
    "authoring/labs/*",
    "!authoring/labs/*/answers/*",
    "!authoring/labs/*/blind/*",
)
ONE_LAB = (
    *DATA,
    *BUILD,
    "authoring/labs/{lab}/*",
    "!authoring/labs/{lab}/answers/*",
    "!authoring/labs/{lab}/blind/*",
    "@authoring/labs/{lab}/notebook.py",
    "@authoring/labs/{lab}/prepared.py",
    "authoring/checking/lab.py",
    "grader/src/nbgrader_isolated/notebook/roles.py",
)
LESSON_CODE = (
    *DATA,
    "@{file}",
    *BUILD,
    "authoring/lessons/{lesson}*",
    "@authoring/lessons/{lesson}.py",
    "benchmarks/results/*",
    "!benchmarks/results/adversarial.json",
    "tests/claims/*",
    "tools/*.py",
)

COVERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"tests/authoring/test_labs\.py::.*\[.*(?P<lab>lab\d)\]", ONE_LAB),
    (
        r"tests/authoring/test_labs_engine\.py::.*(?P<lab>lab\d)",
        (
            *ONE_LAB,
            *ENGINE,
            "!course_utils/checks/lab?*.py",
            "@authoring/labs/{lab}/notebook.py",
            "authoring/labs/{lab}/answers/*",
            "authoring/labs/{lab}/blind/*",
            "authoring/checking/*.py",
        ),
    ),
    (
        r"tests/grading/test_grading_adversarial\.py",
        (*ENGINE, "authoring/adversarial/*", "authoring/goldens/adversarial.json", "{file}"),
    ),
    (r"grader/tests/test_nbgrader_own\.py", ("grader/src/*", "grader/docs/nbgrader-tests.md", "{file}")),
    (r"grader/tests/", ("grader/src/*", "{file}")),
    (r"tests/grading/test_grading_", (*ENGINE, "{file}")),
    (r"tests/authoring/test_lessons\.py::.*\[(?P<lesson>\d\d_\w+)\]", LESSON_CODE),
    (r"tests/repository/test_readme\.py", ("course_utils/*", "README.md", "tools/readme_example.py", "{file}")),
    (
        r"tests/repository/test_site\.py",
        (
            "site/*",
            "course_utils/*",
            *NOTEBOOKS,
            "grader/src/*",
            "benchmarks/results/*",
            "tools/run_notebook.py",
            "tests/site_pages.py",
            "{file}",
        ),
    ),
    (r"tests/repository/test_benchmarks\.py", ("course_utils/*", "benchmarks/*.py", "{file}")),
    (
        r"tests/grading/test_(demo|nbgrader_cycle)\.py",
        ("course_utils/*", "grader/src/*", *NOTEBOOKS, "tools/*.py", "nbgrader_config.py", "{file}"),
    ),
    (
        r"tests/deploy/",
        (
            *(
                "course_utils/*",
                "grader/src/*",
                *NOTEBOOKS,
                "nbgrader_config.py",
                "tools/*.py",
                "requirements-hub.lock",
            ),
            *(
                "deploy/*",
                "binder/*",
                ".github/*",
                "tests/browsing.py",
                "tests/deploy/*",
            ),
        ),
    ),
    (
        r"tests/\w+/test_browser",
        ("course_utils/*", "grader/src/*", *NOTEBOOKS, "nbgrader_config.py", "tests/browsing.py", "{file}"),
    ),
    (r"", ("course_utils/*", "grader/src/*", *NOTEBOOKS, "{file}")),
)
"""Pattern of a test's name → the files that decide what it comes to; the first that fits counts.

``*`` also stands for slashes, ``!`` takes out again what came before, ``@`` stands for all that a Python file imports, and
what that imports in turn; ``{file}`` is the test's own, other names are the pattern's groups. `requirements.lock` is always among them.
What labs' answers come to is kept apart, by the same hash: `authoring/checking/results.py`.
"""


def left_out(test: str) -> bool:
    """Whether `make test` leaves a test out."""
    return test.startswith(SLOW) and test not in QUICK


def in_sample(test: str) -> bool:
    """Whether `.ci/run` runs a test that `make test` leaves out."""
    return test.startswith(tuple(SAMPLE))


def covered(test: str) -> tuple[str, ...]:
    """The files that decide what a test comes to."""
    found, globs = next((found, globs) for pattern, globs in COVERS if (found := re.match(pattern, test)))
    names = {"file": test.partition("::")[0], **found.groupdict()}
    return decides.chosen((*(glob.format(**names) for glob in globs), *decides.ALWAYS))


@functools.cache
def covers(test: str) -> str:
    """A hash of what decides a test: the same in every clone that has the same files."""
    return decides.digest(covered(test))
