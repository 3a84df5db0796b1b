"""Tests here say how many faults they injected; their sum is printed at the end."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import local_aws  # noqa: F401 - before moto, which it prepares
from bakes.tally import TALLY

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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a file share their services, so one worker runs them (``--dist=loadgroup``); those
    of the matrix take long and share none."""
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name != "test_matrix.py":
            item.add_marker(pytest.mark.xdist_group(item.path.name))
