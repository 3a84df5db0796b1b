"""Run checks side by side and keep what they print until it is wanted."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from checks.catalogue import Check
from toolchain import environment

# "=== 12 passed, 1 skipped in 3.45s ===" (pytest) and "Success! 5 passed, 0 failed." (terraform)
_CLOSING_LINE = re.compile(r"^(=+ .*\d+ \w+.* in .*=+|(Success|Failure)! \d+ passed, .*)$", re.M)
_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|deselected)\b")
# What tests/bakes closes with.
_REMARK = re.compile(r"^\d+ faults injected, .*$", re.M)
_PROGRESS = re.compile(r"\[ *(\d+%)\]")


@dataclass(frozen=True)
class Result:
    """How a check ended.

    Attributes:
        started: when it did, in seconds of `time.monotonic`.
        seconds: how long it took.
        cpu_seconds: of all its processes, user and system.
        output: all that its commands printed.
        counts: its tests by outcome (`passed`, `failed` …); empty for a check without tests.
        remark: the summary that its tests give of themselves.
    """

    check: Check
    passed: bool
    started: float
    seconds: float
    cpu_seconds: float
    output: str
    counts: Counter[str] = field(default_factory=Counter)
    remark: str = ""

    @property
    def ended(self) -> float:
        return self.started + self.seconds


@dataclass
class Running:
    """A check under way, and the file it prints into."""

    check: Check
    log: Path

    def progress(self) -> str:
        """`integration tests 40%`, or the name alone where nothing tells how far it is."""
        output = self.log.read_text(errors="replace") if self.log.exists() else ""
        shown = _PROGRESS.findall(output)
        return f"{self.check.name} {shown[-1]}" if shown else self.check.name


def run_all(
    checks: Sequence[Check],
    logs: Path,
    at_once: int,
    still_running: Callable[[list[str]], None],
    every: float = 30,
) -> Iterator[Result]:
    """Yield results as they come.

    Args:
        logs: a folder for what the checks print.
        at_once: how many run side by side.
        still_running: told what is under way when ``every`` seconds brought no result.
    """
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        under_way: dict[Future[Result], Running] = {}
        for number, check in enumerate(checks):
            running = Running(check, logs / f"{number:02}.log")
            under_way[pool.submit(run, running)] = running
        while under_way:
            done, _ = wait(under_way, timeout=every, return_when=FIRST_COMPLETED)
            if not done:
                still_running([r.progress() for f, r in under_way.items() if f.running()])
            for future in done:
                del under_way[future]
                yield future.result()


def run(running: Running) -> Result:
    check, started, cpu_seconds, code = running.check, time.monotonic(), 0.0, 0
    with running.log.open("w") as log:
        for command in check.commands:
            process = subprocess.Popen(
                command,
                cwd=check.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            # The usage of a process includes that of the processes which it has waited for.
            _, status, usage = os.wait4(process.pid, 0)
            cpu_seconds += usage.ru_utime + usage.ru_stime
            code = process.returncode = os.waitstatus_to_exitcode(status)
            if code:
                break
    output = running.log.read_text(errors="replace")
    return Result(
        check,
        code == 0,
        started,
        time.monotonic() - started,
        cpu_seconds,
        output,
        count_tests(output),
        remark="".join(_REMARK.findall(output)[-1:]),
    )


def count_tests(output: str) -> Counter[str]:
    """The tests by outcome, from the line with which pytest or `terraform test` closes."""
    lines = [match.group() for match in _CLOSING_LINE.finditer(output)]
    found = _COUNT.findall(lines[-1]) if lines else []
    return Counter({outcome: int(number) for number, outcome in found if int(number)})
