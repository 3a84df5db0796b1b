"""`python -m checks [lint] [unit] …`: run these groups; all, if none."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from checks.catalogue import GROUPS, at_once, catalogue, cores
from checks.runner import Result, run_all
from toolchain import TOOLS
from toolchain.times import Times
from workspace import copy_repository


def main() -> int:
    parser = argparse.ArgumentParser(prog="checks", description=__doc__)
    parser.add_argument("groups", nargs="*", help=f"of {', '.join(GROUPS)}; by default all")
    wanted = parser.parse_args().groups or GROUPS
    if unknown := set(wanted) - set(GROUPS):
        parser.error(f"unknown group: {', '.join(sorted(unknown))}; known: {', '.join(GROUPS)}")

    console = Console(highlight=False, soft_wrap=True)
    started = time.monotonic()
    copy = copy_repository(TOOLS / "checks" / "repository")
    checks = [check for check in catalogue(copy) if check.group in wanted]
    console.print(f"{len(checks)} checks, side by side on {cores()} cores")

    def still_running(names: list[str]) -> None:
        console.print(f"[dim]{'…':8}{', '.join(names)} ({time.monotonic() - started:.0f} s)[/]")

    results = []
    for result in run_all(checks, logs_folder(), at_once(), still_running):
        results.append(result)
        console.print(line(result))
    return report(console, results, time.monotonic() - started, Times.read())


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


def report(
    console: Console, results: list[Result], seconds: float, setup: Times | None = None
) -> int:
    """Print what failed, where the time went and, as pytest closes, the sum of all tests.

    Args:
        seconds: how long all checks took together.
        setup: how long the set-up before them took.

    Returns:
        The exit code.
    """
    failed = [result for result in results if not result.passed]
    for result in failed:
        console.rule(f"[bold red]{result.check.name}[/]")
        console.print(result.output.rstrip(), markup=False)
    console.print(times(results, seconds, setup))
    if failed:
        names = ", ".join(result.check.name for result in failed)
        console.print(f"[bold red]{len(failed)} of {len(results)} checks failed:[/] {names}")
    else:
        console.print(f"[green]all {len(results)} checks passed[/]")
    colour = "red" if failed else "green"
    closing = f" {summary(counts(results)) or 'no tests'} in {seconds:.2f}s "
    console.print(f"[{colour}]{closing:=^80}[/]")
    return 1 if failed else 0


def times(results: list[Result], seconds: float, setup: Times | None) -> Table:
    """A row for each group, with the time from the start of its first check to the end of its last
    one. Groups run side by side, so these add up to more than the whole."""
    table = Table("group", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("tests", "wall time", "CPU time"):
        table.add_column(column, justify="right")
    if setup:
        table.add_row("set-up", "", minutes(setup.seconds), minutes(setup.cpu_seconds))
    for group in dict.fromkeys(result.check.group for result in results):
        of_group = [result for result in results if result.check.group == group]
        first = min(result.started for result in of_group)
        last = max(result.ended for result in of_group)
        cpu_seconds = sum(result.cpu_seconds for result in of_group)
        table.add_row(group, tests(of_group), minutes(last - first), minutes(cpu_seconds))
    cpu_seconds = sum(result.cpu_seconds for result in results)
    table.add_section()
    if setup:
        seconds, cpu_seconds = seconds + setup.seconds, cpu_seconds + setup.cpu_seconds
    table.add_row("all", tests(results), minutes(seconds), minutes(cpu_seconds))
    return table


def tests(results: list[Result]) -> str:
    return str(counts(results).total() or "")


def counts(results: list[Result]) -> Counter[str]:
    total: Counter[str] = Counter()
    for result in results:
        total.update(result.counts)
    return total


def minutes(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60:02} s" if whole >= 60 else f"{seconds:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
