"""The instructors' and the grader's pages can be skimmed: short lines and cells; links lead somewhere; no page is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = [*sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "grader").glob("docs/*.md")), ROOT / "grader/README.md"]
EXCEPTED = {"docs/benchmarks.md", "docs/published.md"}
"""Written by programs: lines and cells are as long as they are. Links are looked at."""

SHORT = [page for page in DOCS if page.relative_to(ROOT).as_posix() not in EXCEPTED]
MOST_CELL_WORDS, MOST_SENTENCE_WORDS, MOST_COLUMNS = 25, 25, 120
TASKS = ROOT / "docs/instructors"
GENERATED = re.compile(
    r"<!-- (?:calibration|costs|adversarial|gallery|measured).*?-->\n.*?<!-- .*?end.*? -->|<!-- .*?end.*? -->", re.S
)
CODE = re.compile(r"^ *```.*?^ *```$", re.S | re.M)


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def without_code(text: str) -> str:
    """The text with as many lines, those of code empty."""
    return CODE.sub(lambda found: "\n" * found[0].count("\n"), text)


def long_lines(text: str) -> list[str]:
    """Lines of more than 120 characters, addresses of links not counted, outside code and what a program writes."""
    text = GENERATED.sub(lambda found: "\n" * found[0].count("\n"), without_code(text))
    return [line for line in text.splitlines() if len(re.sub(r"\]\([^)]*\)", "]", line)) > MOST_COLUMNS]


def wordy_cells(text: str) -> list[str]:
    """Cells of tables, a program's too, of more than 25 words."""
    rows = re.findall(r"^\|(.*)\|$", without_code(text), flags=re.M)
    cells = [cell.strip() for row in rows for cell in re.split(r"(?<!\\)\|", row)]
    return [cell for cell in cells if len(words(cell)) > MOST_CELL_WORDS]


def wordy_sentences(text: str) -> list[str]:
    """Sentences of more than 25 words, outside code and tables."""
    text = re.sub(r"^(?:\||#|<!--).*$", "", GENERATED.sub("", without_code(text)), flags=re.M)
    blocks = re.split(r"\n\s*\n|\n(?= *(?:- |\d+\. ))", text)
    sentences = [one for block in blocks for one in re.split(r"(?<=[.:;?!])[*)]*\s+", " ".join(block.split()))]
    return [sentence for sentence in sentences if len(words(sentence)) > MOST_SENTENCE_WORDS]


def words(text: str) -> list[str]:
    """Words as a reader counts them: an address is none, and a piece of code is one."""
    text = re.sub(r"\]\([^)]*\)", "]", re.sub(r"`[^`]*`", "code", text))
    return re.findall(r"[^\W_](?:\S*\w)?", text)


def headings(page: Path) -> set[str]:
    """The anchors of a page."""
    lines = re.findall(r"^#+ (.+)$", without_code(page.read_text("utf-8")), flags=re.M)
    return {re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-") for line in lines}


def links(page: Path) -> list[tuple[Path, str]]:
    """Where a page's links within the repository lead: file and anchor."""
    text = re.sub(r"`[^`\n]*`", "", without_code(page.read_text("utf-8")))
    found = [link.partition("#") for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in found]


@pytest.mark.parametrize("page", SHORT, ids=name)
def test_lines_cells_and_sentences_are_short(page):
    text = page.read_text("utf-8")
    assert long_lines(text) == []
    assert wordy_cells(text) == []
    assert wordy_sentences(text) == []


@pytest.mark.parametrize("page", DOCS, ids=name)
def test_every_link_leads_to_a_file_and_a_heading_of_it(page):
    lost = [
        (name(to), anchor) for to, anchor in links(page) if not to.exists() or (anchor and anchor not in headings(to))
    ]
    assert lost == []


def test_every_page_can_be_reached_from_the_index():
    reached, left = set(), [ROOT / "docs/README.md"]
    while left:
        page = left.pop()
        if page.suffix == ".md" and page not in reached:
            reached.add(page)
            left += [to for to, _ in links(page) if to.is_file() and to.is_relative_to(ROOT)]
    assert [name(page) for page in DOCS if page not in reached] == []


@pytest.mark.parametrize("page", sorted(TASKS.glob("*.md")), ids=name)
def test_a_page_for_a_task_opens_with_its_goal_and_has_commands_what_appears_and_what_can_go_wrong(page):
    text = page.read_text("utf-8")
    if page.stem == "what-the-checks-are-worth":
        return  # what is known, not a task
    assert re.match(r"# .+\n\nGoal: ", text)
    assert "```" in text
    if page.stem != "quick-start":  # says after each command what appears
        assert text.index("\n## What you see\n") < text.index("\n## What can go wrong\n")


def test_the_quick_start_has_as_many_commands_as_it_says_and_fits_on_a_page():
    text = (TASKS / "quick-start.md").read_text("utf-8")
    commands = [line for block in re.findall(r"```bash\n(.*?)```", text, flags=re.S) for line in block.split("\n")]
    count = sum(bool(line.strip()) for line in commands)
    assert f"in {count} commands" in text and f"in {count} commands" in (ROOT / "README.md").read_text("utf-8")
    assert count <= 17 and len(text.splitlines()) <= 120
    roster = (TASKS / "sample_roster.csv").read_text("utf-8")
    assert roster.startswith("id,first_name,last_name,email\n") and "@example.org" in roster


def test_the_check_that_the_page_shows_gives_what_the_page_says():
    text = (TASKS / "write-a-check.md").read_text("utf-8")
    shown = next(code for code in re.findall(r"```python\n(.*?)```", text, flags=re.S) if "@exercise" in code)
    names: dict[str, object] = {}
    exec(shown, names)
    check = names["channel_means"]
    for answer, points in (
        (lambda photo: photo.mean(axis=(0, 1)), 10),
        (lambda photo: [1, 2, 3], 4),
        (lambda photo: photo.mean(), 0),
    ):
        assert check(answer).marks(10) == points
        assert check(answer, seed=7).marks(10) == points

    def not_attempted(photo):
        raise NotImplementedError

    assert "Not attempted" in str(check(not_attempted))


def test_what_is_too_long_would_be_noticed():
    many = "word " * 26
    assert wordy_cells(f"| a | {many}|\n|---|---|\n| `{many}` | {'word ' * 25}|") == [many.strip()]
    assert wordy_sentences(f"{'word ' * 13}\n{'word ' * 13}.") and not wordy_sentences(f"{'w ' * 25}. {'w ' * 25}.")
    assert long_lines("a" * 121) and not long_lines(f"```\n{'a' * 121}\n```\n{'a' * 120}")
    assert not long_lines(f"<!-- costs: x -->\n{'a' * 121}\n<!-- end of costs -->")
    assert long_lines(f"<!-- costs: x -->\na\n<!-- end of costs -->\n{'a' * 121}")
