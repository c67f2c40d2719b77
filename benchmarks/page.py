"""Fills docs/benchmarks.md from what is on file: `python benchmarks/page.py`. No figure on that page is typed.

python benchmarks/page.py           # write the page
python benchmarks/page.py --check   # exit status 1 when it is not what the results say
"""

from __future__ import annotations

import argparse
import ast
import json
import statistics
import sys

from _machine import REPOSITORY
from _page_grading import costs
from _page_lessons import extraction_modes, features, fine_tuning, newcomer, notebooks
from _page_runtimes import runtimes
from _page_summary import before_tuning, our_settings, percent, slowest, summary
from _recipes_summary import below_aim
from bench import PROGRAMS, RESULTS
from throughput import STEP

PAGE = REPOSITORY / "docs" / "benchmarks.md"
GRADING = REPOSITORY / "docs" / "grading" / "costs.md"
COSTS, END_OF_COSTS = "<!-- costs: filled by `python benchmarks/page.py` -->", "<!-- end of costs -->"
README = REPOSITORY / "README.md"
SPEED, END_OF_SPEED = "<!-- speed: filled by `python benchmarks/page.py` -->", "<!-- end of speed -->"

REASONS = {
    "not measured": "Not measured: no machine with bfloat16 in hardware was at hand for this table.",
    "bfloat16": (
        'Without bfloat16 in hardware `precision="auto"` stays with float32: 16-bit arithmetic would be emulated, and no prediction changes.'
    ),
}
"""What cannot be reached, and why; shown where the result says that it applies."""

STARTED = {
    "make lab, warm": "the command that `make lab` ends with, warm, until its server answers",
}
"""Rows of start-up whose name on file says less than what was timed."""

HEAD = """# Benchmarks

What each program in `benchmarks/` measures, how to run it, and how to read it. Written by `python benchmarks/page.py` from
`benchmarks/results/`; do not edit it by hand.

## How to run

`make bench` measures what this machine has no result of, draws the figures and writes this page. `make bench ARGS="recipes scaling"`
measures those two again, `ARGS=--again` everything of the first kind, `ARGS=--all` also what concerns grading, our own settings and the
notebooks, `ARGS=--list` only says what there is. One program alone is `python benchmarks/NAME.py`; `--help` names its options.
Programs that resume keep what they have when they are stopped, and go on from there.

Measure on a machine that does nothing else: a second program on two cores can double any of these times.

## How to read

Every result names machine, versions and commit. Compare ratios within one result: seconds of two machines, or of two days, do
not belong in one table. Accuracies carry 90 % intervals that resample objects (scenes) or images (Fashion-MNIST). "Not
worse" means by at most 3 points, with the whole interval; what is neither that nor worse is "inconclusive".
"""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 when the page is out of date")
    given = parser.parse_args(argv)
    texts = {PAGE: page(), GRADING: grading(GRADING.read_text("utf-8")), README: readme(README.read_text("utf-8"))}
    if given.check:
        return int(any(not path.is_file() or path.read_text("utf-8") != text for path, text in texts.items()))
    for path, text in texts.items():
        path.write_text(text, "utf-8")
        print(f"{path.relative_to(REPOSITORY)} written")
    return 0


def grading(text: str, folder=RESULTS) -> str:
    """Returns docs/grading/costs.md with what grading costs, filled from the results in a folder."""
    return filled(text, COSTS, costs(folder), END_OF_COSTS)


def readme(text: str, folder=RESULTS) -> str:
    """Returns README.md with its line about speed, the least favourable comparison of `recipes` in a folder."""
    path = folder / "recipes.json"
    return filled(text, SPEED, slowest(json.loads(path.read_text("utf-8"))) if path.is_file() else "", END_OF_SPEED)


def filled(text: str, opening: str, content: str, closing: str) -> str:
    """Returns a text with other content between two marks."""
    before, _, rest = text.partition(opening)
    return f"{before}{opening}\n{content}\n{closing}{rest.partition(closing)[2]}"


def page(folder=RESULTS) -> str:
    """Returns the page for the results in a folder."""

    def section(title: str, name: str, write) -> str:
        path = folder / f"{name}.json"
        if not path.is_file():
            return f"## {title}\n\nNot measured yet: `python benchmarks/{name}.py`.\n"
        results = json.loads(path.read_text("utf-8"))
        parts = [f"## {title}", write(results)]
        if "seconds_machine" in results:
            parts.append("Of this the seconds: " + where(results["seconds_machine"]))
        if name != "fine_tuning":  # its parts were measured on several machines, and name them
            parts.append(where(results["machine"]))
        return "\n\n".join(parts) + "\n"

    parts = [
        HEAD,
        *filter(None, [summary(folder)]),
        programs(),
        section("Time to accuracy", "recipes", recipes),
        section("How much our own settings matter", "our_settings", our_settings),
        section("Images per second", "throughput", throughput),
        section("Other runtimes", "runtimes", runtimes),
        section("Growth", "scaling", scaling),
        section("Start-up", "startup", startup),
        section("A newcomer's time", "newcomer", newcomer),
        section("The store of features", "features", features),
        section("Both modes of feature extraction", "extraction_modes", extraction_modes),
        section("Fine-tuning", "fine_tuning", fine_tuning),
        section("The notebooks", "notebooks", notebooks),
    ]
    return "\n".join(parts)


def stamp(machine: dict) -> str:
    """When something was measured that stands next to older results."""
    return f"(This part: {machine['measured'][:10]}, commit {commit(machine)}.)"


def commit(machine: dict) -> str:
    return (machine["commit"] or "unknown")[:12] + ("+changes" if "+" in (machine["commit"] or "") else "")


def where(machine: dict) -> str:
    packages = machine["packages"]
    versions = ", ".join(
        f"{name} {packages[name]}" for name in ("keras", "tensorflow", "jax", "torch") if name in packages
    )
    kind = "with" if machine["bfloat16_in_hardware"] else "without"
    return (
        f"Measured on {machine['cores']} cores of {machine['processor']} ({kind} bfloat16 in hardware), {machine['system']}, "
        f"Python {machine['python']}, {versions}, {machine['measured'][:10]}, commit {commit(machine)}."
    )


def programs() -> str:
    """A row for each program; what it measures is the first line of its own docstring."""
    rows = []
    for program in PROGRAMS:
        source = (REPOSITORY / "benchmarks" / f"{program.name}.py").read_text("utf-8")
        first = ast.get_docstring(ast.parse(source)).splitlines()[0].split(": `python")[0].split(". ")[0].rstrip(".:")
        kind = {"speed": "", "long": " (with `--all`)", "gpu": " (where there is a GPU)"}[program.kind]
        resumes = "yes" if program.resumes else ""
        rows.append(f"| `{program.name}`{kind} | {first} | {program.minutes:g} | {resumes} |")
    head = "## Programs\n\n| program | what it measures | minutes, about | resumes |\n|---|---|---:|---|\n"
    return head + "\n".join(rows) + "\n"


def recipes(results: dict) -> str:
    used, found = results["settings"], results["summary"]
    published, tuning, ours = used["published"], used["fine_tuning"], used["ours"]
    lines = [
        f"Four baseline recipes, against the course's method; base {used['base']['name']} up to `{used['base']['cut']}`. "
        f"Batches of {published['batch']}, {published['epochs']} epochs; fine-tuning {tuning['first_epochs']} epochs of the head, "
        f"then {tuning['epochs']} from `{used['fine_tuned_from']}` on at {tuning['rate']:g}. Ours: the images and "
        f"{ours['copies'] - 1} augmented copies of them, a linear classifier; fine-tuning {ours['epochs']} epochs on cached "
        "activations. On the clock is everything after imports and loading, the tracing of steps included, except the "
        "prediction of validation and test images. Seconds are to a validation accuracy within "
        f"{100 * found['margin']:.0f} points of the slower one's own best, both averaged over seeds; in brackets, the least and the most that a seed gives "
        "by itself, with its own best. Seconds are compared for the seeds of which both methods were measured within an hour. On the scenes a seed is a fold: every object is tested once, by one "
        "training. On Fashion-MNIST each seed learns from images of its own, and all are tested on the same. The intervals resample what is "
        "tested, and do not hold what another training would change.",
    ]
    for task, rows in found["tasks"].items():
        lines += ["", f"### {task}, {used['pixels'][task]} px (from scratch: {used['scratch_pixels'][task]} px)", ""]
        lines += [
            "| method | seeds | seconds in all | best validation | test accuracy | peak memory |",
            "|---|---:|---:|---:|---:|---:|",
        ]
        for name, row in rows["methods"].items():
            peak = "" if row["peak_mb"] is None else f"{row['peak_mb']:.0f} MB"
            best = 100 * max(accuracy for _, accuracy in row["curve"])
            lines.append(
                f"| {name} | {row['seeds']} | {row['curve'][-1][0]:.1f} | {best:.1f} % | {percent(row['accuracy'])} | {peak} |"
            )
        lines += [
            "",
            "| ours against | target | theirs | ours | times faster (single seeds) | aim | final accuracy, ours minus theirs |",
        ]
        lines.append("|---|---:|---:|---:|---:|---:|---|")
        lines += [pair_row(pair) for pair in rows["pairs"]]
        lines += [line for pair in rows["pairs"] for line in missed(pair, results["tasks"][task], rows)]
        lines += before_tuning({task: rows})
        if "epoch_speed_up" in rows:
            row = rows["epoch_speed_up"]
            lines += [
                "",
                f"An epoch of fine-tuning takes {row['theirs_s']:.2f} s end to end (batches of {published['batch']}) and "
                f"{row['ours_s']:.2f} s from cached activations (batches of {ours['batch']}): {row['speed_up']:.1f} times "
                f"faster, where the multiply-adds of the base allow {row['allowed']:.1f}: end to end also augments, takes more steps, and "
                f"trains a head of {published['dense']} units.",
            ]
    if any(row["seeds"] < 5 for rows in found["tasks"].values() for row in rows["methods"].values()):
        lines += ["", "Fewer than five seeds: the run was stopped early."]
    if "vgg16_block5" in results:
        row, share = results["vgg16_block5"], found["vgg16_block5_share"]
        epoch, caching = row["epoch_s"], row["caching_s"]
        lines += [
            "",
            f"VGG16's block5 alone ({row['images']} scenes of {row['pixels']} px, batches of {published['batch']} in both, from the first "
            "step of an epoch to its last):",
            "",
            "| | an epoch end to end | from cached activations | times faster (allowed: "
            f"{row['allowed']:.2f}) | over {row['epochs']} epochs with the caching pass (allowed: {row['allowed_with_caching']:.2f}) | of what is allowed |",
            "|---|---:|---:|---:|---:|---:|",
        ]
        for method, name in (("", "TensorFlow's kernels"), ("_xla", "compiled by XLA, `jit_compile=True`")):
            lines.append(
                f"| {name} | {epoch[f'end_to_end{method}']:.1f} s | {epoch[f'cached{method}']:.1f} s | {row[f'speed_up{method}']:.2f} | "
                f"{row[f'speed_up_with_caching{method}']:.2f} | {100 * share[method]:.0f} % |"
            )
        first = row["first_epoch_s"]
        lines += [
            "",
            f"The caching pass takes {caching['again']:.1f} s, {caching['first']:.1f} s with the tracing of its step. First epochs, which trace and "
            f"compile, take {first['end_to_end']:.1f} and {first['cached']:.1f} s, by XLA {first['end_to_end_xla']:.1f} and {first['cached_xla']:.1f} s. "
            f"Aim: {100 * found['share_aim']:.0f} % of what the multiply-adds allow. Where it is missed, the step of block5 itself is what is slow: XLA takes "
            f"{epoch['cached_xla'] / epoch['cached']:.0%} of its time, and of an epoch end to end {epoch['end_to_end_xla'] / epoch['end_to_end']:.0%}.",
            "",
            stamp(row["machine"]),
        ]
    return "\n".join(lines)


def missed(pair: dict, records: dict, rows: dict) -> list[str]:
    """Why ours is not as much faster as it is meant to be, in figures: what no method that runs the base can leave out."""
    if not below_aim(pair):
        return []
    if pair["theirs"] != "frozen end to end":
        took = f"`{pair['theirs']}` takes {pair['theirs_s']:.1f} s and ours {pair['ours_s']:.1f} s"
        return ["", f"The aim of {pair['aim']:g} is missed here: {took}."]
    passes = [record["extraction_s"] for record in records[pair["ours"]].values()]
    # Both sides' curves are averages over the seeds that both have, in epochs that they share.
    curve = [point[0] for point in rows["methods"][pair["theirs"]]["curve"]]
    epochs = 1 + min(range(len(curve)), key=lambda place: abs(curve[place] - pair["theirs_s"]))
    one = sum(passes) / len(passes)
    return [
        "",
        f"The aim of {pair['aim']:g} is missed here: the averaged curves give {pair['times_faster']:.1f} and the median seed {pair['median_over_seeds'] or 0:.1f}. `{pair['theirs']}` needs only {epochs} epochs to come that near to its own best, "
        f"each of them one pass of the base, and one pass is what ours cannot do without. It takes {one:.1f} s, tracing "
        f"included, {one / pair['ours_s']:.0%} of all that ours takes, and would by itself allow {pair['theirs_s'] / one:.1f}.",
    ]


def pair_row(pair: dict) -> str:
    seconds = [
        f"{pair[f'{side}_s']:.1f} s" if pair[f"{side}_s"] is not None else "never" for side in ("theirs", "ours")
    ]
    faster = "" if pair["times_faster"] is None else f"{pair['times_faster']:.1f}"
    if pair["seeds_timed"] == 1:
        faster += " (1 seed)"
    elif pair["spread_over_seeds"]:
        never = pair["seeds_that_never_reach_it"]
        faster += " ({:.1f} to {:.1f}{})".format(*pair["spread_over_seeds"], f"; {never} never" if never else "")
    aim = f"{pair['aim']:g}" if pair["aim"] else ""
    verdict = f"{percent(pair['ours_minus_theirs'], signed=True)}: {pair['verdict']}"
    return f"| {pair['theirs']} | {100 * pair['target']:.1f} % | {seconds[0]} | {seconds[1]} | {faster} | {aim} | {verdict} |"


def throughput(results: dict) -> str:
    rows = results["bases"]
    lines = [
        f"A large float32 matrix product runs at {results['multiply_adds_per_second'] / 1e9:.0f} billion multiply-adds "
        "per second here (the best of a few); the last column is that, divided by the base's own. Aim: never slower than plain `predict`.",
        "",
        "Aim where bfloat16 is supported: 1.5 times plain `predict` for VGG16."
        + ("" if any(row["precision"] == "bfloat16" for row in rows) else f" {REASONS['not measured']}"),
        "",
        f"| base | pixels | batches of {STEP} | plain `predict` | ours | ours : plain, median (each pair) | precision | at a matrix product's rate |",
        "|---|---:|---:|---:|---:|---|---|---:|",
    ]
    for row in rows:
        each = ", ".join(f"{ratio:.2f}" for ratio in row["ratios"])
        lines.append(
            f"| {row['base']} | {row['pixels']} | {row['images'] // STEP} | {row['plain_per_second']:.1f} | {row['ours_per_second']:.1f} | "
            f"{row['ours_over_plain']:.2f} ({each}) | {row['precision']} | {row['floor_per_second']:.1f} |"
        )
    single = [ratio for row in rows for ratio in row["ratios"]]
    lines += ["", f"Single pairs range from {min(single):.2f} to {max(single):.2f}."]
    above = [f"{row['base']} at {row['pixels']} px" for row in rows if row["ours_per_second"] > row["floor_per_second"]]
    if above:
        lines += [
            "",
            f"Above the last column: {', '.join(above)}. That rate is a yardstick, and no bound on what a convolution can do.",
        ]
    emulated = all(row["precision"] == "float32" for row in rows)
    if emulated:
        lines += ["", REASONS["bfloat16"]]
    lines += by_precision([row for row in rows if row.get("float32_over_bfloat16")])
    if results["predictions_changed"]:
        shares = ", ".join(f"{name} {100 * share:.1f} %" for name, share in results["predictions_changed"].items())
        then = results.get("predictions_machine", results["machine"])
        how = "" if then["bfloat16_in_hardware"] else ", emulated here,"
        again = f" {stamp(then)}" if "predictions_machine" in results else ""
        lines += ["", f"Predictions on test scenes that bfloat16{how} changes: {shares}.{again}"]
    return "\n".join(lines)


def by_precision(rows: list[dict]) -> list[str]:
    if not rows:
        return []
    times = ", ".join(
        f"{row['base']} at {row['pixels']} px {statistics.median(row['float32_over_bfloat16']):.2f}" for row in rows
    )
    said = (
        'What `precision="auto"` goes by: a batch in float32 takes so many times as long as in bfloat16, each the median of '
        f"{len(rows[0]['float32_over_bfloat16'])} pairs: {times}. So bases with depthwise convolutions, which multiply little "
        "for each number that they move, stay in float32."
    )
    once = [row["copy_and_trace_s"] for row in rows if row["copy_and_trace_s"]]
    if once:
        said += (
            " For bfloat16 every call of `extract` copies and traces the base again, which with one batch takes "
            f"{min(once):.1f} to {max(once):.1f} s and is not counted above."
        )
    return ["", said]


def scaling(results: dict) -> str:
    head = "| base | images | pixels | seconds | again | peak memory | of it before | features | store on disk |"
    lines = [head, "|---|---:|---:|---:|---:|---:|---:|---:|---:|"]
    for row in [*results["number"], *results["size"]]:
        megabytes = [f"{row[f'{key}_mb']:.0f} MB" for key in ("peak", "before", "features", "store")]
        lines.append(
            f"| {row['base']} | {row['images']:,} | {row['pixels']} | {row['cold_s']:.2f} | {row['warm_s']:.3f} | "
            f"{' | '.join(megabytes)} |"
        )
    found = results["growth"]
    if "number" in found:
        row = found["number"]
        lines += [
            "",
            f"With the number of images, seconds grow as the power {row['cold_s']:.2f} of it (1 is in proportion), those of a second "
            f"extraction as the power {row['warm_s']:.2f}, the store as the power {row['store_mb']:.2f}. A further 1,000 images take "
            f"{row['memory_mb_per_1000']:.1f} MB of memory at the peak; their features are {row['features_mb_per_1000']:.1f} MB, and the file of images, "
            f'{row["images_mb_per_1000"]:.1f} MB, was written by the same process before ("of it before"). Exponents are fitted to the larger half of the counts.',
        ]
    for base in ("mobilenet_v2", "vgg16"):
        if base in found:
            lines.append("")
            lines.append(
                f"With the side of an image, {base}'s seconds grow as the power {found[base]['cold_s']:.2f} of it, its "
                f"multiply-adds as the power {found[base]['multiply_adds']:.2f}."
            )
    return "\n".join(lines)


def startup(results: dict) -> str:
    lines = ["| what | median | least | most | runs |", "|---|---:|---:|---:|---:|"]
    for name, row in results["commands"].items():
        lines.append(
            f"| {STARTED.get(name, name)} | {row['median_s']:.3f} s | {row['min_s']:.3f} s | {row['max_s']:.3f} s | {row['runs']} |"
        )
    if "course_utils_itself_s" in results:
        lines += [
            "",
            f"`import course_utils` itself takes {results['course_utils_itself_s']:.3f} s, Python's own start left out.",
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
