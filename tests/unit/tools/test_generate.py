"""Generated files are those that today's sources generate."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from generate import overview
from generate.catalogue import GENERATED, Generated


@pytest.mark.parametrize("file", GENERATED, ids=lambda file: file.path)
def test_a_generated_file_is_up_to_date(file: Generated) -> None:
    assert not file.is_stale(), f"{file.path} is stale: run `make generate`"


def test_a_file_is_stale_until_it_is_written(tmp_path: Path) -> None:
    file = Generated("docs/page.md", lambda: "text\n")

    assert file.is_stale(tmp_path)
    file.write(tmp_path)
    assert not file.is_stale(tmp_path)
    (tmp_path / "docs" / "page.md").write_text("older text\n")
    assert file.is_stale(tmp_path)


@pytest.mark.parametrize("theme", [overview.LIGHT, overview.DARK])
def test_the_overview_is_an_image_with_a_description(theme: overview.Theme) -> None:
    root = ElementTree.fromstring(overview.picture(theme))
    parts = {part.tag.rpartition("}")[2]: part.text for part in root}
    assert parts["title"] and parts["desc"]
