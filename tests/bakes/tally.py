"""The count of injected faults, which the end of a test run sums up."""

from __future__ import annotations

from dataclasses import dataclass, field

TALLY = "tally"  # the property of a test that holds its count


@dataclass
class Tally:
    """What was injected, and what broke the promise, by the fault."""

    injected: int = 0
    broken: dict[str, list[str]] = field(default_factory=dict)

    def add(self, problems: dict[str, list[str]]) -> None:
        """Count the faults; ``problems`` has those of each fault, none where the promise held."""
        self.injected += len(problems)
        self.broken.update({name: found for name, found in problems.items() if found})

    def count(self, kind: str) -> int:
        return sum(
            any(problem.startswith(kind) for problem in problems)
            for problems in self.broken.values()
        )

    def __str__(self) -> str:
        return (
            f"{self.injected} faults injected, {self.count('lost')} lost, "
            f"{self.count('duplicated')} duplicated, {self.count('left')} left behind"
        )
