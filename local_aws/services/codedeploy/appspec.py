"""Revisions and their AppSpec files.

AWS CodeDeploy User Guide, "CodeDeploy AppSpec file reference" and "AppSpec 'hooks' section".
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

NAMES = ("appspec.yml", "appspec.yaml")
SCRIPTED_EVENTS = (
    "BeforeBlockTraffic",
    "AfterBlockTraffic",
    "ApplicationStop",
    "BeforeInstall",
    "AfterInstall",
    "ApplicationStart",
    "ValidateService",
    "BeforeAllowTraffic",
    "AfterAllowTraffic",
)
# The sum of the timeouts of one lifecycle event's scripts, in seconds.
LONGEST_EVENT = 3600


class BadRevision(Exception):
    """A revision that the agent cannot deploy; the text is the agent's."""


@dataclass(frozen=True)
class Revision:
    """An unpacked bundle with its AppSpec file.

    Attributes:
        files: contents by path in the bundle.
        copies: each file to install: its path in the bundle, and the absolute one on the instance.
        scripts: paths in the bundle, by lifecycle event.
    """

    files: dict[str, bytes]
    copies: list[tuple[str, str]]
    scripts: dict[str, list[str]]
    file_exists_behavior: str

    def missing_script(self, event: str) -> str | None:
        return next((path for path in self.scripts.get(event, []) if path not in self.files), None)


def unpack(bundle: bytes) -> dict[str, bytes]:
    """The files of a zip bundle.

    Raises:
        BadRevision: if the bundle is not a zip file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            return {
                entry.filename: archive.read(entry)
                for entry in archive.infolist()
                if not entry.is_dir()
            }
    except zipfile.BadZipFile as error:
        raise BadRevision(f"The bundle could not be unpacked: {error}") from None


def read(files: dict[str, bytes]) -> Revision:
    """Read the AppSpec file of an unpacked bundle.

    Raises:
        BadRevision: if the file is missing or invalid.
    """
    name = next((name for name in NAMES if name in files), None)
    if not name:
        raise BadRevision(
            "The CodeDeploy agent did not find an AppSpec file within the unpacked revision "
            'directory at revision-relative path "appspec.yml". The revision was unpacked to '
            "directory deployment-archive, and the AppSpec file was expected but not found at path "
            '"deployment-archive/appspec.yml". Consult the AWS CodeDeploy Appspec documentation '
            "for more information at https://docs.aws.amazon.com/codedeploy/latest/userguide/"
            "reference-appspec-file.html"
        )
    try:
        spec = yaml.safe_load(files[name])
    except yaml.YAMLError as error:
        raise BadRevision(f"The deployment specification's YAML is not valid: {error}") from None
    if not isinstance(spec, dict):
        raise BadRevision("The deployment specification's YAML is not a mapping")
    if spec.get("version") != 0.0:
        raise BadRevision(f"unsupported version: {spec.get('version')}")
    if spec.get("os") != "linux":
        raise BadRevision(f"unsupported os: {spec.get('os')}")
    behavior = spec.get("file_exists_behavior", "DISALLOW")
    if behavior not in ("DISALLOW", "OVERWRITE", "RETAIN"):
        raise BadRevision(f"unsupported file_exists_behavior: {behavior}")
    return Revision(files, _copies(spec, files), _scripts(spec), behavior)


def _copies(spec: dict[str, Any], files: dict[str, bytes]) -> list[tuple[str, str]]:
    copies = []
    for mapping in spec.get("files") or []:
        if not isinstance(mapping, dict) or not {"source", "destination"} <= mapping.keys():
            raise BadRevision(f"files needs a source and a destination in each entry: {mapping}")
        source = str(mapping["source"]).strip("/")
        folder = PurePosixPath(mapping["destination"])
        found = [path for path in files if f"{path}/".startswith(f"{source}/") or not source]
        if not found:
            raise BadRevision(f"No such file or directory - {mapping['source']}")
        for path in found:
            within = PurePosixPath(path).relative_to(source) if path != source else source
            relative = PurePosixPath(path).name if path == source else str(within)
            copies.append((path, str(folder / relative)))
    return copies


def _scripts(spec: dict[str, Any]) -> dict[str, list[str]]:
    scripts = {}
    for event, entries in (spec.get("hooks") or {}).items():
        if event not in SCRIPTED_EVENTS:
            raise BadRevision(f"unknown lifecycle event in hooks: {event}")
        if not all(isinstance(entry, dict) and entry.get("location") for entry in entries or []):
            raise BadRevision(f"each script of {event} needs a location")
        if sum(int(entry.get("timeout", 0)) for entry in entries) > LONGEST_EVENT:
            raise BadRevision(f"the timeouts of {event} are longer than {LONGEST_EVENT} seconds")
        scripts[event] = [str(entry["location"]).lstrip("/") for entry in entries]
    return scripts
