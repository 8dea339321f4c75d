"""Buckets as folders: `<buckets>/<bucket>/<prefix>`. Nothing outside of them is read or written."""

import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


class BucketPathRejected(Exception):
    """A bucket, prefix or log path that does not exist or would leave the buckets folder."""


@dataclass(frozen=True)
class StagedOutput:
    """Finished files of one target, not yet in their bucket."""

    label: str
    folder: Path
    """Where they go."""
    files: tuple[Path, ...]
    update_type: Literal["OVERWRITE", "APPEND", "IGNORE"]


class BucketFiles:
    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._root = root.resolve()
        self.files_lock = threading.Lock()
        """Held by jobs that read all files of a folder, or replace them, while others do so too."""

    def bucket_folder(self, bucket: str, prefix: str) -> Path:
        """Raises `BucketPathRejected` unless the bucket exists and the prefix stays inside of it."""
        if bucket in (".", "..") or "/" in bucket or not self.local_path(bucket).is_dir():
            raise BucketPathRejected(f"bucket {bucket} does not exist")
        path = self.local_path(f"{bucket}/{prefix}")
        if not path.is_relative_to(self._root / bucket):
            raise BucketPathRejected(f"{prefix} leaves the bucket {bucket}")
        return path

    def local_path(self, path: str) -> Path:
        """The file of `<bucket>/<key>`, links followed."""
        key = path.replace("\\", "/")
        try:
            resolved = (self._root / key).resolve()
        except ValueError as error:
            raise BucketPathRejected(f"{path!r} is no path") from error
        if ".." in key.split("/") or key.startswith("/") or not resolved.is_relative_to(self._root):
            raise BucketPathRejected(f"{path} leaves the buckets folder")
        return resolved

    def source_files(self, bucket: str, prefix: str) -> list[Path]:
        """Data files at or under a prefix, sorted. Names that begin with `_` or `.` are markers, no data."""
        folder = self.bucket_folder(bucket, prefix)
        candidates = [folder] if folder.is_file() else sorted(folder.rglob("*"))
        files = [
            file
            for file in candidates
            if file.is_file() and not file.name.startswith(("_", ".")) and self._is_inside(file)
        ]
        if not files:
            raise BucketPathRejected(f"there are no files under {bucket}/{prefix}")
        return files

    def _is_inside(self, file: Path) -> bool:
        return file.resolve().is_relative_to(self._root)


def publish(output: StagedOutput) -> str:
    """Moves the files into their bucket as the update type says; returns what was done, for the log."""
    folder = output.folder
    has_files = folder.is_dir() and any(file.is_file() for file in folder.rglob("*"))
    if output.update_type == "IGNORE" and has_files:
        return f"{output.label}: files exist, nothing written (IGNORE)"
    if output.update_type == "OVERWRITE" and folder.is_dir():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for file in output.files:
        shutil.move(file, folder / file.name)
    return f"{output.label}: {len(output.files)} file(s) written ({output.update_type})"
