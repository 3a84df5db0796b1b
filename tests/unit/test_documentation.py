"""Markdown files refer to what exists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from baker.bake import steps
from toolchain import ROOT

README_WORDS = 1_800
FENCE = re.compile(r"^```.*?^```$", re.M | re.S)
CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r'\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"')
TARGET = re.compile(r"^([a-z-]+):.*?##", re.M)
COMMAND = re.compile(r"(?:^|`)make(?: ([a-z-]+))?", re.M)
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def links(text: str) -> Iterator[str]:
    """What a page links to within the repository."""
    for match in LINK.finditer(CODE.sub("", FENCE.sub("", text))):
        target = match[1] or match[2]
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    found: Counter[str] = Counter()
    slugs = set()
    for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.M):
        shown = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", shown).replace(" ", "-")
        slugs.add(f"{slug}-{found[slug]}" if found[slug] else slug)
        found[slug] += 1
    return slugs


def broken_links(page: Path) -> list[str]:
    broken = []
    for link in links(page.read_text()):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            broken.append(link)
    return broken


def unknown_targets(text: str, makefile: str) -> set[str]:
    """The targets of commands in a page that the Makefile does not have."""
    commands = "\n".join([*FENCE.findall(text), *CODE.findall(FENCE.sub("", text))])
    used = {target for target in COMMAND.findall(commands) if target}
    return used - set(TARGET.findall(makefile))


def test_pages_are_found() -> None:
    assert {"README.md", "CONTRIBUTING.md", "docs/architecture.md"} <= set(names(PAGES))


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    assert not broken_links(page)


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_commands_are_targets_of_the_makefile(page: Path) -> None:
    assert not unknown_targets(page.read_text(), (ROOT / "Makefile").read_text())


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# One, two\n\n## `c` of [d](e)\n\n# One, two\n")
    page = tmp_path / "page.md"
    page.write_text(
        "# Top\n[a](there.md) [b](gone.md) [c](there.md#one-two) [d](there.md#c-of-d)\n"
        "[e](there.md#one-two-1) [f](there.md#three) [g](#top) [h](#bottom) `[i](no.md)`\n"
        '<img src="no.svg">\n```\n[j](no.md)\n```\n[k](https://example.com/no.md)\n'
    )
    assert broken_links(page) == ["gone.md", "there.md#three", "#bottom", "no.svg"]


def test_an_unknown_target_is_found() -> None:
    page = "We make sense: `make good`, `make bad KEEP=1`.\n```sh\nmake worse # now\n```\n"
    assert unknown_targets(page, "good: ## Do.\n\techo\n") == {"bad", "worse"}


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().split()) <= README_WORDS


@pytest.mark.parametrize("capture", ["live", "standby"])
def test_the_architecture_lists_the_steps_of_a_bake_in_their_order(capture: str) -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    table = page.partition("### The steps")[2].partition("###")[0]
    other = {"live": "standby", "standby": "live"}[capture]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \|", table, re.M)
    listed = [name for name, when in rows if f"`{other}`" not in when]
    functions = [getattr(step.run, "func", step.run) for step in steps(capture)]
    assert listed == [function.__name__ for function in functions]
