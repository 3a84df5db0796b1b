"""How long the last set-up took, for the table at the end of `make test`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from toolchain import TOOLS


@dataclass(frozen=True)
class Times:
    """Attributes:
    seconds: of wall time.
    cpu_seconds: of all its processes, user and system.
    """

    seconds: float
    cpu_seconds: float

    def write(self, tools: Path = TOOLS) -> None:
        (tools / "setup.json").write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, tools: Path = TOOLS) -> Times | None:
        """The last set-up's; nothing before the first one."""
        written = tools / "setup.json"
        return cls(**json.loads(written.read_text())) if written.is_file() else None
