"""Every setting, command and option has its heading in the docs, and no heading is of something that is gone."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from nbgrader_isolated import cli
from nbgrader_isolated.plugin.configuration import CourseSettings, GradingEngine

DOCS = Path(__file__).resolve().parents[1] / "docs"


def headings(name: str, level: str) -> list[str]:
    return re.findall(rf"^{level} (.+)$", (DOCS / name).read_text("utf-8"), flags=re.MULTILINE)


def options(command: str) -> set[str]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), pytest.raises(SystemExit):
        cli.main([command, "--help"])
    return set(re.findall(r"^  (--[a-z-]+)", printed.getvalue(), flags=re.MULTILINE))


def test_every_setting_has_a_heading():
    assert sorted(headings("settings.md", "###")) == sorted(GradingEngine.class_traits(config=True))


def test_what_only_a_course_knows_stands_under_one_heading():
    text = (DOCS / "settings.md").read_text("utf-8")
    part = text.partition("\n## What only your course knows\n")[2].partition("\n## ")[0]
    named = re.findall(r"^### (.+)$", part, flags=re.MULTILINE)
    assert sorted(named) == sorted(CourseSettings.class_own_traits(config=True))


def test_every_command_and_every_option_has_a_heading():
    assert headings("commands.md", "##") == list(cli.COMMANDS)
    text = (DOCS / "commands.md").read_text("utf-8")
    for command in cli.COMMANDS:
        part = text.partition(f"\n## {command}\n")[2].partition("\n## ")[0]
        assert set(re.findall(r"^### (--\S+)$", part, flags=re.MULTILINE)) == options(command), command


@pytest.mark.parametrize("page", [*sorted(DOCS.glob("*.md")), DOCS.parent / "README.md"], ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    for target, _, anchor in (link.partition("#") for link in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8"))):
        if target.startswith("http"):
            continue
        other = (page.parent / target) if target else page
        assert other.is_file(), target
        slugs = {
            re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-")
            for line in re.findall(r"^#+ (.+)$", other.read_text("utf-8"), re.MULTILINE)
        }
        assert not anchor or anchor in slugs, anchor
