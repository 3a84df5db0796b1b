from __future__ import annotations

from pathlib import Path

import configuration
from configuration import Input, Module, Move, Output


def test_a_module_is_read_from_all_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "variables.tf").write_text(
        'variable "size" {\n  type = object({ gib = optional(number, 8) })\n  default = {}\n'
        "  nullable = false\n  description = <<-EOT\n    GiB\n    of the volume.\n  EOT\n"
        '  validation {\n    condition = var.size.gib > 0\n    error_message = "Too \\"small\\"."\n'
        "  }\n}\n"
    )
    (tmp_path / "other.tf").write_text(
        'variable "name" {\n  type = string\n}\n'
        'output "arn" {\n  value = 1\n  description = "Its ARN."\n}\n'
        'resource "aws_sns_topic" "failed" {}\ndata "aws_region" "current" {}\n'
        'module "key" {\n  source = "./key"\n}\n'
        "moved {\n  from = aws_sns_topic.old\n  to = aws_sns_topic.failed\n}\n"
    )

    assert configuration.read(tmp_path) == Module(
        inputs=(
            Input("name", "string", None, True, ""),
            Input(
                "size",
                "object({gib = optional(number, 8)})",
                "{}",
                False,
                "GiB of the volume.",
                (("var.size.gib > 0", 'Too "small".'),),
            ),
        ),
        outputs=(Output("arn", "Its ARN."),),
        addresses=("aws_sns_topic.failed", "data.aws_region.current", "module.key"),
        moves=(Move("aws_sns_topic.old", "aws_sns_topic.failed"),),
    )


def test_all_modules_of_the_repository_are_found() -> None:
    modules = {f"modules/{path.name}" for path in (configuration.REPOSITORY / "modules").iterdir()}
    assert configuration.folders().keys() == {".", *modules}
