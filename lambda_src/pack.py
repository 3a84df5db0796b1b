"""Packs the function: ``python lambda_src/pack.py`` writes modules/baker/baker.zip.

The same source gives the same bytes on every machine: files are stored, not compressed, in the
order of their names, with a fixed date and mode. So the zip lives in the repository, and whoever
uses the module needs no Python where Terraform runs.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
PACKAGE = SOURCE / "baker"
ZIP = SOURCE.parent / "modules" / "baker" / "baker.zip"

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
_MODE = 0o100644 << 16


def packed() -> bytes:
    """The zip that the source builds."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as zipped:
        for path in sorted(PACKAGE.rglob("*.py")):
            entry = zipfile.ZipInfo(path.relative_to(SOURCE).as_posix(), _DATE)
            entry.create_system = 3  # Unix, wherever it is packed: the mode is one of its own
            entry.external_attr = _MODE
            zipped.writestr(entry, path.read_bytes())
    return archive.getvalue()


if __name__ == "__main__":
    ZIP.write_bytes(packed())
