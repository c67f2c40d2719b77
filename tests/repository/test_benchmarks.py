"""The programs that measure: each runs at a tiny size, what it writes has the parts that the page is filled from, and the page
on file says what the results on file say."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
import statistics
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results"


@pytest.fixture
def program(monkeypatch):
    """Imports a benchmark as a module, with its neighbours to be found."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    return importlib.import_module


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the small runs of this file write, one after the other."""
    return tmp_path_factory.mktemp("results")


def read(path: Path) -> dict:
    results = json.loads(path.read_text("utf-8"))
    assert {"processor", "cores", "packages", "commit", "measured"} <= set(results["machine"])
    return results


def test_recipes_at_a_tiny_size(program, folder):
    methods = ["generator", "cached features"]
    program("recipes").main(["--quick", "--tasks", "scenes", "--only", *methods, "--out", str(folder / "recipes.json")])
    results = read(folder / "recipes.json")
    rows = results["tasks"]["scenes"]
    assert set(rows) == {"generator loop", "cached features"}
    for records in rows.values():
        seconds, accuracies = np.array(records["0"]["points"]).T
        assert (np.diff(seconds) > 0).all() and seconds[0] > 0
        assert ((accuracies >= 0) & (accuracies <= 1)).all()
        assert records["0"]["peak_mb"] > 100
    found = results["summary"]["tasks"]["scenes"]
    assert [pair["theirs"] for pair in found["pairs"]] == ["generator loop"]
    assert found["pairs"][0]["target"] == max(a for _, a in found["methods"][slower(found)]["curve"]) - 0.03


def slower(found: dict) -> str:
    return found["pairs"][0]["theirs" if found["pairs"][0]["slower"] == "theirs" else "ours"]


@pytest.mark.slow
def test_every_recipe_on_every_task_at_a_tiny_size(program, tmp_path):
    program("recipes").main(["--quick", "--out", str(tmp_path / "recipes.json")])
    results = read(tmp_path / "recipes.json")
    for task in ("scenes", "fashion"):
        assert len(results["tasks"][task]) == 6
        assert len(results["summary"]["tasks"][task]["pairs"]) == 4
        fine, frozen = (
            results["tasks"][task][f"{method} end to end"]["0"]["points"] for method in ("fine-tuned", "frozen")
        )
        assert fine[0] == frozen[0], "the first stage is the other recipe's first epochs"
        assert results["summary"]["tasks"][task]["epoch_speed_up"]["allowed"] > 1
    assert results["vgg16_block5"]["allowed"] == pytest.approx(4.77, abs=0.1)


def test_other_settings_of_ours_at_a_tiny_size(program, folder):
    program("our_settings").main(["--quick", "--out", str(folder / "our_settings.json")])
    results = read(folder / "our_settings.json")
    found, ours = results["tasks"]["scenes"], results["ours"]
    features = {(row["C"], row["copies"]): row["accuracy"] for row in found["features"]}
    # The same method as in recipes.py: with our settings it gives, copy by copy, what the test above had.
    points = read(folder / "recipes.json")["tasks"]["scenes"]["cached features"]["0"]["points"]
    assert [features[ours["C"], number + 1] for number in range(len(points))] == [accuracy for _, accuracy in points]
    assert len(set(features.values())) > 1
    tuned = {(row["rate"], row["epochs"]): row["ours_minus_this"] for row in found["fine_tuning"]}
    assert tuned[ours["rate"], ours["epochs"]] == [0, 0, 0] and len(tuned) == 3 * ours["epochs"]
    shown = program("_page_summary").our_settings(results)
    best = max(found["features"], key=lambda row: row["accuracy"])
    assert f"C {best['C']:g}, copies {best['copies']}: {100 * best['accuracy']:.1f}" in shown


def test_throughput_at_a_tiny_size(program, folder):
    out = folder / "throughput.json"
    program("throughput").main(["--quick", "--bases", "mobilenet_v2", "--repeats", "1", "--out", str(out)])
    results = read(out)
    (row,) = results["bases"]
    assert row["ours_over_plain"] == pytest.approx(row["ours_per_second"] / row["plain_per_second"])
    assert row["floor_per_second"] == pytest.approx(results["multiply_adds_per_second"] / row["multiply_adds"])
    assert row["largest_change"] < (1e-4 if row["precision"] == "float32" else 0.2)


def test_runtimes_at_a_tiny_size(program, folder):
    runtimes = program("runtimes")
    out = folder / "runtimes.json"
    runtimes.main(["--quick", "--bases", "mobilenet_v2", "--repeats", "1", "--out", str(out)])
    results = read(out)
    (row,) = results["rows"]
    found = row["runtimes"]
    assert set(found) | set(results["left_out"]) == set(runtimes.RUNTIMES), "what is left out is named"
    assert {"Keras predict", "ours", "ONNX Runtime float32"} <= set(found)
    for name, package in (("OpenVINO float32", "openvino"), ("PyTorch float32", "torch")):
        assert (name in found) == bool(importlib.util.find_spec(package)), "what is installed is measured"
    for name, one in found.items():
        assert one["times_ours"] == pytest.approx(one["per_second"] / found["ours"]["per_second"])
        assert one["largest_change"] < (1e-4 if name.endswith("float32") else 0.2), name
    shares = results["predictions_changed"]["mobilenet_v2"]
    assert set(shares) == set(found) and shares["Keras predict"] == 0


def runtime(per_second: float, ready_s: float) -> dict:
    return {"per_second": per_second, "ready_s": ready_s, "times_ours": per_second / 500, "ratios": [per_second / 500]}


def test_another_runtime_pays_where_ours_takes_half_as_long_again_conversion_included(program):
    row = {"base": "mobilenet_v2", "pixels": 96, "precision": "float32"}
    row["runtimes"] = {
        "ours": runtime(500, 0.5),
        "A float32": runtime(1000, 1),
        "B": runtime(1000, 1.1),
        "C": runtime(400, 0),
    }
    judged = program("runtimes").judged(row, 500)
    found = judged["runtimes"]
    assert found["ours"]["course_s"] == 1.5 and found["A float32"]["course_s"] == 1.5
    assert found["A float32"]["faster_from"] == 500 and found["C"]["faster_from"] is None
    assert not any(one["pays"] for one in found.values())
    more = program("runtimes").judged(row, 2000)["runtimes"]  # ours 4.5 s, A 3, B 3.1
    assert {name for name, one in more.items() if one["pays"]} == {"A float32"}


def test_the_page_says_which_runtime_pays_and_what_was_left_out(program):
    row = {"base": "mobilenet_v2", "pixels": 96, "precision": "float32"}
    row["runtimes"] = {
        name: runtime(speed, 1) | {"largest_change": 2e-6}
        for name, speed in (("ours", 500), ("OpenVINO bfloat16", 2000))
    }
    results = {"course_images": 900, "batch": 32, "pays": 1.5, "left_out": {"PyTorch float32": "not installed"}}
    results |= {"machine": {"packages": {"openvino": "1.2"}}, "predictions_changed": {"mobilenet_v2": {"ours": 0.01}}}
    write, judged = program("_page_runtimes").runtimes, program("runtimes").judged
    text = write(results | {"rows": [judged(row, 900)]})
    assert "It pays: OpenVINO bfloat16 for mobilenet_v2 (1.93 times as fast)." in text
    assert "Left out: PyTorch float32, not installed." in text and "Versions: OpenVINO 1.2." in text
    assert "| ours, float32 | 500.0 |  | 1.00 s | 2.80 s |  | 1.0 % |" in text and "by more than 2e-06" in text
    assert "None does, so `extract` uses none." in write(results | {"rows": [judged(row, 100)]})


def test_scaling_at_a_tiny_size(program, folder):
    program("scaling").main(["--quick", "--only", "size", "--out", str(folder / "scaling.json")])
    small, large = read(folder / "scaling.json")["size"]
    assert small["pixels"] < large["pixels"] and small["multiply_adds"] < large["multiply_adds"]
    assert small["store_mb"] > small["features_mb"] == large["features_mb"]
    assert large["peak_mb"] >= large["before_mb"]


def test_exponents_are_those_of_the_law_that_made_the_numbers(program):
    rows = [{"images": n, "cold_s": 3 * n**1.25} for n in (10, 100, 1000)]
    assert program("scaling").exponent(rows, "images", "cold_s") == pytest.approx(1.25)


def record(points, right, measured="2026-01-01T12:00:00+00:00") -> dict:
    bits = np.packbits(np.array(right, bool)).tobytes().hex()
    return {"points": points, "right": bits, "peak_mb": None, "machine": {"measured": measured}}


def test_seconds_to_the_target_are_read_off_the_curves(program):
    summary = program("_recipes_summary")
    theirs = {
        "0": record([[10, 0.5], [20, 0.7], [30, 0.8]], [1, 0, 1, 0, 1]),
        "1": record([[20, 0.5], [40, 0.7], [60, 0.8]], [1] * 5),
    }
    ours = {"0": record([[1, 0.6], [2, 0.8]], [1] * 5), "1": record([[1, 0.6], [4, 0.8]], [1] * 5)}
    groups = {"0": np.arange(5), "1": np.arange(5)}
    found = summary.compare(theirs, ours, groups)
    assert found["slower"] == "theirs" and found["target"] == pytest.approx(0.77)
    assert (found["theirs_s"], found["ours_s"], found["times_faster"]) == (45, 3, 15)
    assert found["spread_over_seeds"] == [15, 15]
    assert found["ours_minus_theirs"][0] == pytest.approx(0.2)
    never = summary.compare(theirs, {seed: record([[1, 0.6], [2, 0.7]], [0] * 5) for seed in "01"}, groups)
    assert never["ours_s"] is None and never["times_faster"] is None and never["verdict"] == "worse"
    assert never["seeds_that_never_reach_it"] == 2 and never["spread_over_seeds"] is None


def test_a_seed_counts_from_its_own_crossing_and_only_with_what_was_measured_within_an_hour(program):
    summary = program("_recipes_summary")
    groups = {seed: np.arange(2) for seed in "012"}
    theirs = {
        "0": record([[10, 0.8], [20, 0.6], [30, 0.6]], [1, 0]),  # at its best after one epoch
        "1": record([[10, 0.4], [20, 0.6], [30, 0.8]], [1, 0]),  # only after three
        "2": record([[500, 0.4], [600, 0.6], [700, 0.8]], [1, 0], "2026-01-01T15:00:00+00:00"),
    }
    ours = {seed: record([[1, 0.8], [2, 0.8], [3, 0.8]], [1, 1]) for seed in "012"}
    found = summary.compare(theirs, ours, groups)
    assert (found["seeds"], found["seeds_timed"]) == (3, 2)
    assert found["spread_over_seeds"] == [10, 30] and found["seeds_that_never_reach_it"] == 0
    assert found["median_over_seeds"] == 20 and found["times_faster"] == 30
    assert summary.below_aim(found | {"aim": 25.0}) and not summary.below_aim(found | {"aim": 15.0})
    assert found["theirs_s"] == 30 and found["ours_minus_theirs"][0] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        ((0.02, 0.01, 0.03), "better"),
        ((0.0, -0.03, 0.03), "not worse"),
        ((0, -0.05, 0.05), "inconclusive"),
        ((-0.1, -0.2, -0.04), "worse"),
    ],
)
def test_verdicts(program, interval, said):
    assert program("_recipes_summary").verdict(*interval) == said


def test_the_page_is_filled_from_results_and_says_so_where_there_are_none(program, folder, tmp_path):
    page = program("page").page
    empty = page(tmp_path)
    sections = (
        "recipes our_settings throughput runtimes scaling startup features extraction_modes fine_tuning notebooks"
    )
    names = sections.split()
    for name in names:
        assert f"Not measured yet: `python benchmarks/{name}.py`." in empty
    test_files = {path.stem for path in folder.glob("*.json")}
    assert test_files == {"recipes", "our_settings", "throughput", "runtimes", "scaling"}, (
        "the tests above write what this one reads"
    )
    filled = page(folder)
    assert filled.count("Not measured yet") == len(names) - len(test_files)
    results = read(folder / "recipes.json")["summary"]["tasks"]["scenes"]
    assert f"{results['methods']['generator loop']['curve'][-1][0]:.1f}" in filled
    assert f"{read(folder / 'throughput.json')['bases'][0]['ours_over_plain']:.2f} (" in filled
    (row,) = read(folder / "runtimes.json")["rows"]
    assert f"| ours, float32 | {row['runtimes']['ours']['per_second']:.1f} |" in filled


def test_the_page_says_what_a_result_on_throughput_does_not_show(program):
    results = read(RESULTS / "throughput.json")
    row = results["bases"][0] | {"precision": "float32", "ratios": [0.912, 1.5, 1.234]}
    results |= {"predictions_machine": results["machine"] | {"bfloat16_in_hardware": False}}
    text = program("page").throughput(results | {"bases": [row]})
    assert "Not measured: no machine with bfloat16 in hardware was at hand" in text
    assert "Single pairs range from 0.91 to 1.50." in text
    assert re.search(r"that bfloat16, emulated here, changes: vgg16 \d+\.\d %, ", text)
    assert "Above the last column" not in program("page").throughput(
        results | {"bases": [row | {"ours_per_second": 0.1}]}
    )
    results["predictions_machine"] = results["machine"] | {"bfloat16_in_hardware": True}
    row |= {"precision": "bfloat16"}
    row |= {"float32_over_bfloat16": [1.91, 1.3, 2.2], "copy_and_trace_s": 0.72}
    text = program("page").throughput(results | {"bases": [row], "predictions_changed": {row["base"]: 0.01}})
    assert f"{row['base']} at {row['pixels']} px 1.91. " in text and "takes 0.7 to 0.7 s" in text
    assert "Not measured" not in text and "emulated" not in text and f"changes: {row['base']} 1.0 %" in text


def test_the_row_of_make_lab_names_the_command_that_was_timed(program):
    row = {"median_s": 1, "min_s": 1, "max_s": 1, "runs": 1}
    page, timed = program("page"), program("startup").ROWS
    assert set(page.STARTED) <= set(timed)
    text = page.startup({"commands": dict.fromkeys(timed, row)})
    assert "| the command that `make lab` ends with, warm, until its server answers | 1.000 s |" in text
    assert "| make lab" not in text


def test_the_page_on_file_is_what_the_results_on_file_say(program):
    page = program("page")
    assert page.PAGE.read_text("utf-8") == page.page(), "run `python benchmarks/page.py`"
    written = page.GRADING.read_text("utf-8")
    assert page.COSTS in written and page.END_OF_COSTS in written
    assert written == page.grading(written), "run `python benchmarks/page.py`"
    written = page.README.read_text("utf-8")
    assert page.SPEED in written and page.END_OF_SPEED in written
    assert written == page.readme(written), "run `python benchmarks/page.py`"


def test_the_readme_states_the_least_of_all_ratios(program):
    results = read(RESULTS / "recipes.json")
    ratios = [p["times_faster"] for rows in results["summary"]["tasks"].values() for p in rows["pairs"]]
    assert f" is {min(ratios):.1f}: " in program("page").slowest(results)


def test_figures_are_small_images_of_the_results(program, folder, tmp_path):
    figures = program("figures")
    for name, draw in figures.FIGURES.items():
        figure, text = draw(read(folder / f"{name}.json"))
        assert figures.save(figure, tmp_path / f"{name}.png") <= 60_000
        assert len(text) > 40 and np.asarray(Image.open(tmp_path / f"{name}.png").convert("L")).std() > 5


def test_every_program_is_known_to_make_bench(program):
    bench = program("bench")
    files = {path.stem for path in (ROOT / "benchmarks").glob("*.py") if not path.stem.startswith("_")}
    assert {each.name for each in bench.PROGRAMS} == files - {"bench", "page", "figures"}
    written = {each.name for each in bench.PROGRAMS if each.resumes}
    for name in written:
        said = subprocess.run(
            [sys.executable, ROOT / "benchmarks" / f"{name}.py", "--help"], capture_output=True, text=True, check=True
        )
        assert "--again" in said.stdout


def test_make_bench_runs_what_is_missing_and_nothing_twice(program, monkeypatch, tmp_path):
    bench = program("bench")
    monkeypatch.setattr(bench, "RESULTS", tmp_path)
    monkeypatch.setattr(bench, "has_gpu", lambda: False)
    given = bench.argparse.Namespace(only=[], again=False, all=False)
    names = [each.name for each in bench.chosen(given)]
    assert len(names) == len(set(names)) and "recipes" in names and "gpu_lab4" not in names and "notebooks" not in names
    here = program("_machine").machine()
    (tmp_path / "throughput.json").write_text(json.dumps({"machine": here}))
    assert [each.name for each in bench.chosen(given)] == [name for name in names if name != "throughput"]
    (tmp_path / "throughput.json").write_text(json.dumps({"machine": here | {"cores": here["cores"] + 1}}))
    assert [each.name for each in bench.chosen(given)] == names


def test_a_program_that_goes_on_from_its_result_begins_anew_on_another_machine(program, monkeypatch, tmp_path):
    bench, ran = program("bench"), []
    monkeypatch.setattr(bench, "RESULTS", tmp_path)
    done = subprocess.CompletedProcess([], 0)
    monkeypatch.setattr(
        bench, "subprocess", types.SimpleNamespace(run=lambda command, **_: ran.append(command) or done)
    )
    here = program("_machine").machine()
    for result in ("scaling", "fine_tuning", "startup"):
        (tmp_path / f"{result}.json").write_text(json.dumps({"machine": here | {"processor": "another"}}))
    monkeypatch.setattr(bench, "has_gpu", lambda: False)
    assert bench.main([]) == 0
    again = {Path(command[1]).stem: "--again" in command for command in ran}
    assert again["scaling"] and not again["fine_tuning"] and not again["recipes"]
    assert again["startup"] is False, "it never goes on from what there is, and knows no --again"


def test_a_program_that_does_not_exist_is_refused_with_those_that_do():
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "bench.py", "nowhere"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and re.search(r"received nowhere", done.stderr) and "recipes" in done.stderr


def on_file(name: str) -> dict:
    return read(RESULTS / f"{name}.json")


def test_every_piece_of_fine_tuning_names_one_backend_and_one_machine():
    pieces = {name: piece for name, piece in on_file("fine_tuning").items() if name != "machine"}
    assert set(pieces) == {"uses", "scenes", "background", "fashion"}
    for name, piece in pieces.items():
        assert re.fullmatch(r"(tensorflow|jax|torch) on [^;]+", piece["on"]), name


def test_what_is_faster_is_no_worse_and_an_aim_that_is_missed_is_named_with_its_reason(program):
    results, page = on_file("recipes")["summary"], program("page")
    summary = program("_page_summary").summary()
    for rows in results["tasks"].values():
        for pair in rows["pairs"]:
            assert pair["times_faster"] > 1 and pair["verdict"] in ("better", "not worse")
            if program("_recipes_summary").below_aim(pair):
                assert f"The aim of {pair['aim']:g} is missed here: " in page.PAGE.read_text("utf-8")
                assert f"`{pair['ours']}` against `{pair['theirs']}`" in summary.partition("Below what was aimed at")[2]
    share = results["vgg16_block5_share"]
    assert share["_xla"] >= results["share_aim"] > share[""]


def test_ours_is_never_slower_than_plain_predict_and_half_as_fast_again_where_bfloat16_is():
    results = on_file("throughput")
    assert min(row["ours_over_plain"] for row in results["bases"]) >= 1
    for row in results["bases"]:
        assert row["base"] != "vgg16" or row["precision"] == "float32" or row["ours_over_plain"] >= 1.5


def test_auto_takes_bfloat16_for_the_bases_that_it_makes_faster():
    for row in on_file("throughput")["bases"]:
        if row.get("float32_over_bfloat16"):
            gain = statistics.median(row["float32_over_bfloat16"])
            assert (row["precision"] == "bfloat16") == (gain > 1), (row["base"], row["pixels"], gain)


def test_every_notebook_stays_within_its_seconds_and_megabytes():
    """The limits of the labs' solutions on two cores; the lessons' are checked where they run (test_lessons.py)."""
    for name, row in on_file("notebooks")["notebooks"].items():
        if name.startswith("lab"):
            assert row["seconds"] <= (120 if name == "lab4" else 60), (name, row["seconds"])
            assert row["peak_mb"] <= 3000, (name, row["peak_mb"])
