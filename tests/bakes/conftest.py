"""Tests here say how many faults they injected; their sum is printed at the end."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

TALLY = "tally"
_PARTS = ("faults injected", "lost", "duplicated", "left behind")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    total: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, text in getattr(report, "user_properties", []):
                if name == TALLY and report.when == "call":
                    total.update(
                        {part: int(number) for number, part in re.findall(r"(\d+) ([a-z ]+)", text)}
                    )
    if total:
        terminalreporter.write_line(", ".join(f"{total[part]} {part}" for part in _PARTS))


@pytest.fixture(autouse=True)
def _process_of_its_own() -> None:
    """The account of these tests is their process's own; nothing is shared with other tests."""
