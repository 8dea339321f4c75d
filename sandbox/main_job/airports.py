"""The data of the main job: 28,000 airports of the sandbox, public data that the package `airportsdata` ships."""

import csv
import shutil
from collections.abc import Sequence
from importlib import resources
from pathlib import Path


def publish_airports(bucket_folder: Path) -> int:
    """Copies the airports into a bucket; returns how many there are."""
    target = bucket_folder / "airports" / "airports.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    with resources.as_file(resources.files("airportsdata") / "airports.csv") as source:
        shutil.copyfile(source, target)
    with target.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def first_rows(file: Path, count: int) -> Sequence[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [row for row, _ in zip(csv.DictReader(lines), range(count), strict=False)]
