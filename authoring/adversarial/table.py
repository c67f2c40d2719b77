"""The corpus's two columns, the engine's and stock nbgrader's: measured, stored, and written into ``docs/grading/evidence.md``.

``python -m authoring.adversarial.table`` rewrites the table from ``benchmarks/results/adversarial.json``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from .run import Result
from .stock import grade_all, in_words

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "adversarial.json"
PAGE = ROOT / "docs" / "grading" / "evidence.md"
CHANGED = " was changed"
BEGIN, END = "<!-- adversarial: written by python -m authoring.adversarial.table -->", "<!-- adversarial: end -->"


def measure(results: list[Result], *, stock: bool, bystanders: int, leaks: int) -> dict:
    """Returns both columns, ready for JSON; gives the cases to ``stock`` nbgrader, or takes what is stored of it."""
    theirs = [result.case for result in results if not result.case.engine_only]
    if stock:
        stocks = {case.name: _plain(found) for case, found in grade_all(theirs, jobs=os.cpu_count() or 1)}
    else:
        names = {case.name for case in theirs}
        stocks = {row["case"]: _column(row) for row in stored()["cases"] if row["case"] in names and _column(row)}
    rows = []
    for result in results:
        case = result.case
        row = {
            "case": case.name,
            "must": in_words(case.marks),
            "engine_outcome": str(result.record.outcome),
            "engine_marks": in_words({mark.grade_id: mark.points for mark in result.record.marks}),
            "engine_right": not result.faults,
        }
        rows.append(row | stocks.get(case.name, {}))
    return {
        "submissions": len(rows),
        "engine_right": sum(row["engine_right"] for row in rows),
        "engine_bystanders_affected": bystanders,
        "engine_leaks": leaks,
        "stock_submissions": len(stocks),
        "stock_right": sum(found["stock_right"] for found in stocks.values()),
        "cases": rows,
    }


def _plain(stock) -> dict:
    return {"stock_marks": in_words(stock.marks), "stock_said": list(stock.said), "stock_right": stock.right}


def _column(row: dict) -> dict:
    return {name: row[name] for name in ("stock_marks", "stock_said", "stock_right") if name in row}


def store(measured: dict) -> None:
    """Writes both columns to ``benchmarks/results`` and the table into the page."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from _machine import write_results

    write_results("adversarial", measured)
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), stored()), encoding="utf-8")


def stored() -> dict:
    """What was measured last; without any cases where nothing was."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {"cases": []}


def line(result: Result, stock: dict | None) -> str:
    """One case as a line of text: what it must get, what the engine gives, what stock nbgrader gave."""
    points = in_words({mark.grade_id: mark.points for mark in result.record.marks})
    text = f"{'BAD' if result.faults else 'ok '} {result.case.name:52} must {in_words(result.case.marks):14}"
    text += f" engine {points:14} {result.record.outcome!s:20}"
    if stock is None or "stock_right" not in stock:
        return text.rstrip()
    said = "; ".join(stock["stock_said"])
    return f"{text} stock {'ok ' if stock['stock_right'] else 'BAD'} {stock['stock_marks']:12} {said}".rstrip()


def as_markdown(measured: dict) -> str:
    """The table as the page shows it."""
    lines = [
        f"- The engine treats {measured['engine_right']} of {measured['submissions']} as it must, with "
        f"{measured['engine_bystanders_affected']} good submissions affected and {measured['engine_leaks']} leaks.",
        f"- Stock nbgrader treats {measured['stock_right']} of {measured['stock_submissions']} as it must. The other "
        f"{measured['submissions'] - measured['stock_submissions']} it was not given: they attack what only the engine has, or "
        "were added later.",
        "- Points are those of the three tests, of 2, 4 and 1.",
        "",
        "| submission | must get | engine | stock nbgrader | |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in measured["cases"]:
        mine = f"{row['engine_marks']}, {row['engine_outcome']}" + (
            "" if row["engine_right"] else " (not as it must be)"
        )
        theirs, said = "not given", ""
        if "stock_right" in row:
            theirs = row["stock_marks"] if row["stock_right"] else f"**{row['stock_marks']}**"
            said = "; ".join(in_short(row["stock_said"])) or (
                "" if row["stock_right"] else "other marks than it must get"
            )
        name = row["case"].replace("|", "\\|")
        lines.append(f"| {name} | {row['must']} | {mine} | {theirs} | {said} |")
    return "\n".join(lines)


def in_short(said: list[str]) -> list[str]:
    """What was said of a case, with the files that were changed in one phrase."""
    changed = [phrase.removesuffix(CHANGED) for phrase in said if phrase.endswith(CHANGED)]
    if len(changed) < 2:
        return said
    others = [phrase for phrase in said if not phrase.endswith(CHANGED)]
    return [*others, f"changed: {', '.join(changed)}"]


def filled(page: str, measured: dict) -> str:
    """The page with the table between its two marks."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n{as_markdown(measured)}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), stored()), encoding="utf-8")
