"""Tables of inputs and outputs; `test_generate` sees that they are up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

import configuration
from generate import tables


def test_a_table_shows_type_default_and_description(tmp_path: Path) -> None:
    (tmp_path / "variables.tf").write_text(
        'variable "size" {\n  type = optional(number, 8)\n  default = null\n'
        "  description = <<-EOT\n    GiB |\n    of the volume.\n  EOT\n}\n"
        'variable "name" {\n  type = string\n  description = "Its \\"name\\"."\n}\n'
    )
    (tmp_path / "outputs.tf").write_text('output "arn" {\n  description = "Its ARN."\n}\n')
    table = tables.tables(configuration.read(tmp_path), "##")
    assert "| `size` | `optional(number, 8)` | `null` | GiB \\| of the volume. |" in table
    assert '| `name` | `string` | required | Its "name". |' in table
    assert "| `arn` | Its ARN. |" in table


def module(folder: Path, readme: str) -> Path:
    (folder / "variables.tf").write_text('variable "name" {\n  type = string\n}\n')
    (folder / "README.md").write_text(readme)
    return folder


def test_a_readme_keeps_all_but_its_tables(tmp_path: Path) -> None:
    text = tables.readme(
        module(tmp_path, f"# Module\n\n{tables.BEGIN}\nold\n{tables.END}\n\nThe end.\n")
    )
    assert text.startswith(f"# Module\n\n{tables.BEGIN}\n\n### Inputs\n")
    assert text.endswith(f"\n\n{tables.END}\n\nThe end.\n")
    assert "old" not in text
    assert "| `name` | `string` | required |" in text


def test_a_readme_without_a_place_for_the_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no markers"):
        tables.readme(module(tmp_path, "# Module\n"))
