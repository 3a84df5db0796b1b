"""`python -m toolchain [PART …]`: set up these parts of the toolchain, by default all.

They go into `.venv` and `.tools`. Python's standard library and git are all it takes. What is there
already stays as it is, so a second run takes a moment.
"""

from __future__ import annotations

import argparse
import fcntl
import importlib.util
import platform
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from toolchain import CHECKOV, TOOLS, VENV, SetupError
from toolchain.commands import say
from toolchain.packages import GROUPS, Installer, install_packages
from toolchain.simulator import install_simulator
from toolchain.terraform import install_provider, install_terraform
from toolchain.times import Times


def check_prerequisites() -> None:
    """Look for what a machine has to bring.

    Raises:
        SetupError: for the first thing that is missing.
    """
    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs before any version is settled
        raise SetupError(f"Python 3.11 or newer is needed; this is {platform.python_version()}")
    if not shutil.which("git"):
        raise SetupError("git is needed and not on the PATH: install it with the system's packages")
    if not importlib.util.find_spec("pip") and not importlib.util.find_spec("ensurepip"):
        major, minor = sys.version_info[:2]
        raise SetupError(
            f"{sys.executable} has neither pip nor ensurepip: install its venv package "
            f"(Debian and Ubuntu: apt install python{major}.{minor}-venv)"
        )


def parts(installer: Installer) -> dict[str, Callable[[], object]]:
    """What sets up each part, in the order needed: the simulator runs on a packaged Node.js."""
    return {
        **{group: partial(install_packages, group, VENV, installer) for group in GROUPS},
        "checkov": partial(install_packages, "checkov", CHECKOV, installer),
        "simulator": install_simulator,
        "terraform": install_terraform,
        "provider": lambda: install_provider(install_terraform()),
    }


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Wait until no other process sets up this folder."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another set-up of this folder")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def cpu_seconds() -> float:
    """The processor time of this process and of those that it has waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main(arguments: Sequence[str] | None = None, tools: Path = TOOLS) -> None:
    available = parts(Installer())
    parser = argparse.ArgumentParser(prog="toolchain", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(available))
    wanted = parser.parse_args(arguments).parts or list(available)
    if unknown := set(wanted) - set(available):
        parser.error(f"unknown part: {', '.join(sorted(unknown))}; known: {', '.join(available)}")
    started = time.monotonic()
    try:
        check_prerequisites()
        with one_at_a_time(tools / "setup.lock"):
            for part, set_up in available.items():
                if part in wanted:
                    set_up()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        sys.exit(2)
    Times(time.monotonic() - started, cpu_seconds()).write(tools)


if __name__ == "__main__":
    main()
