"""Rebuilds course_utils/assets/backgrounds: square crops of photographs, in four families.

    python tools/rebuild_backgrounds.py            # downloads three Debian packages (no root needed) and rebuilds
    python tools/rebuild_backgrounds.py --check    # builds into a temporary folder and compares with what is shipped
    python tools/rebuild_backgrounds.py --sheet a.png   # draws every crop on one sheet, to look at

Somebody looked at every crop: none shows an animal, a plant's flower, a fruit, a vehicle or an instrument, since those are the
classes of the course's objects. With the same Pillow the result is the same to the byte.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import importlib.util
import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageOps

SHIPPED = Path(__file__).resolve().parent.parent / "course_utils" / "assets" / "backgrounds"
SIDE = 256
PACKAGES = {
    "mate-backgrounds": "1.26.0-1",
    "lomiri-wallpapers-16.04": "20.04.0-2",
    "tuxpaint-data": "1:0.9.28-sdl2-1",
}
MATE = "usr/share/backgrounds/mate/nature/"
LOMIRI = "usr/share/backgrounds/"
TUXPAINT = "usr/share/tuxpaint/templates/"
KENDRICK = "Bill Kendrick and contributors to Tux Paint"
BERASATEGI = "Aitzol Berasategi"


class Photograph(NamedTuple):
    """A source photograph: which split it belongs to, its crops by family, and to whom it is owed.

    A crop is (left, top, side): the place of its upper left corner as shares of width and height, and its side as a share of the
    photograph's shorter side. A grey photograph is coloured from ``tint[0]`` (black) to ``tint[1]`` (white).
    """

    package: str
    file: str
    author: str
    licence: str
    split: str
    crops: dict[str, list[tuple[float, float, float]]]
    tint: tuple[str, str] | None = None


PHOTOGRAPHS = {
    "storm": Photograph(
        "mate-backgrounds",
        MATE + "Storm.jpg",
        "Sergey Nazarov",
        "GPL-2.0-or-later",
        "train",
        {"water_and_sky": [(0.02, 0.0, 0.58), (0.45, 0.0, 0.58)]},
    ),
    "ocean_waves": Photograph(
        "tuxpaint-data",
        TUXPAINT + "ocean_waves.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "train",
        {"water_and_sky": [(0.0, 0.0, 0.42), (0.35, 0.5, 0.5), (0.62, 0.3, 0.6)]},
    ),
    "sun_behind_clouds": Photograph(
        "tuxpaint-data",
        TUXPAINT + "sun_behind_clouds.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "train",
        {"water_and_sky": [(0.0, 0.2, 0.75), (0.45, 0.1, 0.75)]},
    ),
    "ocean_splash": Photograph(
        "tuxpaint-data",
        TUXPAINT + "ocean_splash.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "test",
        {"water_and_sky": [(0.0, 0.05, 0.9), (0.38, 0.05, 0.9)]},
    ),
    "sunset": Photograph(
        "lomiri-wallpapers-16.04",
        LOMIRI + "sunset_by_Aitzol_Berasategi.jpg",
        BERASATEGI,
        "CC-BY-4.0",
        "test",
        {"water_and_sky": [(0.0, 0.0, 0.5), (0.62, 0.0, 0.5)], "ground": [(0.02, 0.52, 0.45), (0.28, 0.55, 0.42)]},
    ),
    "sheep_field": Photograph(
        "tuxpaint-data",
        TUXPAINT + "sheep.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "test",
        {"water_and_sky": [(0.0, 0.0, 0.4), (0.45, 0.0, 0.4)], "vegetation": [(0.0, 0.62, 0.38), (0.5, 0.62, 0.38)]},
    ),
    "drop": Photograph(
        "mate-backgrounds",
        MATE + "Aqua.jpg",
        "Charles Barbin",
        "GPL-2.0-or-later",
        "validation",
        {"water_and_sky": [(0.0, 0.2, 0.75), (0.0, 0.0, 0.62)]},
    ),
    "lighthouse": Photograph(
        "tuxpaint-data",
        TUXPAINT + "lighthouse.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "validation",
        {"water_and_sky": [(0.0, 0.0, 0.32), (0.72, 0.0, 0.26)], "wood_and_built": [(0.24, 0.7, 0.44)]},
    ),
    "meadow": Photograph(
        "mate-backgrounds",
        MATE + "GreenMeadow.jpg",
        "Timothy Schellhase, Lapo Calamandrei",
        "GPL-2.0-or-later",
        "train",
        {"vegetation": [(0.0, 0.0, 0.9), (0.35, 0.05, 0.9)]},
    ),
    "corn_maze": Photograph(
        "tuxpaint-data",
        TUXPAINT + "corn_maze.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "train",
        {"vegetation": [(0.0, 0.0, 0.8), (0.4, 0.1, 0.8)]},
    ),
    "mossy_log": Photograph(
        "tuxpaint-data",
        TUXPAINT + "mossy_log.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "train",
        {"vegetation": [(0.0, 0.0, 0.8), (0.4, 0.1, 0.8)]},
    ),
    "trees_above": Photograph(
        "tuxpaint-data",
        TUXPAINT + "trees_above.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "train",
        {"vegetation": [(0.0, 0.0, 0.8), (0.4, 0.1, 0.8)]},
    ),
    "dune": Photograph(
        "mate-backgrounds",
        MATE + "Dune.jpg",
        "Marco Cogoni, Hylke Bons",
        "GPL-2.0-or-later",
        "train",
        {"vegetation": [(0.0, 0.25, 0.75), (0.5, 0.3, 0.7)]},
    ),
    "dandelions": Photograph(
        "lomiri-wallpapers-16.04",
        LOMIRI + "seeding_by_Clements_Engelhardt.jpg",
        "Clemens Engelhardt",
        "CC0-1.0",
        "validation",
        {"vegetation": [(0.02, 0.6, 0.4), (0.3, 0.68, 0.32)]},
    ),
    "sun_behind_leaves": Photograph(
        "tuxpaint-data",
        TUXPAINT + "sun_behind_leaves.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "validation",
        {"vegetation": [(0.0, 0.0, 0.85), (0.3, 0.1, 0.85)]},
    ),
    "blades": Photograph(
        "mate-backgrounds",
        MATE + "Blinds.jpg",
        "Lennart Poettering, Andrea Cimitan",
        "GPL-2.0-or-later",
        "test",
        {"vegetation": [(0.0, 0.0, 0.85), (0.4, 0.1, 0.85)]},
    ),
    "rain_drops": Photograph(
        "mate-backgrounds",
        MATE + "RainDrops.jpg",
        "blackcombwhistler07",
        "GPL-2.0-or-later",
        "test",
        {"vegetation": [(0.0, 0.0, 0.85), (0.4, 0.1, 0.85)]},
    ),
    "redwoods_above": Photograph(
        "tuxpaint-data",
        TUXPAINT + "redwoods_above.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "test",
        {"vegetation": [(0.0, 0.0, 0.8), (0.4, 0.1, 0.8)]},
    ),
    "autumn_meadow": Photograph(
        "lomiri-wallpapers-16.04",
        LOMIRI + "aitzgorri_by_Aitzol_Berasategi.jpg",
        BERASATEGI,
        "CC-BY-4.0",
        "test",
        {"vegetation": [(0.0, 0.45, 0.55), (0.45, 0.5, 0.5)]},
    ),
    "pebbles": Photograph(
        "tuxpaint-data",
        TUXPAINT + "rocks.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "train",
        {"ground": [(0.0, 0.35, 0.65), (0.5, 0.3, 0.65), (0.25, 0.1, 0.85)]},
    ),
    "mountain_path": Photograph(
        "lomiri-wallpapers-16.04",
        LOMIRI + "picosdeeuropa_by_Aitzol_Berasategi.jpg",
        BERASATEGI,
        "CC-BY-4.0",
        "test",
        {"ground": [(0.0, 0.52, 0.48), (0.45, 0.52, 0.46)]},
    ),
    "gravel": Photograph(
        "scikit-image",
        "data/gravel.png",
        "Rob Tuytel",
        "CC0-1.0",
        "train",
        {"ground": [(0.0, 0.0, 0.6), (0.4, 0.4, 0.6)]},
        tint=("#15120f", "#f4ece0"),
    ),
    "mudstone": Photograph(
        "tuxpaint-data",
        TUXPAINT + "mudstone.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "test",
        {"ground": [(0.0, 0.0, 0.8), (0.4, 0.2, 0.8)]},
    ),
    "cliff": Photograph(
        "tuxpaint-data",
        TUXPAINT + "cliff.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "train",
        {"ground": [(0.05, 0.5, 0.5), (0.5, 0.45, 0.55)]},
    ),
    "concrete": Photograph(
        "lomiri-wallpapers-16.04",
        LOMIRI + "Picture_0B_by_freespace.jpg",
        "Trevor Freespace",
        "CC-BY-4.0",
        "validation",
        {"ground": [(0.0, 0.62, 0.36), (0.0, 0.5, 0.34)]},
    ),
    "dry_grass": Photograph(
        "scikit-image",
        "data/grass.png",
        "Charlotte Baglioni, Dario Barresi",
        "CC0-1.0",
        "validation",
        {"ground": [(0.0, 0.0, 0.6), (0.4, 0.4, 0.6)]},
        tint=("#1b1408", "#efe2b4"),
    ),
    "planed_wood": Photograph(
        "mate-backgrounds",
        MATE + "Wood.jpg",
        "Jean-François Fortin Tam",
        "GPL-2.0-or-later",
        "train",
        {"wood_and_built": [(0.0, 0.0, 0.8), (0.3, 0.2, 0.8)]},
    ),
    "machine": Photograph(
        "tuxpaint-data",
        TUXPAINT + "wool_mill_machine.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "train",
        {"wood_and_built": [(0.0, 0.0, 0.8), (0.35, 0.2, 0.8)]},
    ),
    "mossy_bark": Photograph(
        "tuxpaint-data",
        TUXPAINT + "mossy_bark.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "train",
        {"wood_and_built": [(0.02, 0.1, 0.8), (0.4, 0.1, 0.8)]},
    ),
    "burnt_bark": Photograph(
        "tuxpaint-data",
        TUXPAINT + "burnt_bark.jpg",
        KENDRICK,
        "GPL-2.0-or-later",
        "test",
        {"wood_and_built": [(0.0, 0.0, 0.8), (0.4, 0.1, 0.8)]},
    ),
    "planks": Photograph(
        "lomiri-wallpapers-16.04",
        LOMIRI + "friends_by_Aitzol_Berasategi.jpg",
        BERASATEGI,
        "CC-BY-4.0",
        "test",
        {"wood_and_built": [(0.52, 0.02, 0.46), (0.0, 0.66, 0.5)]},
    ),
    "room": Photograph(
        "lomiri-wallpapers-16.04",
        LOMIRI + "Wine_by_Jakkub_Mede.jpg",
        "Jakub Mede",
        "CC-BY-4.0",
        "test",
        {"wood_and_built": [(0.62, 0.0, 0.3), (0.6, 0.31, 0.4)]},
    ),
    "paving": Photograph(
        "scikit-image",
        "data/brick.png",
        "Rob Tuytel",
        "CC0-1.0",
        "validation",
        {"wood_and_built": [(0.0, 0.0, 0.7), (0.3, 0.3, 0.7)]},
        tint=("#1c0f0a", "#f0c9b0"),
    ),
}


def unpack(folder: Path) -> None:
    """Downloads the packages into ``folder`` and unpacks them there, each into a folder of its name."""
    for package, version in PACKAGES.items():
        subprocess.run(["apt-get", "download", "-qq", f"{package}={version}"], cwd=folder, check=True)
        (archive,) = folder.glob(f"{package}_*.deb")
        subprocess.run(["dpkg", "-x", archive, folder / package], check=True)


def original(folder: Path, photograph: Photograph) -> Path:
    if photograph.package in PACKAGES:
        return folder / photograph.package / photograph.file
    spec = importlib.util.find_spec({"scikit-image": "skimage"}[photograph.package])
    return Path(spec.submodule_search_locations[0]) / photograph.file


def crop(image: Image.Image, place: tuple[float, float, float], tint: tuple[str, str] | None) -> Image.Image:
    """Cuts one square out of a photograph and shrinks it to ``SIDE`` pixels."""
    left, top, side = place
    side = round(side * min(image.size))
    left, top = (
        min(round(share * length), length - side) for share, length in zip((left, top), image.size, strict=True)
    )
    piece = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=(left, top, left + side, top + side))
    return ImageOps.colorize(piece.convert("L"), *tint) if tint else piece


def build(source: Path, target: Path) -> list[dict[str, str]]:
    """Writes every crop and PROVENANCE.csv to ``target``; returns the table's rows."""
    rows = []
    for name, photograph in PHOTOGRAPHS.items():
        path = original(source, photograph)
        with Image.open(path) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
        for family, places in photograph.crops.items():
            for number, place in enumerate(places, start=1):
                buffer = io.BytesIO()
                crop(image, place, photograph.tint).save(buffer, "WEBP", quality=88, method=6)
                file = f"{family}/{name}-{number}.webp"
                (target / family).mkdir(parents=True, exist_ok=True)
                (target / file).write_bytes(buffer.getvalue())
                rows.append(
                    {
                        "file": file,
                        "family": family,
                        "photograph": name,
                        "split": photograph.split,
                        "author": photograph.author,
                        "licence": photograph.licence,
                        "package": f"{photograph.package} {PACKAGES.get(photograph.package, '')}".strip(),
                        "original": photograph.file,
                        "original_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                        "left_top_side": " ".join(map(str, place)),
                        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
                    }
                )
    rows.sort(key=lambda row: row["file"])
    with open(target / "PROVENANCE.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    return rows


def draw_sheet(folder: Path, rows: list[dict[str, str]], path: Path) -> None:
    """Draws all crops with their names and splits, 8 in a row."""
    side, across = 150, 8
    sheet = Image.new("RGB", (across * side, -(-len(rows) // across) * (side + 14)), "white")
    pen = ImageDraw.Draw(sheet)
    for position, row in enumerate(rows):
        left, top = position % across * side, position // across * (side + 14)
        with Image.open(folder / row["file"]) as image:
            sheet.paste(image.resize((side - 4, side - 4)), (left, top))
        pen.text((left, top + side - 3), f"{row['split'][:5]} {row['file'].split('/')[1][:-5]}", fill="black")
    sheet.save(path)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="build elsewhere and compare with what is shipped")
    parser.add_argument(
        "--from", dest="unpacked", type=Path, help="a folder that holds the unpacked packages, each by its name"
    )
    parser.add_argument("--sheet", type=Path, help="also draw all crops on one sheet")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        source = options.unpacked or Path(temporary)
        if options.unpacked is None:
            unpack(source)
        target = Path(temporary) / "built" if options.check else SHIPPED
        target.mkdir(parents=True, exist_ok=True)
        rows = build(source, target)
        if options.sheet:
            draw_sheet(target, rows, options.sheet)
        if not options.check:
            print(f"{len(rows)} crops of {len(PHOTOGRAPHS)} photographs in {SHIPPED}")
            return 0
        built = [path.relative_to(target) for path in sorted(target.rglob("*.*"))]
        different = [
            p for p in built if not (SHIPPED / p).is_file() or (SHIPPED / p).read_bytes() != (target / p).read_bytes()
        ]
        print(f"{len(built) - len(different)} files as shipped; different: {', '.join(map(str, different)) or 'none'}")
        return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
