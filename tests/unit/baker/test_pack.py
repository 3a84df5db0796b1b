from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pack


def test_the_zip_in_the_repository_is_what_the_source_builds() -> None:
    assert pack.ZIP.read_bytes() == pack.packed(), "run: python lambda_src/pack.py"


def test_the_zip_depends_on_nothing_but_the_source(tmp_path: Path) -> None:
    for path in pack.PACKAGE.rglob("*.py"):
        copy = tmp_path / path.relative_to(pack.SOURCE)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
        copy.chmod(0o600)
    (tmp_path / "pack.py").write_bytes((pack.SOURCE / "pack.py").read_bytes())
    build = "import sys, pack; sys.stdout.buffer.write(pack.packed())"
    built = subprocess.run(
        [sys.executable, "-c", build], cwd=tmp_path, capture_output=True, check=True
    ).stdout
    assert built == pack.packed()


def test_the_handler_is_in_the_zip_and_readable_by_lambda() -> None:
    with zipfile.ZipFile(io.BytesIO(pack.packed())) as zipped:
        entry = zipped.getinfo("baker/entry.py")
        assert entry.external_attr >> 16 == 0o100644
        assert entry.compress_type == zipfile.ZIP_STORED
