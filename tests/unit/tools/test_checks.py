"""`make test` itself: what it runs, that no failure goes unseen, and where its time goes."""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from checks import catalogue as catalogue_module
from checks.__main__ import line, report
from checks.catalogue import GROUPS, LINT, UNIT, Check, catalogue
from checks.runner import Result, count_tests, run_all
from toolchain.times import Times


def check(name: str, *scripts: str) -> Check:
    """A check whose commands are Python programs."""
    commands = tuple((sys.executable, "-c", script) for script in scripts)
    return Check(name, LINT, Path.cwd(), commands)


def results(checks: list[Check], tmp_path: Path) -> dict[str, Result]:
    found = run_all(checks, tmp_path, 2, lambda names: None)
    return {result.check.name: result for result in found}


def test_a_check_fails_with_its_first_command_that_fails(tmp_path: Path) -> None:
    stopping = check("stopping", "print('one')", "import sys; sys.exit(3)", "print('three')")

    found = results([stopping, check("fine", "print('fine')")], tmp_path)

    assert found["fine"].passed and not found["stopping"].passed
    assert found["stopping"].output == "one\n"


def test_what_the_tests_say_of_themselves_is_passed_on(tmp_path: Path) -> None:
    said = "3 faults injected, 0 lost, 0 duplicated, 0 left behind"
    found = results([check("faults", f"print('{said}')")], tmp_path)
    assert said in line(found["faults"])


def test_checks_run_side_by_side(tmp_path: Path) -> None:
    """Each of the two waits for the other."""
    wait = """
import pathlib, sys, time
pathlib.Path({mine!r}).touch()
end = time.monotonic() + 300
while not pathlib.Path({other!r}).exists():
    if time.monotonic() > end: sys.exit(1)
    time.sleep(0.01)
"""
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    pair = [
        check("a", wait.format(mine=a, other=b)),
        check("b", wait.format(mine=b, other=a)),
    ]

    assert all(result.passed for result in results(pair, tmp_path).values())


def test_what_takes_long_is_reported_with_its_progress(tmp_path: Path) -> None:
    go_on = tmp_path / "go-on"
    script = f"""
import pathlib, time
print("....  [ 40%]", flush=True)
while not pathlib.Path({str(go_on)!r}).exists(): time.sleep(0.01)
"""
    seen: list[str] = []

    def still_running(names: list[str]) -> None:
        seen.extend(names)
        if "tests 40%" in names:
            go_on.touch()

    list(run_all([check("tests", script)], tmp_path, 1, still_running, every=0.05))

    assert "tests 40%" in seen


@pytest.mark.parametrize(
    ("closing", "counts"),
    [
        ("=== 12 passed, 1 skipped in 3.45s (0:00:03) ===", {"passed": 12, "skipped": 1}),
        ("= 1 failed, 2 passed, 3 errors in 0.5s =", {"failed": 1, "passed": 2, "errors": 3}),
        ("Success! 5 passed, 0 failed.", {"passed": 5}),
        ("Failure! 4 passed, 1 failed, 2 skipped.", {"passed": 4, "failed": 1, "skipped": 2}),
        ("Success! The configuration is valid.", {}),
    ],
)
def test_tests_are_counted_from_the_closing_line(closing: str, counts: dict[str, int]) -> None:
    assert count_tests(f"a test that printed 99 passed\n{closing}\n") == counts


def test_the_processor_time_of_a_check_is_that_of_all_its_processes(tmp_path: Path) -> None:
    """Two commands, and a process that the second one starts."""
    work = """
import time
while time.process_time() < 0.2: pass
"""
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"

    found = results([check("work", work, start)], tmp_path)["work"]

    assert found.cpu_seconds > 0.4


def result(name: str, **counts: int) -> Result:
    """That of a check which began after 100 s, took 90 s, and two processors for 60 s of them."""
    return Result(
        check(name), not counts.get("failed"), 100, 90, 120, "what went wrong", Counter(counts)
    )


def test_the_report_ends_with_the_sum_of_all_tests_and_fails_when_one_check_did() -> None:
    good, bad = result("a", passed=40), result("b", passed=2, failed=1)
    out = io.StringIO()

    code = report(
        Console(file=out, width=80),
        [good, bad],
        2.5,
    )

    lines = out.getvalue().splitlines()
    assert code == 1
    assert "what went wrong" in lines
    assert "1 of 2 checks failed: b" in lines
    assert lines[-1].strip("=") == " 42 passed, 1 failed in 2.50s "


def test_the_report_says_where_the_time_went() -> None:
    """A group's wall time is that from its first start to its last end."""
    later = replace(result("b", passed=7), started=150)
    tests = replace(result("c", passed=40), check=replace(check("c"), group=UNIT))
    out = io.StringIO()

    report(Console(file=out, width=80), [result("a"), later, tests], 200, Times(12.3, 5))

    rows = [re.split(r"  +", line.strip()) for line in out.getvalue().splitlines()]
    assert ["group", "tests", "wall time", "CPU time"] in rows
    assert ["set-up", "12.3 s", "5.0 s"] in rows
    assert ["lint", "7", "2 min 20 s", "4 min 00 s"] in rows
    assert ["unit", "40", "1 min 30 s", "2 min 00 s"] in rows
    assert ["all", "47", "3 min 32 s", "6 min 05 s"] in rows


def test_every_group_has_checks_and_a_new_script_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_module, "ROOT", tmp_path)
    (tmp_path / "new.sh").touch()

    found = {check.name: check for check in catalogue(tmp_path)}

    assert {check.group for check in found.values()} == set(GROUPS)
    assert "new.sh" in found["shellcheck"].commands[0]
