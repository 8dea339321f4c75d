"""Writes a template and the files that it names into one folder, which deploys without Python and without SAM.

python -m tools.package_stack .aws-sam/build/template.yaml build/package Runtime=python3.13 Architecture=arm64

The parameters are those that were built for, and become the template's defaults.
Where the files are is two parameters, PackageBucket and PackagePrefix, so that one package serves every bucket. A file
is called by a digest of what it holds: CloudFormation updates a function when the key of its code changes.
"""

import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.aws.template.yaml_document import load_document

TEMPLATE = "template.json"
PARAMETERS = {
    "PackageBucket": {"Type": "String", "Description": "The bucket, in the stack's region, with the package's files."},
    "PackagePrefix": {
        "Type": "String",
        "Default": "",
        "Description": "What their keys begin with, as farsync/; empty, nothing.",
    },
}
LOCAL_PATHS = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::StateMachine": "DefinitionUri",
    "AWS::CloudFormation::Stack": "TemplateURL",
}
"""Which property of which resource names a file or folder beside the template. What AWS::Include names is put in."""
OLDEST_DATE_OF_A_ZIP = (1980, 1, 1, 0, 0, 0)


def package(template: Path, folder: Path, defaults: Mapping[str, str]) -> Path:
    """Writes the template and its files; returns the template. The same input gives the same files."""
    folder.mkdir(parents=True, exist_ok=True)
    document = load_document(template)
    for resource in document["Resources"].values():
        name = LOCAL_PATHS.get(resource["Type"])
        if name is not None:
            properties = resource["Properties"]
            file = _write(template.parent / properties[name], folder)
            properties[name] = _url_of(file) if name == "TemplateURL" else _object_of(file)
    document["Parameters"] = {**PARAMETERS, **document["Parameters"]}
    for name, value in defaults.items():
        document["Parameters"][name]["Default"] = value
    written = folder / TEMPLATE
    written.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    return written


def files_of(document: Mapping[str, Any]) -> list[str]:
    """The files that a packaged template names."""
    named = [
        resource["Properties"][LOCAL_PATHS[resource["Type"]]]
        for resource in document["Resources"].values()
        if resource["Type"] in LOCAL_PATHS
    ]
    keys = [str(place.get("Key", place)["Fn::Sub"]) for place in named]
    return [key.rpartition("}")[2].removeprefix("/") for key in keys]


def _write(source: Path, folder: Path) -> str:
    """A folder becomes a zip."""
    content = _zipped(source) if source.is_dir() else source.read_bytes()
    stem, _, suffix = (f"{source.name}.zip" if source.is_dir() else source.name).partition(".")
    file = f"{stem}-{hashlib.sha256(content).hexdigest()[:16]}.{suffix}"
    (folder / file).write_bytes(content)
    return file


def _zipped(source: Path) -> bytes:
    """Neither the order of files nor their dates differ from one machine to the next."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(source.rglob("*")):
            if file.is_dir() or "__pycache__" in file.parts:
                continue
            entry = zipfile.ZipInfo(file.relative_to(source).as_posix(), OLDEST_DATE_OF_A_ZIP)
            entry.external_attr = (0o755 if file.stat().st_mode & 0o100 else 0o644) << 16
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _object_of(file: str) -> dict[str, object]:
    return {"Bucket": {"Ref": "PackageBucket"}, "Key": {"Fn::Sub": f"${{PackagePrefix}}{file}"}}


def _url_of(file: str) -> dict[str, object]:
    host = "https://${PackageBucket}.s3.${AWS::Region}.${AWS::URLSuffix}"
    return {"Fn::Sub": f"{host}/${{PackagePrefix}}{file}"}


def main() -> None:
    template, folder, *given = sys.argv[1:]
    written = package(Path(template), Path(folder), dict(text.split("=", 1) for text in given))
    files = list(written.parent.iterdir())
    print(f"{written} and {len(files) - 1} files, {sum(file.stat().st_size for file in files) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
