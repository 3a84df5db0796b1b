"""`python -m structure`: print the counts; fails when one misses its goal."""

from __future__ import annotations

import sys

from structure.counts import counts
from structure.modules import Package
from structure.walk import walk


def main() -> int:
    package = Package()
    all_counts = counts(package, walk(package))
    for count in all_counts:
        print(f"{count.value:6.3g}  (at most {count.goal:3g})  {count.what}")
    for problem in [*package.upward_imports, *package.circle]:
        print(problem)
    return 0 if all(count.is_met for count in all_counts) else 1


if __name__ == "__main__":
    sys.exit(main())
