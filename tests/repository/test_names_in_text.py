"""Names of modules and classes that stand in text, where no import would notice that they moved, are names of something.

In settings, commands, documents, notebooks and docstrings: what reads ``course_utils.x.y`` is looked up.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re

import pytest

from authoring import golden

ROOT = golden.ROOT
KINDS = {".py", ".toml", ".ipynb", ".md", ".json", ".yml", ".sh", ""}
DOTTED = re.compile(r"(?<![\w./-])(?:course_utils|nbgrader_isolated)(?:\.[A-Za-z_]\w*)+")
RUN = re.compile(r"-m[\s\"',]+((?:course_utils|nbgrader_isolated|tests)(?:\.\w+)*)")
IGNORED = {"course_utils.egg"}
OF_NOTHING = ("tests/authoring/test_goldens.py", "tests/repository/test_names_in_text.py")
"""Show that a name of nothing is noticed, and so hold some."""


def texts():
    """Every file that a clone holds and that may name something, with its text; not what is written about the past."""
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [
            name for name in inner if name not in ("work", "goldens", "__pycache__", "build") and name[0] != "."
        ]
        for name in names:
            path = golden.Path(folder, name)
            if path.suffix in KINDS and name not in ("CHANGELOG.md", "slow_results.json") and name[0] != ".":
                try:
                    yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
                except UnicodeDecodeError:
                    continue
    for path in (ROOT / ".ci").iterdir():
        yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def unresolved(text: str) -> list[str]:
    """The dotted names in a text that stand for nothing; files' names, such as ``course_utils.py``, are none."""
    lost = []
    for name in sorted(set(DOTTED.findall(text)) - IGNORED):
        if name.endswith((".py", ".html", ".md", ".json")):
            continue
        try:
            golden.resolve(name)
        except ImportError:
            lost.append(name)
    return lost


def test_every_dotted_name_in_a_tracked_text_is_the_name_of_something():
    found = {name: lost for name, text in texts() if name not in OF_NOTHING and (lost := unresolved(text))}
    assert found == {}


def test_every_module_that_a_command_runs_with_m_can_be_run():
    seen = 0
    for name, text in texts():
        for module in RUN.findall(text):
            spec = importlib.util.find_spec(module)
            assert spec, f"{name} runs {module}, which is not there"
            if spec.submodule_search_locations is not None:
                assert importlib.util.find_spec(f"{module}.__main__"), f"{name} runs {module}, which has no __main__"
            seen += 1
    assert seen > 30


def test_names_that_stand_in_strings_of_the_settings_are_classes_and_modules():
    """Also those that the settings put together from parts, or that `configure` hands to nbgrader."""
    from nbgrader_isolated.plugin import configuration

    settings, _, engine = configuration.load(ROOT)

    def strings(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for one in value.values():
                yield from strings(one)
        elif isinstance(value, (list, tuple)):
            for one in value:
                yield from strings(one)

    named = {text for text in strings(settings) if DOTTED.fullmatch(text)}
    assert {"nbgrader_isolated.plugin.collect.Collect", "course_utils.checks.lab2.prepared"} <= named
    for name in (*named, *engine.modules, *engine.student_modules):
        golden.resolve(name)


@pytest.mark.parametrize("module", ["course_utils.__main__", "nbgrader_isolated.cli"])
def test_every_command_names_a_module_that_has_what_the_command_calls(module):
    commands = golden.resolve(f"{module}.COMMANDS")
    assert {"grade", "report"} <= set(commands)
    for name, (target, _) in commands.items():
        assert callable(golden.resolve(f"{target}.main")), name


def test_a_name_that_moved_would_be_noticed():
    assert unresolved("c.x = 'nbgrader_isolated.plugin.collect.Colect'") == ["nbgrader_isolated.plugin.collect.Colect"]
    assert unresolved("see course_utils.gone and course_utils/gone.py") == ["course_utils.gone"]
    assert unresolved("from course_utils.plots import x  # nbgrader_isolated.plugin.collect.Collect.") == []


def test_imports_inside_functions_are_of_what_there_is():
    """A module that is imported late is missed by no test that does not come there."""
    for name, text in texts():
        if name.endswith(".py") and name.startswith(("course_utils/", "tools/", "benchmarks/", "nbgrader_config")):
            for dotted in golden.imported(text):
                try:
                    golden.resolve(dotted)
                except ImportError:
                    assert _defined_when_wanted(dotted), f"{name} imports {dotted}"
            assert ast.parse(text)


def _defined_when_wanted(dotted: str) -> bool:
    """Whether a module gives this name by its ``__getattr__`` or by a global that is set later."""
    module, _, name = dotted.rpartition(".")
    spec = importlib.util.find_spec(module)
    return bool(spec and spec.origin and re.search(rf"\b{name}\b", golden.Path(spec.origin).read_text("utf-8")))
