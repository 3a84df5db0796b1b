"""`python -m checks [lint] [unit] …`: run these groups; all, if none."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from rich.console import Console

from checks.catalogue import GROUPS, catalogue, cores
from checks.runner import Result, run_all
from toolchain import TOOLS
from workspace import copy_repository


def main() -> int:
    parser = argparse.ArgumentParser(prog="checks", description=__doc__)
    parser.add_argument("groups", nargs="*", help=f"of {', '.join(GROUPS)}; all if none is named")
    wanted = parser.parse_args().groups or GROUPS
    if unknown := set(wanted) - set(GROUPS):
        parser.error(f"there is no group {', '.join(unknown)}; there are {', '.join(GROUPS)}")

    console = Console(highlight=False, soft_wrap=True)
    started = time.monotonic()
    copy = copy_repository(TOOLS / "checks" / "repository")
    checks = [check for check in catalogue(copy) if check.group in wanted]
    console.print(f"{len(checks)} checks, side by side on {cores()} cores")

    def still_running(names: list[str]) -> None:
        console.print(f"[dim]{'…':8}{', '.join(names)} ({time.monotonic() - started:.0f} s)[/]")

    results = []
    # Few: the integration and unit tests have workers of their own, and Terraform takes 1 GB.
    at_once = 1 + max(1, cores() // 2)
    for result in run_all(checks, logs_folder(), at_once, still_running):
        results.append(result)
        console.print(line(result))
    return report(console, results, time.monotonic() - started)


def logs_folder() -> Path:
    logs = TOOLS / "checks" / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    return logs


def line(result: Result) -> str:
    mark = "[green]ok[/]      " if result.passed else "[bold red]FAILED[/]  "
    told = "; ".join(filter(None, (summary(result.counts), result.remark)))
    return f"{mark}{result.check.name:44}{result.seconds:7.1f} s  {told}"


def summary(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {outcome}" for outcome, number in counts.items())


def report(console: Console, results: list[Result], seconds: float) -> int:
    """Print what failed and, last, all tests in one line as pytest closes; the exit code."""
    failed = [result for result in results if not result.passed]
    for result in failed:
        console.rule(f"[bold red]{result.check.name}[/]")
        console.print(result.output.rstrip(), markup=False)
    total: Counter[str] = Counter()
    for result in results:
        total.update(result.counts)
    if failed:
        names = ", ".join(result.check.name for result in failed)
        console.print(f"[bold red]{len(failed)} of {len(results)} checks failed:[/] {names}")
    else:
        console.print(f"[green]all {len(results)} checks passed[/]")
    colour = "red" if failed else "green"
    closing = f" {summary(total) or 'no tests'} in {seconds:.2f}s "
    console.print(f"[{colour}]{closing:=^80}[/]")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
