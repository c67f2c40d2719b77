"""The part of docs/benchmarks.md about other runtimes, filled from benchmarks/results/runtimes.json."""

from __future__ import annotations

PACKAGES = {"onnxruntime": "ONNX Runtime", "openvino": "OpenVINO", "torch": "PyTorch"}


def runtimes(results: dict) -> str:
    count, rows = results["course_images"], results["rows"]
    lines = [
        f"All ran in one run, in turn, on the same preprocessed images, in batches of {results['batch']}; preprocessing counts for none. "
        "*Ready*: from a base that Keras has loaded to its first features, conversion and compilation included. "
        f"*{count:,} images*: to get ready and extract as many images as the course has scenes. *Faster from*: the number of images "
        "from which on that takes fewer seconds than ours. Changed predictions: on test scenes, against Keras's features.",
        "",
        f"| base | pixels | runtime | images per second | times ours (least to most) | ready | {count:,} images | faster from | predictions changed |",
        "|---|---:|---|---:|---|---:|---:|---:|---:|",
    ]
    for row in rows:
        changed = results["predictions_changed"].get(row["base"], {}) if row["pixels"] == rows[0]["pixels"] else {}
        for name, found in row["runtimes"].items():
            ratios = f"{found['times_ours']:.2f} ({min(found['ratios']):.2f} to {max(found['ratios']):.2f})"
            begins = "never" if found["faster_from"] is None else f"{found['faster_from']:,}"
            share = f"{100 * changed[name]:.1f} %" if name in changed else ""
            who = f"ours, {row['precision']}" if name == "ours" else name
            lines.append(
                f"| {row['base']} | {row['pixels']} | {who} | {found['per_second']:.1f} | {'' if name == 'ours' else ratios} | "
                f"{found['ready_s']:.2f} s | {found['course_s']:.2f} s | {'' if name == 'ours' else begins} | {share} |"
            )
    lines += ["", verdict(results)]
    change = max(
        found["largest_change"]
        for row in rows
        for name, found in row["runtimes"].items()
        if name.endswith("float32") or (row["precision"] == "float32" and name == "ours")
    )
    lines += ["", f"In float32 no feature differs from Keras's by more than {change:.0e} of the largest."]
    if results["left_out"]:
        missing = "; ".join(f"{name}, {reason}" for name, reason in results["left_out"].items())
        lines += ["", f"Left out: {missing}."]
    versions = results["machine"]["packages"]
    used = ", ".join(f"{name} {versions[package]}" for package, name in PACKAGES.items() if package in versions)
    return "\n".join([*lines, "", f"Versions: {used}."])


def verdict(results: dict) -> str:
    """Says for which bases another runtime pays at course scale, on images of the scenes' own size."""
    scale = [row for row in results["rows"] if row["pixels"] == results["rows"][0]["pixels"]]
    pays = [
        f"{name} for {row['base']} ({row['runtimes']['ours']['course_s'] / found['course_s']:.2f} times as fast)"
        for row in scale
        for name, found in row["runtimes"].items()
        if found["pays"]
    ]
    said = (
        f"At course scale, {results['course_images']:,} images of {scale[0]['pixels']} px, another runtime pays where ours takes at least "
        f"{results['pays']:g} times its seconds, getting ready included."
    )
    return f"{said} It pays: {', '.join(pays)}." if pays else f"{said} None does, so `extract` uses none."
