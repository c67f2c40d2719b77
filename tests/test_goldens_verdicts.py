"""Every wrong and right answer gets from the visible checks what is on file. `test_labs.py` holds the hidden ones."""

import golden
import lab_harness
import pytest

LABS = sorted(path.name for path in (golden.ROOT / "tests" / "mutants").iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def labs():
    """Each lab set up once, when it is first asked for, and given up when the next one is: bases are large."""
    kept = {}

    def get(name):
        if name not in kept:
            kept.clear()
            kept[name] = lab_harness.Lab(name)
        return kept[name]

    return get


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        pytest.param(name, answer, id=f"{name}-{answer.name}")
        for name in LABS
        for kind in ("mutants", "variants")
        for answer in lab_harness.answers(kind, name)
    ],
)
def test_an_answer_fares_in_the_visible_checks_as_on_file(labs, name, answer):
    on_file = golden.read(f"verdicts/{name}").get(answer.name, {}).get("visible", {})
    found = golden.verdicts(labs(name), answer, hidden=False)
    assert golden.differences(on_file, found) == [], f"meant to change? make goldens ARGS=verdicts:{name}"
