"""Python packages: virtual environments with what tools/requirements pins."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from toolchain import ROOT, TOOLS, SetupError
from toolchain.commands import checksum, run, say, shown

REQUIREMENTS = ROOT / "tools" / "requirements"
# The groups of pyproject.toml: those that may be in one environment, and those that may not.
GROUPS = ("demo", "test", "permissions", "lint", "bench")
APART = ("checkov", "uv")


class Installer:
    """Installs packages with uv, or with pip where uv is not available: pip takes much longer.

    Args:
        tools: where uv is kept.
        pip: its command; by default `find_pip` finds it.
    """

    def __init__(self, tools: Path = TOOLS, pip: Sequence[str | Path] = ()) -> None:
        self.tools = tools
        self._pip = pip

    def install(self, requirements: Path, python: Path) -> None:
        """Install what a file pins into the environment of an interpreter.

        Raises:
            SetupError: when pip cannot do it either.
        """
        # All packages are listed with their versions, so there is nothing to resolve. Modules are
        # compiled when they are first imported: most of them never are.
        options: list[str | Path] = ["--quiet", "--no-deps", "--requirement", requirements]
        try:
            run(
                [self.uv, "pip", "install", "--python", python, *options],
                f"uv could not install {shown(requirements)}",
                self.uv_environment,
            )
        except SetupError as error:
            say(f"{error}\nsetup: using pip instead, which takes longer")
            run(
                [*self.pip, "--python", python, "install", "--no-compile", *options],
                f"pip could not install {shown(requirements)}",
            )

    @cached_property
    def pip(self) -> tuple[str | Path, ...]:
        return tuple(self._pip) or find_pip(self.tools)

    @cached_property
    def uv(self) -> Path:
        """The pinned uv; pip installs it.

        Raises:
            SetupError: when pip cannot do it.
        """
        folder, requirements = self.tools / "uv", REQUIREMENTS / "uv.txt"
        stamp, wanted = folder / "installed.sha256", checksum(requirements.read_bytes())
        if not stamp.is_file() or stamp.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            options: list[str | Path] = ["--target", folder, "--requirement", requirements]
            options += ["--quiet", "--no-deps", "--no-compile", "--disable-pip-version-check"]
            run(
                [*self.pip, "install", *options],
                "pip could not install uv",
                # Users may have pip install into virtual environments or their home folder only.
                {**os.environ, "PIP_REQUIRE_VIRTUALENV": "0", "PIP_USER": "0"},
            )
            stamp.write_text(wanted)
        return folder / "bin" / "uv"

    @cached_property
    def uv_environment(self) -> dict[str, str]:
        """This process's environment, and what pip is configured with: uv does not read that."""
        command = [*self.pip, "config", "list"]
        listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        return {**uv_variables(pip_settings(listed)), **os.environ}


def find_pip(tools: Path) -> tuple[str | Path, ...]:
    """The command of this Python's pip, or of one in `.tools/pip` where Python came without it."""
    if importlib.util.find_spec("pip"):
        return (sys.executable, "-m", "pip")
    venv = tools / "pip"
    if not (venv / "bin" / "pip").exists():
        create_environment(venv)
    return (venv / "bin" / "python", "-m", "pip")


def pip_settings(listed: str) -> dict[str, str]:
    """The settings for an installation by option, from the output of `pip config list`."""
    settings: dict[str, dict[str, str]] = {}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        section, _, option = name.rpartition(".")
        settings.setdefault(section, {})[option] = ast.literal_eval(value)
    # A later section takes precedence.
    sections = (settings.get(section, {}) for section in ("global", "install", ":env:"))
    return {option: value for section in sections for option, value in section.items()}


def uv_variables(settings: Mapping[str, str]) -> dict[str, str]:
    """uv's variables for the indexes that pip uses.

    https://docs.astral.sh/uv/reference/environment/
    """
    variables = {
        "UV_DEFAULT_INDEX": settings.get("index-url", ""),
        "UV_INDEX": " ".join(settings.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(settings.get("find-links", "").split()),
        "UV_INSECURE_HOST": " ".join(settings.get("trusted-host", "").split()),
        "SSL_CERT_FILE": settings.get("cert", ""),
        # pip takes a version from any index that has it; uv looks only into the first index that
        # has the package.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    return {name: value for name, value in variables.items() if value}


def install_packages(
    group: str, venv: Path, installer: Installer, requirements: Path = REQUIREMENTS
) -> None:
    """Install a group of packages into a virtual environment, unless it is there.

    The environment grows by one group after the other. It is created again when the group, or
    Python, has other versions than those installed, and after an interrupted installation.

    Args:
        group: one of pyproject.toml's; its file in ``requirements`` is complete.

    Raises:
        SetupError: when it cannot be installed.
    """
    file = requirements / f"{group}.txt"
    wanted = checksum(file.read_bytes())
    record = venv / "installed.json"
    installed = json.loads(record.read_text()) if record.is_file() else {}
    usable = installed.get("python") == sys.version and (venv / "bin" / "python").exists()
    if usable and installed.get(group) == wanted:
        return
    say(f"installing the Python packages for {group} into {shown(venv)}")
    started = time.monotonic()
    record.unlink(missing_ok=True)
    if not usable or group in installed:
        installed = {"python": sys.version}
        create_environment(venv, "--without-pip")
    installer.install(file, venv / "bin" / "python")
    record.write_text(json.dumps({**installed, group: wanted}))
    say(f"installed the packages for {group} in {time.monotonic() - started:.0f} s")


def create_environment(venv: Path, *options: str) -> None:
    """Create a virtual environment; one that is there already is replaced."""
    command = [sys.executable, "-m", "venv", "--clear", *options, str(venv)]
    run(command, f"Python could not create the virtual environment {shown(venv)}")
