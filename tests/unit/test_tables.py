"""The READMEs' tables of inputs and outputs are what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

import configuration
import tables


@pytest.mark.parametrize("folder", tables.FOLDERS, ids=lambda folder: folder.name)
def test_the_tables_are_up_to_date(folder: Path) -> None:
    readme = (folder / "README.md").read_text()
    assert readme == tables.with_tables(readme, folder), "run: python tools/tables.py"


def test_every_module_is_looked_at() -> None:
    modules = {path.name for path in (configuration.REPOSITORY / "modules").iterdir()}
    assert {folder.name for folder in tables.FOLDERS} >= modules


def test_a_table_shows_type_default_and_description(tmp_path: Path) -> None:
    (tmp_path / "variables.tf").write_text(
        'variable "size" {\n  type = optional(number, 8)\n  default = null\n'
        "  description = <<-EOT\n    GiB |\n    of the volume.\n  EOT\n}\n"
        'variable "name" {\n  type = string\n  description = "Its \\"name\\"."\n}\n'
    )
    (tmp_path / "outputs.tf").write_text('output "arn" {\n  description = "Its ARN."\n}\n')
    table = tables.tables(tmp_path)
    assert "| `size` | `optional(number, 8)` | `null` | GiB \\| of the volume. |" in table
    assert '| `name` | `string` | required | Its "name". |' in table
    assert "| `arn` | Its ARN. |" in table


def test_a_readme_without_a_place_for_the_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no markers"):
        tables.with_tables("# Module\n", tmp_path)
