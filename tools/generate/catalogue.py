"""The list of generated files: a new one is one line here.

Measurements are not in it, as they take minutes: `make permissions` writes docs/permissions.md,
which its tests compare, and `make bench` writes docs/benchmarks.md. docs/interface.json records a
release: `python -m interface` writes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import configuration
import pack
from generate import messages, operations, overview, tables
from structure import counts
from toolchain import ROOT


@dataclass(frozen=True)
class Generated:
    """A generated file.

    Attributes:
        path: from the repository's folder.
        render: returns its content.
    """

    path: str
    render: Callable[[], str | bytes]

    def content(self) -> bytes:
        rendered = self.render()
        return rendered.encode() if isinstance(rendered, str) else rendered

    def is_stale(self, root: Path = ROOT) -> bool:
        file = root / self.path
        return not file.is_file() or file.read_bytes() != self.content()

    def write(self, root: Path = ROOT) -> None:
        file = root / self.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self.content())


GENERATED = (
    Generated("docs/inputs.md", tables.inputs_page),
    *(
        Generated(f"{name}/README.md", partial(tables.readme, folder))
        for name, folder in configuration.folders().items()
        if name != "."
    ),
    Generated("docs/messages.md", messages.page),
    Generated("local_aws/COVERAGE.md", operations.page),
    Generated("docs/overview-light.svg", partial(overview.picture, overview.LIGHT)),
    Generated("docs/overview-dark.svg", partial(overview.picture, overview.DARK)),
    Generated("docs/structure.md", counts.page),
    Generated("modules/baker/baker.zip", pack.packed),
)
