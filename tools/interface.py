"""Compare the modules' interface with that of the last release: ``python -m interface``.

``python -m interface 0.2.0`` records it in docs/interface.json as that of version 0.2.0.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import configuration
from configuration import REPOSITORY, Module
from type_constraints import Field, fields

RECORD = REPOSITORY / "docs" / "interface.json"
CHANGELOG = REPOSITORY / "CHANGELOG.md"
UPGRADING = REPOSITORY / "docs" / "upgrading.md"


@dataclass(frozen=True)
class Setting:
    """What users can rely on in an input."""

    type: str
    default: str | None
    nullable: bool


@dataclass(frozen=True)
class Interface:
    """What users and their Terraform states can rely on in a module."""

    inputs: Mapping[str, Setting]
    outputs: tuple[str, ...]
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A difference between two interfaces of a module, and what it means for an upgrade.

    Attributes:
        module: its folder; ``.`` is the root module.
        name: of the input, the output, or the resource.
        breaking: whether users have to do something, or lose something.
    """

    module: str
    name: str
    breaking: bool
    meaning: str

    def __str__(self) -> str:
        kind = "breaking" if self.breaking else "addition"
        return f"{kind}: {self.name} in {self.module}: {self.meaning}"


def of(module: Module) -> Interface:
    """The interface of a module."""
    return Interface(
        inputs={
            each.name: Setting(each.type, each.default, each.nullable)
            for each in sorted(module.inputs, key=lambda each: each.name)
        },
        outputs=tuple(sorted(each.name for each in module.outputs)),
        addresses=module.addresses,
    )


def changes(before: Mapping[str, Interface], after: Mapping[str, Module]) -> Iterator[Change]:
    """What has changed, module by module.

    Args:
        before: the interfaces of a release, by module.
    """
    origins, targets = _moves(after)
    for name in {**before, **after}:
        if name not in after:
            yield Change(name, name, True, "Whoever uses the module alone can no longer find it.")
        elif name not in before:
            yield Change(name, name, False, "The module is new.")
        else:
            now = of(after[name])
            yield from _inputs(name, before[name].inputs, now.inputs)
            yield from _outputs(name, before[name].outputs, now.outputs)
            yield from _addresses(name, before[name].addresses, now.addresses, origins, targets)


def _inputs(
    module: str, before: Mapping[str, Setting], after: Mapping[str, Setting]
) -> Iterator[Change]:
    old, new = _fields(before), _fields(after)
    for name in _outermost(old.keys() - new.keys(), old):
        yield Change(module, name, True, "Configurations that set the removed input fail.")
    for name in _outermost(new.keys() - old.keys(), new):
        if new[name].default is None:
            text = "Configurations fail until they set the new, required input. Give it a default."
            yield Change(module, name, True, text)
        else:
            yield Change(module, name, False, "The optional input is new.")
    for name in sorted(old.keys() & new.keys()):
        yield from _field(module, name, old[name], new[name])
    for name in sorted(before.keys() & after.keys()):
        if before[name].nullable and not after[name].nullable:
            yield Change(module, name, True, "null now means the default.")


def _field(module: str, name: str, old: Field, new: Field) -> Iterator[Change]:
    if old.type != new.type:
        text = f"Its type was {old.type} and is {new.type}: values of the old type may fail."
        yield Change(module, name, True, text)
    if old.default == new.default:
        return
    if new.default is None:
        yield Change(module, name, True, "Configurations that do not set it fail.")
    elif old.default is None:
        yield Change(module, name, False, "It is no longer required.")
    else:
        text = (
            f"Its default was {old.default} and is {new.default}: configurations that do not set "
            "it have other resources after the upgrade."
        )
        yield Change(module, name, True, text)


def _fields(inputs: Mapping[str, Setting]) -> dict[str, Field]:
    return {
        path: field
        for name, setting in inputs.items()
        for path, field in fields(name, setting.type, setting.default)
    }


def _outermost(names: Iterable[str], among: Mapping[str, Field]) -> list[str]:
    """Those of the fields that are not in another one of them."""
    found = set(names)
    return sorted(
        name
        for name in found
        if not any(name.startswith((f"{other}.", f"{other}[")) for other in found)
    )


def _outputs(module: str, before: Iterable[str], after: Iterable[str]) -> Iterator[Change]:
    for name in sorted(set(before) - set(after)):
        text = "Configurations that refer to the removed output fail."
        yield Change(module, name, True, text)
    for name in sorted(set(after) - set(before)):
        yield Change(module, name, False, "The output is new.")


def _addresses(
    module: str,
    before: Iterable[str],
    after: Iterable[str],
    origins: set[tuple[str, str]],
    targets: set[tuple[str, str]],
) -> Iterator[Change]:
    for address in sorted(set(before) - set(after)):
        if (module, address) in origins:
            text = "An upgrade moves it in the state and leaves the resource alone."
            yield Change(module, address, False, text)
        elif not address.startswith("data."):
            text = (
                "An upgrade destroys it. If it only has another name now, Terraform creates it "
                f"again under that name: write `moved {{ from = {address} … }}`."
            )
            yield Change(module, address, True, text)
    for address in sorted(set(after) - set(before)):
        if (module, address) in targets:
            continue
        verb = "reads" if address.startswith("data.") else "creates"
        yield Change(module, address, False, f"An upgrade {verb} it.")


def _moves(modules: Mapping[str, Module]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Where ``moved`` blocks move resources from and to: modules and addresses."""
    moves = [(name, move) for name, module in modules.items() for move in module.moves]
    origins = {place for name, move in moves for place in _places(name, move.origin)}
    targets = {place for name, move in moves for place in _places(name, move.target)}
    return origins, targets


def _places(module: str, address: str) -> Iterator[tuple[str, str]]:
    """The address in a module; as seen from the root module, also one in a module of it."""
    address = re.sub(r"\[[^]]*\]", "", address)
    yield module, address
    if found := re.fullmatch(r"module\.(\w+)\.(.+)", address):
        yield f"modules/{found[1]}", found[2]


def next_version(version: str, found: Iterable[Change]) -> str:
    """The lowest version that a release with these changes may have (https://semver.org)."""
    major, minor, patch = map(int, version.split("."))
    breaking = {change.breaking for change in found}
    if True in breaking and major:
        return f"{major + 1}.0.0"
    if breaking:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def undocumented(found: Iterable[Change], changelog: str, upgrading: str) -> list[Change]:
    """The changes that the changelog's section "Unreleased" does not name in backticks, or, when
    they are breaking, the upgrade guide."""
    unreleased = "".join(
        re.findall(r"^## \[?Unreleased\]?$(.*?)(?=^## |\Z)", changelog, re.M | re.S)
    )
    return [
        change
        for change in found
        if f"`{change.name}`" not in unreleased
        or (change.breaking and f"`{change.name}`" not in upgrading)
    ]


def current() -> dict[str, Module]:
    """The root module and its modules, as they are."""
    return {name: configuration.read(path) for name, path in configuration.folders().items()}


def recorded(text: str) -> tuple[str, dict[str, Interface]]:
    """The release that docs/interface.json describes: its version, and its interface by module."""
    release = json.loads(text)
    return release["version"], {
        name: Interface(
            inputs={
                key: Setting(setting["type"], setting.get("default"), setting["nullable"])
                for key, setting in module["inputs"].items()
            },
            outputs=tuple(module["outputs"]),
            addresses=tuple(module["addresses"]),
        )
        for name, module in release["modules"].items()
    }


def record(version: str, modules: Mapping[str, Module]) -> str:
    """What docs/interface.json says of a release. Inputs without a default are required."""
    described: dict[str, Any] = {name: asdict(of(module)) for name, module in modules.items()}
    for module in described.values():
        for setting in module["inputs"].values():
            if setting["default"] is None:
                del setting["default"]
    return json.dumps({"version": version, "modules": described}, indent=2) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="interface", description=__doc__)
    parser.add_argument("version", nargs="?", help="of the release to record")
    wanted = parser.parse_args().version
    released, before = recorded(RECORD.read_text())
    found = list(changes(before, current()))
    for change in found:
        print(change)
    lowest = next_version(released, found)
    print(f"{len(found)} changes since {released}; the next release is {lowest} or later")
    if wanted:
        # A release that is not published yet may be recorded again.
        if wanted != released and _numbers(wanted) < _numbers(lowest):
            sys.exit(f"interface: {wanted} is too low a version for these changes")
        RECORD.write_text(record(wanted, current()))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


if __name__ == "__main__":
    main()
