"""Set-up of Python packages: what is installed when, with uv or else with pip."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from toolchain import ROOT, SetupError
from toolchain.packages import (
    APART,
    GROUPS,
    REQUIREMENTS,
    Installer,
    install_packages,
    pip_settings,
    uv_variables,
)

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


class Machine:
    """A machine with a folder to set up, and with scripts in place of pip and uv.

    Attributes:
        requirements: a folder with two groups, `demo` and `test`.
        venv: what is set up.
    """

    def __init__(self, folder: Path, pip: str = "", uv: str = "") -> None:
        self.folder = folder
        self.requirements = folder / "requirements"
        self.requirements.mkdir()
        self.pin("demo", "1")
        self.pin("test", "1")
        self.venv = folder / "venv"
        self.runs = folder / "runs"
        uv_script = self._script("uv", uv)
        # pip is called to install uv, to install packages, and for its configuration.
        self.pip = self._script(
            "pip",
            f"""
            case "$*" in
              *uv.txt*) {pip or f'mkdir -p "$3/bin"; cp "{uv_script}" "$3/bin/uv"'};;
            esac
            """,
        )

    def pin(self, group: str, version: str) -> None:
        (self.requirements / f"{group}.txt").write_text(f"package=={version}\n")

    def set_up(self, group: str) -> None:
        installer = Installer(self.folder / "tools", [self.pip])
        install_packages(group, self.venv, installer, self.requirements)

    def installed(self) -> list[str]:
        """The tool and the group of each installation until now."""
        runs = self.runs.read_text() if self.runs.exists() else ""
        return re.findall(r"^(\w+) .*\binstall .*/(?:demo|test)\.txt$", runs, re.M)

    def _script(self, name: str, does: str) -> Path:
        path = self.folder / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.runs}"\n{does}\n')
        path.chmod(0o755)
        return path


def test_a_group_is_installed_once(tmp_path: Path) -> None:
    machine = Machine(tmp_path)

    machine.set_up("demo")
    machine.set_up("demo")

    assert machine.installed() == ["uv"]
    assert (machine.venv / "bin" / "python").exists()


def test_another_group_is_added_to_what_is_there(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.set_up("demo")
    (machine.venv / "package").touch()

    machine.set_up("test")
    machine.set_up("demo")

    assert machine.installed() == ["uv", "uv"]
    assert (machine.venv / "package").exists()


def test_other_versions_are_installed_into_a_new_environment(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.set_up("test")
    machine.set_up("demo")
    (machine.venv / "package").touch()

    machine.pin("demo", "2")
    machine.set_up("demo")

    assert not (machine.venv / "package").exists()
    machine.set_up("test")
    assert machine.installed() == ["uv"] * 4


def test_an_interrupted_installation_starts_again_in_a_new_environment(tmp_path: Path) -> None:
    machine = Machine(tmp_path, uv="exit 1")
    machine.set_up("test")
    (machine.venv / "installed.json").unlink()  # as while an installation is going on
    (machine.venv / "package").touch()

    machine.set_up("demo")

    assert not (machine.venv / "package").exists()


def test_pip_installs_where_uv_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine(tmp_path, uv='echo "no route to host" >&2; exit 1')

    machine.set_up("demo")

    assert machine.installed() == ["uv", "pip"]
    said = capsys.readouterr().out
    assert "could not install" in said
    assert "no route to host" in said
    assert "setup: using pip instead, which takes longer" in said


def test_pip_installs_where_there_is_no_uv(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine(tmp_path, pip='echo "no matching distribution" >&2; exit 1')

    machine.set_up("demo")

    assert machine.installed() == ["pip"]
    assert "pip could not install uv:\n  no matching distribution" in capsys.readouterr().out


def test_a_set_up_that_pip_cannot_do_either_is_reported_in_pips_words(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.pip.write_text("#!/bin/sh\necho no route to host >&2; exit 1\n")

    for _ in range(2):
        with pytest.raises(SetupError, match=r"pip could not install .*demo.txt:\n  no route"):
            machine.set_up("demo")


def test_uv_looks_for_packages_where_pip_is_configured_to() -> None:
    listed = """\
:env:.cert='/etc/ssl/company.pem'
global.cert='/etc/ssl/other.pem'
global.index-url='https://packages.example.com/simple'
global.timeout='60'
install.extra-index-url='https://a.example.com/simple\\nfile:///packages'
install.find-links='/wheels /more-wheels'
"""
    assert uv_variables(pip_settings(listed)) == {
        "UV_DEFAULT_INDEX": "https://packages.example.com/simple",
        "UV_INDEX": "https://a.example.com/simple file:///packages",
        "UV_FIND_LINKS": "/wheels,/more-wheels",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "SSL_CERT_FILE": "/etc/ssl/company.pem",
    }


def pinned(group: str) -> dict[str, set[str]]:
    """The lines for each package in a file of requirements: a version, perhaps with a condition."""
    lines = (REQUIREMENTS / f"{group}.txt").read_text().splitlines()
    versions: dict[str, set[str]] = {}
    for line in lines:
        if not line.startswith("#"):
            name, _, version = line.partition("==")
            versions.setdefault(name, set()).add(version)
    return versions


@pytest.mark.parametrize("group", [*GROUPS, *APART])
def test_each_group_is_pinned_as_pyproject_asks(group: str) -> None:
    versions = pinned(group)
    for requirement in PYPROJECT["dependency-groups"][group]:
        if isinstance(requirement, str):
            name, version = requirement.lower().split("==")
            assert versions[name.partition("[")[0]] == {version}, "run: make pin"
        else:
            included = pinned(requirement["include-group"])
            assert included.items() <= versions.items(), "run: make pin"


def test_every_group_has_a_file() -> None:
    assert {*GROUPS, *APART} == set(PYPROJECT["dependency-groups"])
    assert {path.stem for path in REQUIREMENTS.iterdir()} == {*GROUPS, *APART}


def test_groups_that_share_an_environment_have_the_same_versions() -> None:
    together: dict[str, set[str]] = {}
    for group in GROUPS:
        for name, versions in pinned(group).items():
            assert together.setdefault(name, versions) == versions, name
